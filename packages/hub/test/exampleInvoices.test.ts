import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { startDropFolderHub, told, zipOf } from './support/dropFolder.ts';

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
    const paid = await hub.pool.query('select invoice from letter order by reference');
    assert.deepEqual(
      paid.rows.map(({ invoice }) => [invoice.amountHundredths, invoice.account.number, invoice.reference.text]),
      [
        [124_500, '9912346', '700120'],
        [89_050, '9912346', '700203'],
        [1_240_000, '9912346', '700385'],
      ],
    );

    const zip = await hub.handIn({ 'fakturor.zip': await zipOf(Object.fromEntries(files)) });
    assert.deepEqual(told(zip), ['2 duplicate', '3 duplicate', '4 duplicate'], 'an archive of the same is the same');

    const invoices = JSON.stringify({ ...system.waysIn.invoices, flow: 'beslut' });
    await hub.pool.query(`update business_system set ways_in = ways_in || jsonb_build_object('invoices', $1::jsonb)`, [
      invoices,
    ]);
    const peppol = await readFile(`${EXAMPLES}/utskick-faktura/peppol/faktura-70046.xml`);
    assert.deepEqual(told(await hub.handIn({ 'faktura-70046.xml': peppol })), ['1 accepted']);
    const [found] = (await hub.pool.query(`select subject, recipient, invoice from letter where reference = '70046'`))
      .rows;
    assert.deepEqual(
      [found.subject, found.recipient, found.invoice.amountHundredths, found.invoice.reference.text],
      ['Faktura 70046 från Lillköpings kommun', '165568402266', 312_550, '700468'],
    );
  } finally {
    await hub.close();
  }
});
