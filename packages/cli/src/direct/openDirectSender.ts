import { join } from 'node:path';
import { systemClock } from '@brevduva/base';
import { createSigner, createSoapClient } from '@brevduva/protocol';
import { SAMPLE_MUNICIPALITY } from '../dev/sample/organizations.ts';
import { openCertificates } from '../up/certificates.ts';
import { createDirectSender, type DirectSender } from './directSender.ts';

const LIMITS = { connectTimeoutMs: 5_000, answerTimeoutMs: 60_000, answerBytesMax: 8 * 1024 * 1024 };

/**
 * A business system of the sample municipality in the data folder. The municipality's own certificate is sender's and dispatcher's at
 * once: FaR knows it as both in this topology.
 */
export async function openDirectSender(
  folder: string,
  farUrl: string,
): Promise<{ readonly sender: DirectSender; readonly close: () => void }> {
  const certificates = await openCertificates(join(folder, 'certificates'), () => systemClock.now());
  const { keyPem, certPem } = certificates.of('municipality');
  const soap = createSoapClient({ tls: certificates.tlsOf('municipality'), ...LIMITS });
  const sender = createDirectSender({
    ...{ soap, farUrl, organisation: SAMPLE_MUNICIPALITY, folder: join(folder, 'direct'), clock: systemClock },
    signer: createSigner({ privateKeyPem: keyPem, certificatePem: certPem }),
  });
  return { sender, close: () => soap.close() };
}
