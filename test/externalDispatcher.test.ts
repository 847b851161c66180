import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createPool, migrate, type Pool } from '@brevduva/base';
import { createRegister } from '@brevduva/far';
import { certificateHash, createCredentialAdmin, createHubAdmin, HUB_MIGRATIONS } from '@brevduva/hub';
import { createCaseActions } from '../packages/hub/src/cases.ts';
import { type Ecosystem, MUNICIPALITY, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { ADDRESS, getLetter, handIn, letterTo, waitFor } from './support/hubClient.ts';
import { printedLetters } from './support/printed.ts';
import { crashAt, killHub, startHubProcess, writeHubOptions } from './support/startHubProcess.ts';

/**
 * Alternative B of design 8 with our own hub on both sides: the municipality's (A) signs and decides whether a letter goes there, the
 * company's (B) seals, delivers and prints. B is a process of its own, so that it can be killed.
 */
const COMPANY = '165591628135';
let world: Ecosystem;
let companyPool: Pool;
let company: ChildProcess;
let optionsFile: string;

before(async () => {
  world = await startEcosystem({ withHub: false });
  const { authority, keys, pools, dir } = world.world;
  const databaseUrl = await world.world.addParty('company');
  const companyKeys = await authority.issue({ organizationNumber: COMPANY, commonName: 'Utskicksbolaget' });
  companyPool = createPool({ connectionString: databaseUrl, applicationName: 'test', allowExitOnIdle: true });
  await migrate(companyPool, HUB_MIGRATIONS, { log: world.hubOptions.log });
  await createRegister(pools.far).addDispatcher(COMPANY, 'Utskicksbolaget', [MUNICIPALITY]);
  await setUpCustomer(keys.municipality.certPem);
  const port = await freePort();
  optionsFile = await writeHubOptions(world, {
    ...world.hubOptions,
    databaseUrl,
    node: 'company',
    dispatcher: companyKeys,
    senders: [],
    systems: {
      host: '127.0.0.1',
      port,
      tls: { key: companyKeys.keyPem, cert: companyKeys.certPem, ca: authority.caPem },
    },
    paperDir: join(dir, 'company-paper'),
  });
  company = (await startHubProcess(optionsFile)).process;
  await world.startHub();
  await pools.hub.query('update organisation set dispatchers = $1::jsonb', [
    JSON.stringify([
      {
        ...{ code: 'bolaget', number: COMPANY, name: 'Utskicksbolaget', url: `https://localhost:${port}/Message/v3` },
        ...{ takes: 'digitalAndPaper', asksRegister: 'us', addresses: 'metadata', allFlows: true },
        ...{ pendingHours: 24, pollFirstSeconds: 1, pollMinutesMax: 1 },
      },
    ]),
  ]);
});
after(async () => {
  await killHub(company);
  await companyPool.end();
  await world.close();
});

/** The municipality as the company has it: a customer with a way in for what it has signed. */
async function setUpCustomer(certPem: string): Promise<void> {
  await createHubAdmin(companyPool).putOrganisation({
    organizationNumber: MUNICIPALITY,
    name: 'Kommun A',
    returnAddress: { name: 'Kommun A', lines: ['Torget 1'], postalCode: '123 45', city: 'Staden' },
    support: { text: 'Ring växeln.' },
    units: [{ code: 'kund', name: 'Kommun A' }],
    flows: [{ code: 'post', name: 'Post', unit: 'kund', channelPolicy: 'digitalFirst' }],
    systems: [{ name: 'Kommunens Brevduva', apiKey: 'bd_company_0123456789abcdef0123456789ab' }],
  });
  const { rows } = await companyPool.query(
    `update business_system set ways_in = '{"message":{"flow":"post"}}' returning code`,
  );
  const of = { organizationNumber: MUNICIPALITY, systemCode: rows[0].code };
  const credential = { kind: 'certificate', hash: certificateHash(certPem), by: 'test' } as const;
  await createCredentialAdmin(companyPool).add(of, credential);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

async function send(recipient: string, changes: Parameters<typeof letterTo>[1] = {}): Promise<string> {
  const { status, json } = await handIn(world.hubUrl, letterTo(recipient, changes));
  assert.equal(status, 201, JSON.stringify(json));
  return json.id;
}

const ended = (id: string) => waitFor(world.hubUrl, id, ({ final, status }) => final || status === 'case');
const kindsOf = ({ events }: { events: readonly { kind: string }[] }) => events.map(({ kind }) => kind);
/** Asked now rather than when the delays have grown. */
const askNow = () =>
  world.world.pools.hub.query(
    `update letter set due_at = now() where stage in ('deliver', 'confirm') and lease_id is null`,
  );

describe('letters by somebody else’s dispatcher', () => {
  test('to a mailbox: signed by the municipality, sealed by the company, with its answer for a receipt', async () => {
    const letter = await ended(await send(PEOPLE.atFirst));
    assert.deepEqual([letter.status, letter.channel], ['delivered', 'dispatcher']);
    assert.equal(letter.decision?.rule, 'externalDispatcher');
    const [receipt] = letter.receipts;
    assert.equal(receipt?.delivered, true);
    assert.deepEqual(
      [receipt.proof['dispatcher'], receipt.proof['answeredType'], receipt.proof['answeredStatus']],
      ['Utskicksbolaget', 'Digital', 'Delivered'],
    );
    assert.equal(await world.deliveriesTo(PEOPLE.atFirst), 1);
    const { rows } = await world.world.pools.first.query('select signed_by_name, sealed_by_name from letter');
    assert.match(rows[0].signed_by_name, /Kommun A/);
    assert.match(rows[0].sealed_by_name, /Utskicksbolaget/);
  });

  test('to one without a mailbox: printed there, to the address that went along; nothing is printed at home', async () => {
    const letter = await ended(await send(PEOPLE.notRegistered, { address: ADDRESS }));
    assert.deepEqual([letter.status, letter.channel], ['printed', 'dispatcher']);
    assert.equal(letter.receipts[0]?.proof['answeredType'], 'Paper');
    const distribution = letter.receipts[0]?.proof['distributionId'];
    const printed = (await printedLetters(join(world.world.dir, 'company-paper'))).map((one) => one.letter);
    assert.ok(printed.includes(String(distribution)), printed.join());
    const atHome = await printedLetters(world.world.paperDir);
    assert.ok(!atHome.some((one) => one.letter === letter.id));
    const { rows } = await companyPool.query('select address from letter where id = $1', [distribution]);
    assert.deepEqual([rows[0].address.name, rows[0].address.city], [ADDRESS.name, ADDRESS.city]);
  });

  test('that a person stops there: pending until then, and then a person’s here', async () => {
    const id = await send(PEOPLE.notRegistered);
    const pending = await waitFor(world.hubUrl, id, (letter) => kindsOf(letter).includes('dispatcherPending'));
    assert.deepEqual([pending.status, pending.stage], ['waiting', 'confirm']);
    const { rows } = await companyPool.query(
      'select organisation_id, id from manual_case where closed_at is null order by opened_at desc limit 1',
    );
    await createCaseActions(companyPool, () => undefined).cancel(rows[0].organisation_id, rows[0].id, { name: 'Siv' });
    await askNow();
    const letter = await ended(id);
    assert.deepEqual([letter.status, letter.case?.reason], ['case', 'noChannel']);
    assert.equal(letter.receipts[0]?.delivered, false);
    assert.ok(kindsOf(letter).includes('dispatcherFailed'));
  });

  test('that never leave the house: a flow for digital mail only, one for paper only', async () => {
    const [digital, paper] = await Promise.all([
      send(PEOPLE.atSecond, { flow: 'digitalt' }).then(ended),
      send(PEOPLE.atSecond, { flow: 'papper', address: ADDRESS }).then(ended),
    ]);
    assert.deepEqual([digital.channel, paper.channel], ['digital', 'paper']);
  });

  for (const point of ['resolve:claimed', 'deliver:worked']) {
    test(`the company’s hub dies at ${point}: one letter all the same, and never paper at home`, async () => {
      const earlier = await world.deliveriesTo(PEOPLE.atSecond);
      await crashAt(company, point);
      const dead = once(company, 'exit');
      const id = await send(PEOPLE.atSecond, { address: ADDRESS });
      await dead;
      await askNow();
      const meanwhile = await getLetter(world.hubUrl, id);
      assert.ok(!meanwhile.final && meanwhile.channel === 'dispatcher', JSON.stringify(meanwhile));
      company = (await startHubProcess(optionsFile)).process;
      await askNow();
      const letter = await ended(id);
      assert.deepEqual([letter.status, letter.channel], ['delivered', 'dispatcher']);
      assert.equal(await world.deliveriesTo(PEOPLE.atSecond), earlier + 1);
    });
  }
});
