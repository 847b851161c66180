import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError } from '@brevduva/base';
import { applyConfiguration } from '../src/organisation/applyConfiguration.ts';
import { compareConfiguration } from '../src/organisation/compareConfiguration.ts';
import type {
  CredentialSettings,
  OrganisationConfiguration,
  SystemSettings,
} from '../src/organisation/configuration.ts';
import { exportConfiguration } from '../src/organisation/exportConfiguration.ts';
import { readConfiguration } from '../src/organisation/readConfiguration.ts';
import { selectChanges, selectConfiguration } from '../src/sql/configuration.ts';
import { selectCredential } from '../src/sql/credentials.ts';
import { randomConfiguration, seededRandom } from './support/configurations.ts';
import { createHubDatabase, MUNICIPALITY, OTHER_MUNICIPALITY } from './support/hubDatabase.ts';

type Database = Awaited<ReturnType<typeof createHubDatabase>>;
let database: Database;
before(async () => {
  database = await createHubDatabase();
});
after(() => database.close());

const BY = { by: 'Astrid Ståhl' };
const apply = (wanted: OrganisationConfiguration, options: Partial<Parameters<typeof applyConfiguration>[2]> = {}) =>
  applyConfiguration(database.pool, wanted, { ...BY, ...options });

async function current(number = MUNICIPALITY): Promise<OrganisationConfiguration> {
  const found = await selectConfiguration(database.pool, number);
  assert.ok(found);
  return found.configuration;
}

/** The configuration as it is, changed. */
async function changed(change: Partial<OrganisationConfiguration>): Promise<OrganisationConfiguration> {
  return { ...(await current()), ...change };
}

async function changeSystem(code: string, change: Partial<SystemSettings>): Promise<OrganisationConfiguration> {
  const { systems } = await current();
  return changed({ systems: systems.map((system) => (system.code === code ? { ...system, ...change } : system)) });
}

const credential = (digit: string, change: Partial<CredentialSettings> = {}): CredentialSettings => ({
  kind: 'apiKey',
  sha256: digit.repeat(64),
  label: '',
  validFrom: undefined,
  validUntil: undefined,
  ...change,
});

const hashOf = ({ sha256 }: CredentialSettings) => Buffer.from(sha256, 'hex');

async function refused(work: () => Promise<unknown>, code: string): Promise<AppError> {
  const before = await Promise.all([current(), current(OTHER_MUNICIPALITY), countChanges()]);
  const error = await work()
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, code);
  const now = await Promise.all([current(), current(OTHER_MUNICIPALITY), countChanges()]);
  assert.deepEqual(now, before, 'a refusal changes nothing');
  return error;
}

async function countChanges(): Promise<number> {
  const { rows } = await database.pool.query('select count(*)::integer as count from configuration_change');
  return rows[0].count;
}

describe('applying a configuration', () => {
  it('what was applied, exported and read changes nothing, from any state to any other', async () => {
    for (let seed = 0; seed < 25; seed += 1) {
      const wanted = randomConfiguration(MUNICIPALITY, seededRandom(seed));
      const expected = compareConfiguration(await current(), wanted);
      assert.deepEqual((await apply(wanted)).changes, expected);
      assert.deepEqual(await current(), wanted, `seed ${seed}`);
      const file = readConfiguration(await exportConfiguration(database.pool, MUNICIPALITY));
      assert.ok(file.ok, JSON.stringify(file));
      const changes = await countChanges();
      assert.deepEqual((await apply(file.configuration)).changes, [], `seed ${seed}`);
      assert.equal(await countChanges(), changes, 'nothing is recorded when nothing changes');
    }
  });

  it('makes an organisation that is new', async () => {
    const number = '162021002973' as typeof MUNICIPALITY;
    const wanted = randomConfiguration(number, seededRandom(77));
    const { organisationId, changes } = await apply(wanted);
    assert.ok(changes.every(({ kind }) => kind === 'added'));
    assert.deepEqual(await current(number), wanted);
    assert.equal((await selectChanges(database.pool, organisationId, 1000)).length, changes.length);
  });

  it('leaves every other organisation as it was', async () => {
    const before = await current(OTHER_MUNICIPALITY);
    await apply(randomConfiguration(MUNICIPALITY, seededRandom(105)));
    assert.deepEqual(await current(OTHER_MUNICIPALITY), before);
  });

  it('records who changed what, before and after, and the record cannot be changed', async () => {
    const { organisation } = await current();
    const wanted = await changed({ organisation: { ...organisation, name: 'Kommun A med nytt namn' } });
    await apply(wanted, { by: 'Jussi Mäkelä' });
    const [latest] = await selectChanges(database.pool, database.organisationId, 1);
    assert.ok(latest);
    const { id: _, appliedId: __, at, ...record } = latest;
    assert.ok(at instanceof Date);
    assert.deepEqual(record, {
      actor: 'Jussi Mäkelä',
      kind: 'changed',
      path: 'organisation',
      field: 'name',
      before: organisation.name,
      after: 'Kommun A med nytt namn',
    });
    for (const statement of ['delete from configuration_change', `update configuration_change set actor = 'x'`]) {
      await assert.rejects(database.pool.query(statement), /append-only/);
    }
  });

  it('retires what is in use and takes it back, with its id', async () => {
    await apply(randomConfiguration(MUNICIPALITY, seededRandom(101)));
    const full = await current();
    const ids = async () => {
      const { rows } = await database.pool.query(
        `select 'unit' as what, code, id from unit where organisation_id = $1 union all
         select 'flow', code, id from flow where organisation_id = $1 union all
         select 'system', code, id from business_system where organisation_id = $1 order by 1, 2`,
        [database.organisationId],
      );
      return rows;
    };
    const before = await ids();
    await apply(await changed({ units: [], flows: [], systems: [] }));
    assert.deepEqual((await current()).systems, []);
    assert.deepEqual(await ids(), before, 'nothing is deleted');
    await apply({ ...full, systems: full.systems.map((system) => ({ ...system, credentials: undefined })) });
    assert.deepEqual(await ids(), before, 'nothing is made twice');
    assert.deepEqual((await current()).flows, full.flows);
    assert.ok(
      (await current()).systems.every(({ credentials }) => credentials?.length === 0),
      'its keys do not come back',
    );
  });

  it('two at the same instant: one after the other, and who has seen another difference is told', async () => {
    const a = randomConfiguration(MUNICIPALITY, seededRandom(108));
    const b = randomConfiguration(MUNICIPALITY, seededRandom(109));
    const seen = async (wanted: OrganisationConfiguration) => compareConfiguration(await current(), wanted);
    const options = [await seen(a), await seen(b)];
    const results = await Promise.allSettled([
      apply(a, { seen: options[0] ?? [] }),
      apply(b, { seen: options[1] ?? [] }),
    ]);
    const lost = results.filter((result) => result.status === 'rejected');
    assert.equal(lost.length, 1);
    assert.ok(lost[0]?.reason instanceof AppError && lost[0].reason.code === 'HUB_CONFIGURATION_MOVED');
    const winner = results[0]?.status === 'fulfilled' ? a : b;
    assert.deepEqual(await current(), winner);
  });
});

