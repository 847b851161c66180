import {
  createSigner,
  createTrustStore,
  type SignatureData,
  type Signer,
  signAsUser,
  type TrustStore,
  verifyUserSignature,
} from '../src/index.ts';
import { createTestAuthority, type TestAuthority } from '../src/testing/index.ts';

/** The test issuer's certificate begins an hour before it is made. */
export const NOW = new Date();
export const TEXT = 'Jag ansluter mig till "Mina meddelanden" – åäö <b> & €.\nRad två.';
export const PERSON = '192705178354';
export const NAME = 'Tolvan Å. Tolvansson';
export const MAX_AGE_MS = 900_000;

/** An e-ID issuer of its own, as the register trusts it, and a person's key. */
export interface Eid {
  issuer: TestAuthority;
  trust: TrustStore;
  signer: Signer;
  signerOf(personId: string, name: string, options?: { days?: number; notBefore?: Date }): Promise<Signer>;
}

export async function createEid(): Promise<Eid> {
  // The subject attribute is the same for organisations and persons: serialNumber, 2.5.4.5.
  const issuer = await createTestAuthority({ name: 'Test e-ID' });
  const signerOf: Eid['signerOf'] = async (organizationNumber, commonName, options) => {
    const issued = await issuer.issue({
      organizationNumber,
      commonName,
      notBefore: new Date('2026-01-01'),
      ...options,
    });
    return createSigner({ privateKeyPem: issued.keyPem, certificatePem: issued.certPem });
  };
  return { issuer, trust: createTrustStore([issuer.caPem]), signer: await signerOf(PERSON, NAME), signerOf };
}

export function sign(eid: Eid, changes: Partial<Parameters<typeof signAsUser>[0]> = {}): Promise<SignatureData> {
  return signAsUser({ text: TEXT, nonce: 'nonce-1', signer: eid.signer, signedAt: NOW, ...changes });
}

export function verifyWith(
  eid: Pick<Eid, 'trust'>,
  data: SignatureData,
  changes: Partial<Parameters<typeof verifyUserSignature>[1]> = {},
) {
  const options = { trust: eid.trust, now: NOW, expectedText: TEXT, maxAgeMs: MAX_AGE_MS, ...changes };
  return verifyUserSignature(data, options);
}

export function withDocument(data: SignatureData, change: (xml: string) => string): SignatureData {
  return { ...data, Signature: Buffer.from(change(data.Signature.toString())) };
}
