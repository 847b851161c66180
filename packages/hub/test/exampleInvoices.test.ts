import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { startDropFolderHub, told } from './support/dropFolder.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));

test('examples/utskick-faktura is taken in with the settings of examples/lillkoping', { timeout: 60_000 }, async () => {
  const configuration = parse(await readFile(`${EXAMPLES}/lillkoping/organisation.yaml`, 'utf8'));
  const system = configuration.systems.find(({ code }: { code: string }) => code === 'ekonomisystemet');
  // Renamed at the end, as skicka.sh does it: what is waited for is not what is shown here.
  const hub = await startDropFolderHub({
    settings: { ...system.waysIn.dropFolder, flow: 'beslut', completeWhen: 'renamed' },
  });
  try {
    const names = (await readdir(`${EXAMPLES}/utskick-faktura/filer`)).sort((a, b) => Number(a > b) - Number(a < b));
    const files = await Promise.all(
      names.map(async (name) => [name, await readFile(`${EXAMPLES}/utskick-faktura/filer/${name}`)] as const),
    );
    const result = await hub.handIn(Object.fromEntries(files), 'fakturor.csv');
    assert.deepEqual(told(result), ['2 accepted', '3 accepted', '4 accepted']);
    assert.equal(result.understoodAs, 'CSV i Windows-1252 med semikolon');
    const { rows } = await hub.pool.query('select reference, subject, address from letter order by reference');
    assert.deepEqual(
      rows.map(({ reference, subject }) => [reference, subject]),
      ['70012', '70020', '70038'].map((number) => [number, 'Faktura från Lillköpings kommun']),
    );
    assert.equal(rows[0].address.name, 'Åsa Öberg');
  } finally {
    await hub.close();
  }
});
