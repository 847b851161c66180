import { createHash, X509Certificate } from 'node:crypto';
import { type Clock, createPool } from '@brevduva/base';
import { type Actors, createActors } from '@brevduva/far';
import { SAMPLE_OPERATORS, SAMPLE_ORGANISATIONS, SERVICE_COMPANY } from '../dev/sample/organizations.ts';
import type { Certificates } from './certificates.ts';
import type { Database } from './database.ts';
import { REGISTER_ENVIRONMENT } from './parties.ts';
import { TOPOLOGY_FACTS, type Topology } from './topology.ts';

/** Who has registered what this installation registers by itself; the audit trail says so. */
const BY = { subject: 'brevduva-up', name: 'brevduva up' };

/**
 * Registers each party's certificate with FaR, as the parties would have done when they connected. A certificate that was
 * made anew since the last start takes the place of the one before; those that people have registered stay.
 */
export async function registerCertificates(options: {
  database: Pick<Database, 'urls'>;
  certificates: Certificates;
  clock: Clock;
  topology?: Topology;
}): Promise<void> {
  const { database, certificates, clock, topology = 'a' } = options;
  const { hubOf, hasCompanyHub } = TOPOLOGY_FACTS[topology];
  const company = hubOf === 'service' || hasCompanyHub ? [SERVICE_COMPANY] : [];
  const pool = createPool({ connectionString: database.urls.far, applicationName: 'brevduva seed', max: 1 });
  try {
    const actors = createActors({ pool, clock, environment: REGISTER_ENVIRONMENT, ca: certificates.caPem });
    for (const { key, organizationNumber } of [...SAMPLE_ORGANISATIONS, ...SAMPLE_OPERATORS, ...company]) {
      await registerOne(actors, organizationNumber, certificates.of(key).certPem);
    }
  } finally {
    await pool.end();
  }
}

async function registerOne(actors: Actors, organizationNumber: string, certificate: string): Promise<void> {
  const { certificates } = await actors.read(organizationNumber);
  const fingerprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex');
  if (certificates.some((one) => one.fingerprint === fingerprint)) return;
  const isReplaced = (one: (typeof certificates)[number]) => one.registeredBy === BY.name && one.retiredAt === null;
  for (const old of certificates.filter(isReplaced)) {
    const reason = 'Ersatt av ett nytt när Brevduva startade.';
    await change(actors, organizationNumber, (ref) =>
      actors.change.retireCertificate(BY, ref, { fingerprint: old.fingerprint, reason }),
    );
  }
  await change(actors, organizationNumber, (ref) =>
    actors.change.addCertificate(BY, ref, { certificate, purposes: ['tls', 'signing'] }),
  );
}

/** A change is made to the actor as it stands now. */
async function change(
  actors: Actors,
  organizationNumber: string,
  work: (ref: { organizationNumber: string; version: number }) => Promise<void>,
): Promise<void> {
  const { version } = await actors.read(organizationNumber);
  await work({ organizationNumber, version });
}
