import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { describeSchema } from '@brevduva/base';
import { createTestDatabase, type TestDatabase } from '@brevduva/base/testing';
import { MAILBOX_MIGRATIONS } from '../src/index.ts';

const SCHEMA_FILE = new URL('../src/sql/schema.sql', import.meta.url);
let database: TestDatabase;

before(async () => {
  database = await createTestDatabase({ party: 'mailbox', migrations: MAILBOX_MIGRATIONS });
});
after(() => database.close());

/** After a new migration: `BREVDUVA_WRITE_SCHEMA=1 node --import tsx --test packages/mailbox/test/schema.test.ts`. */
test('the migrations give exactly the schema that is written down', async () => {
  const schema = await describeSchema(database.pool);
  if (process.env['BREVDUVA_WRITE_SCHEMA'] === '1') writeFileSync(SCHEMA_FILE, schema);
  assert.equal(readFileSync(SCHEMA_FILE, 'utf8'), schema);
});