describe('credentials of the file', () => {
  before(async () => {
    await apply({
      ...randomConfiguration(MUNICIPALITY, seededRandom(102)),
      flows: [],
      systems: [system('ett'), system('tva')],
    });
  });

  const system = (code: string): SystemSettings => ({
    code,
    name: `System ${code}`,
    unit: undefined,
    lane: 'normal',
    flows: [],
    waysIn: {},
    credentials: [],
  });

  it('several are valid at once; one that is left out is revoked at once, and stays so', async () => {
    const [old, young] = [credential('1'), credential('2', { label: 'från 2027' })];
    await apply(await changeSystem('ett', { credentials: [old, young] }));
    for (const each of [old, young]) {
      const found = await selectCredential(database.pool, 'apiKey', hashOf(each));
      assert.deepEqual([found?.system.code, found?.refusal], ['ett', undefined]);
    }
    await apply(await changeSystem('ett', { credentials: [young] }));
    assert.equal((await selectCredential(database.pool, 'apiKey', hashOf(old)))?.refusal, 'revoked');
    const error = await refused(
      async () => apply(await changeSystem('ett', { credentials: [old, young] })),
      'HUB_CONFIGURATION_CREDENTIAL',
    );
    assert.deepEqual(
      error.faults.map(({ path }) => path),
      ['systems/ett/credentials/apiKey-1111111111111111'],
    );
    assert.match(error.faults[0]?.text ?? '', /återkallad/);
    await refused(async () => apply(await changeSystem('tva', { credentials: [old] })), 'HUB_CONFIGURATION_CREDENTIAL');
  });

  it('a file that says nothing of them leaves them; validity is changed in place', async () => {
    await apply(await changeSystem('ett', { credentials: [credential('3')] }));
    await apply(await changeSystem('ett', { credentials: undefined, name: 'Nytt namn' }));
    assert.equal((await current()).systems[0]?.credentials?.length, 1);
    const ended = credential('3', { validUntil: '2020-01-01T00:00:00.000Z' });
    const { changes } = await apply(await changeSystem('ett', { credentials: [ended] }));
    assert.deepEqual(
      changes.map(({ kind, field }) => [kind, field]),
      [['changed', 'validUntil']],
    );
    assert.equal((await selectCredential(database.pool, 'apiKey', hashOf(ended)))?.refusal, 'expired');
    const later = credential('3', { validFrom: '2099-01-01T00:00:00.000Z' });
    await apply(await changeSystem('ett', { credentials: [later] }));
    assert.equal((await selectCredential(database.pool, 'apiKey', hashOf(later)))?.refusal, 'notYetValid');
  });

  it('one of another system is refused, here and in another organisation, and not told whose it is', async () => {
    const mine = credential('4', { kind: 'certificate' });
    await apply(await changeSystem('ett', { credentials: [mine] }));
    const here = await refused(
      async () => apply(await changeSystem('tva', { credentials: [mine] })),
      'HUB_CONFIGURATION_CREDENTIAL',
    );
    assert.match(here.faults[0]?.text ?? '', /hör redan till ett annat system/);
    const other = await current(OTHER_MUNICIPALITY);
    const stolen = { ...other, systems: other.systems.map((each) => ({ ...each, credentials: [mine] })) };
    const there = await refused(() => apply(stolen), 'HUB_CONFIGURATION_CREDENTIAL');
    assert.doesNotMatch(there.faults[0]?.text ?? '', /Kommun|ett\b.*System ett/);
    assert.equal((await selectCredential(database.pool, 'certificate', hashOf(mine)))?.system.code, 'ett');
  });

  it('may move between two systems in one file, and those of a retired system open nothing', async () => {
    const mine = credential('5');
    await apply(await changeSystem('ett', { credentials: [mine] }));
    const { systems } = await current();
    const moved = systems.map((each) => ({ ...each, credentials: each.code === 'tva' ? [mine] : [] }));
    await apply(await changed({ systems: moved }));
    assert.equal((await selectCredential(database.pool, 'apiKey', hashOf(mine)))?.system.code, 'tva');
    await apply(await changed({ systems: moved.filter(({ code }) => code !== 'tva') }));
    assert.equal((await selectCredential(database.pool, 'apiKey', hashOf(mine)))?.refusal, 'revoked');
  });
});
