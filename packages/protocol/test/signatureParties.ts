import { createSigner, createTrustStore, type SecureDelivery, type Signer, type TrustStore } from '../src/index.ts';
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from '../src/testing/index.ts';

export interface SigningParties {
  authority: TestAuthority;
  senderCertificate: IssuedCertificate;
  sender: Signer;
  dispatcher: Signer;
  trust: TrustStore;
}

export async function createSigningParties(): Promise<SigningParties> {
  const authority = await createTestAuthority({ name: 'Testutfärdare' });
  const senderCertificate = await authority.issue({
    organizationNumber: '162021004748',
    commonName: 'Kommun A, "å" & <b>',
  });
  const dispatcherCertificate = await authority.issue({ organizationNumber: '162021003898', commonName: 'Förmedlare' });
  return {
    authority,
    senderCertificate,
    sender: signerOf(senderCertificate),
    dispatcher: signerOf(dispatcherCertificate),
    trust: createTrustStore([authority.caPem]),
  };
}

export function signerOf({ keyPem, certPem }: IssuedCertificate): Signer {
  return createSigner({ privateKeyPem: keyPem, certificatePem: certPem });
}

export const SEAL = { ReceivedTime: '2026-11-23+01:00', SignaturesOK: true };

/** A letter with everything that has to be escaped. */
export function testDelivery(attachmentBytes = 300): SecureDelivery {
  return {
    Header: {
      Sender: { Id: '162021004748', Name: 'Kommun A & <B>' },
      Recipient: '192705178354',
      Reference: 'a\tb\nc\rd',
    },
    Message: [
      {
        Header: {
          Id: '3f1a7f8e-64a5-4f0f-8a1b-0d6a2b7f9c55',
          Subject: 'Beslut – "åäö" €😀 \'>',
          Supportinfo: { Text: 'Kontakta oss' },
          Metadata: [],
          Language: 'svSE',
        },
        Body: { ContentType: 'text/plain', Body: Buffer.from('Hej!') },
        Attachment: [
          {
            ContentType: 'application/pdf',
            Body: Buffer.alloc(attachmentBytes, 'pdf'),
            Checksum: 'DDB0C170A9145291740E6D9B7253C6A1',
            Filename: 'beslut & bilaga.pdf',
          },
        ],
      },
    ],
  };
}
