import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseConfiguration } from '@brevduva/hub';
import { ageOn, parseOrganizationNumber, parseRecipientId } from '@brevduva/protocol';
import { createAccounts } from '../src/dev/identityProvider/accounts.ts';
import { featuredRecipients } from '../src/dev/sample/featured.ts';
import {
  REGISTER_OWNER,
  SAMPLE_OPERATORS,
  SAMPLE_ORGANISATIONS,
  SAMPLE_STAFF,
} from '../src/dev/sample/organizations.ts';
import { createSampleRecipients, SAMPLE_SIZE } from '../src/dev/sample/recipients.ts';
import { createSampleRegisters } from '../src/dev/sample/registers.ts';
import { isTestNumber, testOrganizationNumber, testPersonalNumber } from '../src/dev/sample/testNumbers.ts';
import { testPersons } from '../src/dev/sample/testPersons.ts';

const recipients = createSampleRecipients();
const persons = recipients.filter((one) => one.kind !== 'organization');
const share = (part: number, whole: number) => part / whole;
const between = (value: number, min: number, max: number) =>
  assert.ok(value >= min && value <= max, `${value} is not between ${min} and ${max}`);

test('every number is valid by the contract, a test number, unique and of its kind', () => {
  for (const { id, kind } of recipients) {
    const parsed = parseRecipientId(id);
    assert.ok(parsed.ok, id);
    assert.equal(parsed.kind, kind);
    assert.ok(isTestNumber(parsed.id), id);
  }
  assert.equal(new Set(recipients.map((one) => one.id)).size, SAMPLE_SIZE.persons + SAMPLE_SIZE.companies);
});

test('test numbers: those of Skatteverket and of nobody, and no others', () => {
  assert.equal(testPersonalNumber({ year: 1990, month: 1, day: 1 }, 980), '199001019802');
  assert.equal(testPersonalNumber({ year: 1990, month: 1, day: 1 }, 980, 'coordination').slice(6, 8), '61');
  assert.match(testOrganizationNumber(1), /^1649990000\d\d$/);
  assert.throws(() => testPersonalNumber({ year: 1990, month: 1, day: 1 }, 979), {
    name: 'RangeError',
    message: '979 is no birth number for tests',
  });
  assert.throws(() => testPersonalNumber({ year: 1990, month: 2, day: 30 }, 980), { message: '1990-2-30 is no day' });
  assert.throws(() => testOrganizationNumber(100_000), { message: 'no organisation serial 100000' });
  for (const real of ['162021006883', '191212121212']) {
    const parsed = parseRecipientId(real);
    assert.ok(parsed.ok);
    assert.equal(isTestNumber(parsed.id), false);
  }
});

test('the same seed gives the same sample, another seed another', () => {
  assert.deepEqual(createSampleRecipients(), recipients);
  const other = createSampleRecipients({ ...SAMPLE_SIZE, seed: 2 });
  assert.notDeepEqual(other.slice(4, 20), recipients.slice(4, 20));
});

test('about 60 of 100 persons have a mailbox, split on the two operators, children none', () => {
  const holders = persons.filter((one) => one.mailbox !== undefined);
  between(share(holders.length, persons.length), 0.55, 0.65);
  for (const { key } of SAMPLE_OPERATORS) {
    between(share(holders.filter((one) => one.mailbox?.operator === key).length, holders.length), 0.45, 0.55);
  }
  for (const { id } of holders) assert.ok((ageOn(id, { year: 2026, month: 1, day: 1 }) ?? 0) >= 18, id);
});

test('some are pending, opted out, without address, with coordination number, born on awkward days', () => {
  const count = (fits: (one: (typeof recipients)[number]) => boolean) => recipients.filter(fits).length;
  between(
    count((one) => one.mailbox?.pending === true),
    20,
    80,
  );
  between(
    count((one) => one.mailbox?.optedOut === true),
    50,
    120,
  );
  between(
    count((one) => one.address === undefined),
    80,
    200,
  );
  between(
    count((one) => one.kind === 'coordination'),
    60,
    120,
  );
  between(
    count((one) => one.address?.careOf !== undefined),
    50,
    150,
  );
  for (const day of ['20000229', '18991231', '20080229', '19991231']) {
    assert.ok(
      recipients.some((one) => one.kind !== 'organization' && sameDay(one.id, day)),
      day,
    );
  }
});

test('addresses are complete, with postal codes that no place in Sweden has', () => {
  for (const { address, name } of recipients) {
    if (address === undefined) continue;
    assert.equal(address.name, name);
    assert.match(address.street, /^\p{Lu}[\p{L} ]+ \d+( lgh 1102)?$/u);
    assert.match(address.postalCode, /^99\d \d\d$/);
    assert.ok(address.city.length > 3);
  }
});

