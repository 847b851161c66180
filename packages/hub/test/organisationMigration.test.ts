import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLog, migrate } from '@brevduva/base';
import { createTestDatabase, type TestDatabase } from '@brevduva/base/testing';
import { HUB_MIGRATIONS } from '../src/migrations.ts';
import { secretHash } from '../src/organisation/credential.ts';
import { recognise } from '../src/organisation/recognise.ts';
import { selectConfiguration } from '../src/sql/configuration.ts';

/** A hub of the first version, with two organisations, goes on with its keys and flows. */
const OWN = '01990000-0000-7000-8000-00000000000a';
const OTHER = '01990000-0000-7000-8000-00000000000b';
let database: TestDatabase;
before(async () => {
  database = await createTestDatabase({ party: 'hub', migrations: HUB_MIGRATIONS.slice(0, 2) });
  const { pool } = database;
  for (const [id, number] of [
    [OWN, '162021004748'],
    [OTHER, '162021003898'],
  ]) {
    await pool.query(
      `insert into organisation (id, organization_number, name, return_address, support)
       values ($1, $2, 'Kommun', '{"name": "K", "lines": ["T 1"], "postalCode": "123 45", "city": "S"}', '{"text": "x"}')`,
      [id, number],
    );
    await pool.query(`insert into unit values ($1, gen_random_uuid(), 'bygg', 'Bygg')`, [id]);
    await pool.query(
      `insert into flow (organisation_id, id, unit_id, code, name, channel_policy)
       select $1, gen_random_uuid(), id, 'beslut', 'Beslut', 'digitalFirst' from unit where organisation_id = $1`,
      [id],
    );
  }
  for (const [n, [organisation, name]] of [
    [OWN, 'Byggärenden & Åtgärder (öst)'],
    [OWN, 'BYGGÄRENDEN – åtgärder öst'],
    [OWN, '???'],
    [OTHER, 'Byggärenden & Åtgärder (öst)'],
  ].entries()) {
    await pool.query(
      'insert into business_system (organisation_id, id, name, api_key_hash) values ($1, gen_random_uuid(), $2, $3)',
      [organisation, name, secretHash(`bd_key_${n}`)],
    );
  }
  await migrate(pool, HUB_MIGRATIONS, { log: createLog({ service: 'test', level: 'silent' }) });
});
after(() => database.close());

test('every key opens its own system, which may send all that it could before', async () => {
  const codes: string[] = [];
  for (const n of [0, 1, 2, 3]) {
    const found = await recognise(database.pool, { kind: 'apiKey', hash: secretHash(`bd_key_${n}`) });
    assert.ok(found.ok);
    assert.equal(found.system.organisationId, n === 3 ? OTHER : OWN);
    assert.deepEqual(found.system.flows, ['beslut']);
    codes.push(found.system.code);
  }
  assert.deepEqual(codes.slice(0, 2).sort(), ['byggarenden-atgarder-ost', 'byggarenden-atgarder-ost-2']);
  assert.deepEqual(codes.slice(2), ['system', 'byggarenden-atgarder-ost']);
});

test('what is there reads as a configuration with defaults', async () => {
  const found = await selectConfiguration(database.pool, '162021004748');
  assert.ok(found);
  const [flow] = found.configuration.flows;
  assert.deepEqual([flow?.lane, flow?.retentionDays, flow?.sensitivity], ['interactive', 365, 'normal']);
  assert.equal(found.configuration.systems.length, 3);
});
