import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestAuthority } from '@brevduva/protocol/testing';
import { type ActorsWorld, createActorsWorld, FREJA } from './actorsSetup.ts';
import { fillSampleRegister, MUNICIPALITY, OPERATOR, SERVED } from './sampleRegister.ts';

const BOTH = ['tls', 'signing'];
const DAY_MS = 86_400_000;

describe('the certificates of an actor', () => {
  let world: ActorsWorld;
  before(async () => {
    world = await createActorsWorld();
    await fillSampleRegister(world.database.pool);
  });
  after(() => world.close());

  const add = async (number: string, certificate: string, purposes: readonly string[] = BOTH) =>
    world.actors.change.addCertificate(FREJA, await world.ref(number), { certificate, purposes });

  it('are registered with what stands in them', async () => {
    const pem = await world.pem(MUNICIPALITY);
    await add(MUNICIPALITY, `Här kommer det:\n${pem}\nHälsningar`);
    const [certificate] = (await world.actors.read(MUNICIPALITY)).certificates;
    assert.match(certificate?.fingerprint ?? '', /^[0-9a-f]{64}$/);
    assert.match(certificate?.subject ?? '', /serialNumber=162021004748/);
    assert.match(certificate?.issuer ?? '', /CN=Utfärdaren/);
    assert.deepEqual(certificate?.purposes, BOTH);
    assert.equal(certificate?.registeredBy, 'Freja Öberg');
    await world.refused(() => add(MUNICIPALITY, pem), 'FAR_CERTIFICATE_KNOWN', /redan registrerat/);
  });

  it('are refused that cannot be read, or are of another organisation, untrusted, or expired', async () => {
    const good = await world.pem(SERVED);
    const foreign = await createTestAuthority({ name: 'Utfärdaren' });
    const untrusted = (await foreign.issue({ organizationNumber: SERVED, commonName: 'x' })).certPem;
    const nameless = (await world.authority.issue({ commonName: 'x' })).certPem;
    const past = new Date(world.now().getTime() - 10 * DAY_MS);
    const issued = await world.authority.issue({ organizationNumber: SERVED, commonName: 'x' });
    for (const [pem, code, text] of [
      ['', 'FAR_CERTIFICATE_UNREADABLE', /från BEGIN CERTIFICATE till END CERTIFICATE/],
      [
        good.replace(/[A-Z]{3}/g, 'AAA').replace('AAATIFICATE', 'CERTIFICATE'),
        'FAR_CERTIFICATE_UNREADABLE',
        /går inte att läsa/,
      ],
      [good + world.authority.caPem, 'FAR_CERTIFICATE_SEVERAL', /flera certifikat i texten/],
      [issued.certPem + issued.keyPem, 'FAR_CERTIFICATE_PRIVATE_KEY', /innehåller en privat nyckel/],
      [await world.pem(OPERATOR), 'FAR_CERTIFICATE_OTHER_ORGANIZATION', /hör inte till organisationen/],
      [nameless, 'FAR_CERTIFICATE_OTHER_ORGANIZATION', /hör inte till organisationen/],
      [untrusted, 'FAR_CERTIFICATE_UNTRUSTED', /inte utfärdat av någon utfärdare som registret litar på/],
      [await world.pem(SERVED, { notBefore: past, days: 9 }), 'FAR_CERTIFICATE_EXPIRED', /har gått ut/],
    ] as const) {
      await world.refused(() => add(SERVED, pem), code, text);
    }
    await world.refused(() => add(SERVED, good, ['king']), 'FAR_ACTOR_INVALID', /purposes: Välj minst ett/);
  });

  it('are two at once for each purpose, while they are exchanged, and no third', async () => {
    await add(OPERATOR, await world.pem(OPERATOR), ['tls']);
    await add(OPERATOR, await world.pem(OPERATOR), ['tls']);
    const third = await world.pem(OPERATOR);
    await world.refused(() => add(OPERATOR, third), 'FAR_CERTIFICATE_TOO_MANY', /redan 2 giltiga certifikat/);
    await add(OPERATOR, await world.pem(OPERATOR), ['signing']);
    const [first] = (await world.actors.read(OPERATOR)).certificates.filter(({ purposes }) => purposes.includes('tls'));
    await world.actors.change.retireCertificate(FREJA, await world.ref(OPERATOR), {
      fingerprint: first?.fingerprint ?? '',
      reason: 'Bytt mot nytt',
    });
    await add(OPERATOR, third);
  });

  it('are retired once, by the actor they belong to, and never come back', async () => {
    const pem = await world.pem(SERVED);
    await add(SERVED, pem);
    const fingerprint = (await world.actors.read(SERVED)).certificates[0]?.fingerprint ?? '';
    const retire = async (number: string, of: string) =>
      world.actors.change.retireCertificate(FREJA, await world.ref(number), {
        fingerprint: of,
        reason: 'Nyckeln har läckt',
      });
    for (const [number, of] of [
      [MUNICIPALITY, fingerprint],
      [SERVED, 'zz'],
      [SERVED, '00'.repeat(32)],
    ] as const) {
      await world.refused(() => retire(number, of), 'FAR_CERTIFICATE_NOT_FOUND', /inget sådant certifikat/);
    }
    await retire(SERVED, fingerprint);
    await world.refused(() => retire(SERVED, fingerprint), 'FAR_CERTIFICATE_NOT_FOUND', /inget sådant/);
    await world.refused(() => add(SERVED, pem), 'FAR_CERTIFICATE_KNOWN', /kan inte tas i bruk igen/);
    const [retired] = (await world.actors.read(SERVED)).certificates;
    assert.deepEqual([retired?.retiredReason, retired?.retiredBy], ['Nyckeln har läckt', 'Freja Öberg']);
  });

  it('are listed before they expire, with whether a successor is there', async () => {
    const soon = async (days: number) =>
      world.pem(SERVED, { notBefore: new Date(world.now().getTime() - DAY_MS), days: days + 1 });
    await add(SERVED, await soon(20), ['tls']);
    const names = async () =>
      (await world.actors.expiringCertificates(10)).map(({ organizationName, hasSuccessor }) => [
        organizationName,
        hasSuccessor,
      ]);
    assert.deepEqual(await names(), [['Kommun B', false]]);
    assert.deepEqual(await world.actors.countAttention(), { attention: 1, inProgress: 0, suspended: 0, expiring: 1 });
    await add(SERVED, await soon(300), ['tls']);
    assert.deepEqual(await names(), [['Kommun B', true]]);
    assert.equal((await world.actors.countAttention()).expiring, 0);
  });
});
