import { createSigner, type Signer } from '@brevduva/protocol';
import { openKeptAuthority } from '../authority.ts';

const ISSUER_NAME = 'Utvecklingslegitimation utfärdare';
const MINUTE_MS = 60_000;
/** Clocks of two machines differ. */
const BACKDATE_MS = 5 * MINUTE_MS;
/** Longer than any register takes a signature after it was made (15 minutes), and not much longer. */
const CERTIFICATE_LIFE_MS = 60 * MINUTE_MS;

/** The e-ID's own issuer: another than the one that issues certificates to organisations. */
export interface PersonSigners {
  /** PEM. What a register trusts as issuer of e-ID. */
  readonly caPem: string;
  /** A new key with a certificate for one signature of the person; the key is kept nowhere. Takes about 0.2 s. */
  signerFor(person: { personalNumber: string; name: string }): Promise<Signer>;
}

/** Opens the issuer kept in `folder`, made the first time. */
export async function openPersonSigners(folder: string, now: () => Date): Promise<PersonSigners> {
  const authority = await openKeptAuthority(folder, ISSUER_NAME, now);
  return {
    caPem: authority.caPem,
    async signerFor(person) {
      const atMs = now().getTime();
      const notBefore = new Date(atMs - BACKDATE_MS);
      const notAfter = new Date(atMs + CERTIFICATE_LIFE_MS);
      const issued = await authority.issueForPerson({ ...person, notBefore, notAfter });
      return createSigner({ privateKeyPem: issued.keyPem, certificatePem: issued.certPem });
    },
  };
}
