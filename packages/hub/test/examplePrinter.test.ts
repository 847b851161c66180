import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { applyConfiguration } from '../src/organisation/applyConfiguration.ts';
import { loginNameOf } from '../src/organisation/businessSystem.ts';
import { createCredentialAdmin } from '../src/organisation/credentialAdmin.ts';
import { parseConfiguration } from '../src/organisation/parseConfiguration.ts';
import { named } from '../src/waysIn/printer/ippValues.ts';
import { type IntakeHub, startIntakeHub } from './support/intakeHub.ts';
import { jobIdOf, printerClient, told } from './support/printerHub.ts';

/** examples/skrivare is what its README says: the sample organisation's printer makes those letters of the sample printout. */
const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
let hub: IntakeHub;
before(async () => {
  hub = await startIntakeHub({ runsPipeline: true });
});
after(() => hub.close());

test('the sample printout becomes two letters, and one that is to be sorted out', async () => {
  const configuration = parseConfiguration(await readFile(`${EXAMPLES}/lillkoping/organisation.yaml`, 'utf8'));
  await applyConfiguration(hub.pool, configuration, { by: 'test' });
  const { number } = configuration.organisation;
  const of = { organizationNumber: number, systemCode: 'byggarenden' };
  const { secret } = await createCredentialAdmin(hub.pool).makeSecret(of, { kind: 'password', by: 'test' });
  const printer = printerClient(hub.hub.webUrl, secret, loginNameOf(number, 'byggarenden'));
  const printed = await printer.print('printJob', {
    attributes: [named('job-name', 'Beslut vecka 47')],
    document: await readFile(`${EXAMPLES}/skrivare/tre-beslut.pdf`),
  });
  assert.equal(
    told(await printer.ended(jobIdOf(printed)))[2],
    '2 brev lämnades in, 1 ligger hos en person för att redas ut.',
  );
  const { rows: letters } = await hub.pool.query(
    `select recipient, subject, reference, address, pages, filename from letter l join attachment a on a.letter_id = l.id
     order by l.reference`,
  );
  assert.deepEqual(letters, [
    {
      recipient: '195001209906',
      subject: 'Beslut om bygglov för carport',
      reference: 'BYGG-2026-417',
      address: { name: 'Ann-Sofie Eriksson', lines: ['Nämndemansvägen 64'], postalCode: '990 13', city: 'Lillköping' },
      pages: 2,
      filename: 'Beslut om bygglov för carport.pdf',
    },
    {
      recipient: '199501269949',
      subject: 'Beslut om bygglov för altan',
      reference: 'BYGG-2026-431',
      address: { name: 'Gunilla Hägg', lines: ['Sankt Olofs gata 42'], postalCode: '990 12', city: 'Lillköping' },
      pages: 1,
      filename: 'Beslut om bygglov för altan.pdf',
    },
  ]);
  const { rows: cases } = await hub.pool.query('select reason, detail from hand_in_case');
  assert.deepEqual(
    cases.map(({ reason, detail }) => [reason, detail.recipient, detail.subject, detail.source]),
    [['invalidRecipient', '19501224-9862', 'Beslut om bygglov för fasadändring', 'Beslut vecka 47, sida 4']],
  );
});
