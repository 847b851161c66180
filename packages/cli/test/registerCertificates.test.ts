import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '@brevduva/base';
import { createTestDatabase } from '@brevduva/base/testing';
import { createActors, FAR_MIGRATIONS } from '@brevduva/far';
import { SAMPLE_MUNICIPALITY } from '../src/dev/sample/organizations.ts';
import { openCertificates } from '../src/up/certificates.ts';
import { REGISTER_ENVIRONMENT } from '../src/up/parties.ts';
import { registerCertificates } from '../src/up/registerCertificates.ts';
import { seedConnections } from '../src/up/seed.ts';

const folder = await mkdtemp(join(tmpdir(), 'brevduva-certificates-'));
after(() => rm(folder, { recursive: true, force: true }));

test('each party’s certificate is registered once; a renewed one takes the place of the old, others stay', async (t) => {
  const { pool, url, close } = await createTestDatabase({ party: 'far', migrations: FAR_MIGRATIONS });
  t.after(close);
  const database = { urls: { far: url, hub: '', hub_service: '', mailbox_brevladan: '', mailbox_posthornan: '' } };
  const address = (port: number) => ({ soapUrl: `https://localhost:${port}/service/v3`, webUrl: 'http://localhost/' });
  await seedConnections(database, { brevladan: address(1), posthornan: address(2) });

  const first = await openCertificates(join(folder, 'first'), () => new Date());
  const { organizationNumber } = SAMPLE_MUNICIPALITY;
  const actors = createActors({ pool, clock: systemClock, environment: REGISTER_ENVIRONMENT, ca: first.caPem });
  const inUse = async () =>
    (await actors.read(organizationNumber)).certificates.filter(({ retiredAt }) => retiredAt === null);
  for (const _start of [1, 2]) await registerCertificates({ database, certificates: first, clock: systemClock });
  const [registered, ...more] = await inUse();
  assert.deepEqual([registered?.registeredBy, registered?.purposes, more], ['brevduva up', ['tls', 'signing'], []]);

  const second = await openCertificates(join(folder, 'second'), () => new Date());
  await registerCertificates({ database, certificates: second, clock: systemClock });
  const [renewed, ...others] = await inUse();
  assert.ok(renewed !== undefined && renewed.fingerprint !== registered?.fingerprint);
  assert.deepEqual(others, []);
  const history = (await actors.read(organizationNumber)).history.map(({ what }) => what);
  assert.deepEqual(history.slice(0, 3), ['certificateAdded', 'certificateRetired', 'certificateAdded']);
});