test('one recipient is featured for each situation', () => {
  const featured = featuredRecipients(recipients);
  assert.equal(new Set(Object.values(featured).map((one) => one.id)).size, 7);
  assert.equal(featured.digital.mailbox?.operator, 'brevladan');
  assert.equal(featured.otherOperator.mailbox?.operator, 'posthornan');
  assert.equal(featured.paper.mailbox, undefined);
  assert.ok(featured.paper.address);
  assert.equal(featured.case.address, undefined);
  assert.throws(() => featuredRecipients([]), { message: 'the sample has no recipient for "digital"' });
});

test('the organisations hang together: numbers, configuration files, staff', () => {
  const parties = [...SAMPLE_ORGANISATIONS, REGISTER_OWNER, ...SAMPLE_OPERATORS];
  for (const { organizationNumber } of parties) assert.ok(parseOrganizationNumber(organizationNumber).ok);
  assert.equal(new Set(parties.map((one) => one.organizationNumber)).size, parties.length);
  const systemCodes = SAMPLE_ORGANISATIONS.flatMap(
    ({ organizationNumber, name, configurationFile, certificateSystem }) => {
      const { organisation, systems } = parseConfiguration(readFileSync(configurationFile, 'utf8'));
      assert.deepEqual([organisation.number, organisation.name], [organizationNumber, name]);
      const codes = systems.map(({ code }) => code);
      assert.ok(codes.includes(certificateSystem));
      assert.ok(
        SAMPLE_STAFF.some(
          (one) => one.organizationNumber === organizationNumber && one.roles.includes('administrator'),
        ),
      );
      return codes;
    },
  );
  assert.equal(new Set(systemCodes).size, systemCodes.length, 'keys are derived from the code alone');
  assert.equal(new Set(SAMPLE_STAFF.map((one) => one.id)).size, SAMPLE_STAFF.length);
  const [brevladan, posthornan] = SAMPLE_OPERATORS;
  assert.ok(brevladan.delayMs > 0 && brevladan.acceptHtml, 'one is slow');
  assert.ok(!posthornan.acceptHtml, 'one refuses HTML');
});

/** Whether a number is of this day, written as personal or as coordination number. */
function sameDay(id: string, day: string): boolean {
  return id.startsWith(day) || id.startsWith(day.slice(0, 6) + String(Number(day.slice(6)) + 60));
}

test('the registers know everyone who can log in, and companies are signed for by such people', () => {
  const registers = createSampleRegisters(recipients);
  const known = new Map(registers.persons.map((one) => [one.personId, one]));
  assert.deepEqual([...known.keys()].sort(), persons.map((one) => one.id as string).sort());
  assert.equal(registers.companies.length, SAMPLE_SIZE.companies + Object.keys(registers.featuredCompanies).length);
  for (const company of registers.companies) {
    assert.ok(parseOrganizationNumber(company.organizationNumber).ok);
    assert.ok(company.persons.length > 0, company.name);
    for (const { id, name } of company.persons) {
      assert.equal(known.get(id)?.name, name);
      assert.equal(known.get(id)?.deceasedOn, undefined, 'the dead sign nothing');
    }
  }
  between(registers.persons.filter((one) => one.deceasedOn !== undefined).length, 5, 40);
  between(registers.persons.filter((one) => one.hasProtectedIdentity).length, 5, 40);
  assert.deepEqual(createSampleRegisters(recipients), registers);
});

test('the e-ID offers those first by whom something is shown, with the reason; each once', () => {
  const registers = createSampleRegisters(recipients);
  const featured = featuredRecipients(recipients);
  const offered = testPersons(recipients, featured, registers);
  assert.deepEqual(offered.map((one) => one.id).sort(), recipients.map((one) => one.id).sort());
  assert.equal(offered[0]?.id, featured.digital.id);
  assert.ok(offered[0]?.signsFor?.includes('Duvslagets Bygg AB (två i förening)'));
  const notesOf = (id: string) => offered.find((one) => one.id === id)?.notes?.join() ?? '';
  assert.match(notesOf(registers.featuredPersons.deceased.id), /Avliden/);
  assert.match(notesOf(registers.featuredPersons.protectedIdentity.id), /Skyddad identitet/);
  assert.match(notesOf(registers.featuredPersons.minor.id), /Under 18 år/);
  assert.match(notesOf(registers.featuredPersons.soleTrader.id), /Enskild firma/);
  const { searchPersons } = createAccounts(offered, []);
  const bySearch = searchPersons('duvslagets', undefined);
  assert.deepEqual(
    new Set(bySearch.map((one) => one.id)),
    new Set(registers.featuredCompanies.together.persons.map((one) => one.id)),
  );
});
