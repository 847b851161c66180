/* Writes every party's schema.sql anew from its migrations: `npm run schema`. The parties' tests fail when one is out of date. */
import { writeFile } from 'node:fs/promises';
import { describeSchema, type Migration } from '@brevduva/base';
import { createTestDatabase } from '@brevduva/base/testing';
import { FAR_MIGRATIONS } from '@brevduva/far';
import { HUB_MIGRATIONS } from '@brevduva/hub';
import { MAILBOX_MIGRATIONS } from '@brevduva/mailbox';

const PARTIES: Readonly<Record<string, readonly Migration[]>> = {
  far: FAR_MIGRATIONS,
  hub: HUB_MIGRATIONS,
  mailbox: MAILBOX_MIGRATIONS,
};

for (const [party, migrations] of Object.entries(PARTIES)) {
  const database = await createTestDatabase({ party, migrations });
  const file = new URL(`../packages/${party}/src/sql/schema.sql`, import.meta.url);
  await writeFile(file, await describeSchema(database.pool));
  await database.close();
  process.stdout.write(`${party}: ${file.pathname}\n`);
}
