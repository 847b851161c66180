import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AppError } from '@brevduva/base';
import { CASE_REASONS } from '../src/caseReasons.ts';
import { type CaseActions, createCaseActions } from '../src/cases.ts';
import { HUB_ERRORS } from '../src/errors.ts';
import { selectLetterOfCase, selectOpenCases } from '../src/sql/cases.ts';
import type { CaseReason } from '../src/switch.ts';
import { ADDRESS, type LetterSeed, seedLetter } from './support/consoleLetters.ts';
import { createHubDatabase } from './support/hubDatabase.ts';

let database: Awaited<ReturnType<typeof createHubDatabase>>;
let cases: CaseActions;
let woken = 0;
before(async () => {
  database = await createHubDatabase();
  cases = createCaseActions(database.pool, () => {
    woken += 1;
  });
});
after(() => database.close());

const MAJA = { name: 'Maja Lilja' };
const JUSSI = { name: 'Jussi Mäkelä' };
const REASONS = Object.keys(CASE_REASONS) as CaseReason[];
const WITH_ADDRESS = { address: undefined, riskConfirmed: true };

const open = (seed: LetterSeed & { reason: CaseReason }) => seedLetter(database.pool, database.organisationId, seed);

async function stateOf(letterId: string) {
  const { rows } = await database.pool.query(
    `select l.state, l.stage, l.channel, l.paper_ordered as "paperOrdered", l.address, l.attempts, l.digital_failure as failure,
       l.lookups, c.closed_by as "closedBy", c.resolution, c.closed_at is not null as closed,
       (select jsonb_agg(jsonb_build_object('kind', kind, 'actor', actor, 'detail', detail) order by id) from letter_event e
        where e.letter_id = l.id) as events
     from letter l join manual_case c on c.letter_id = l.id where l.id = $1`,
    [letterId],
  );
  return rows[0];
}

async function refused(work: Promise<void>, code: keyof typeof HUB_ERRORS): Promise<AppError> {
  const error = await work.then(
    () => assert.fail(`was not refused with ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError, String(error));
  assert.equal(error.code, code);
  assert.equal(error.publicText, HUB_ERRORS[code].text);
  return error;
}

for (const reason of REASONS) {
  test(`cancel ends a letter whose case is ${reason}, and the story says who did it`, async () => {
    const { letterId, caseId } = await open({ reason, caseStage: 'deliver', channel: 'digital' });
    await cases.cancel(database.organisationId, caseId, MAJA);
    const after = await stateOf(letterId);
    const { isDelivered = false, isPrinted = false } = CASE_REASONS[reason];
    assert.equal(after.state, isDelivered ? 'delivered' : isPrinted ? 'printed' : 'cancelled');
    assert.equal(after.stage, null);
    assert.equal(after.resolution, 'cancelled');
    assert.equal(after.closedBy, MAJA.name);
    const kind = isDelivered ? 'keptDelivered' : isPrinted ? 'keptPrinted' : 'cancelled';
    assert.deepEqual(after.events, [{ kind, actor: MAJA.name, detail: { reason } }]);
  });

  test(`try again takes up a letter whose case is ${reason} from where it is safe`, async () => {
    const { letterId, caseId } = await open({ reason, caseStage: 'deliver', channel: 'digital' });
    await cases.tryAgain(database.organisationId, caseId, MAJA);
    const after = await stateOf(letterId);
    const isSame = [
      'outcomeUnknownTooLong',
      'confirmFailed',
      'distributionLost',
      'eInvoiceUnknownTooLong',
      'eInvoiceUnconfirmed',
    ].includes(reason);
    const followUp = ['delivered', 'followUp', 'digital'];
    // An external dispatcher has it: it is asked, and nothing is sent.
    const again =
      reason === 'pendingTooLong'
        ? ['waiting', 'confirm', 'digital']
        : reason === 'readStatusUnknown'
          ? followUp
          : ['waiting', 'resolve', null];
    assert.deepEqual([after.state, after.stage, after.channel], isSame ? ['unknown', 'deliver', 'digital'] : again);
    assert.equal(after.attempts, 0);
    assert.equal(after.resolution, 'triedAgain');
    assert.deepEqual(after.events, [{ kind: 'triedAgain', actor: MAJA.name, detail: { reason } }]);
  });

  test(`send on paper from a case that is ${reason}`, async () => {
    const { letterId, caseId } = await open({ reason, caseStage: 'deliver', channel: 'digital', address: ADDRESS });
    await cases.sendOnPaper(database.organisationId, caseId, MAJA, WITH_ADDRESS);
    const after = await stateOf(letterId);
    assert.deepEqual([after.state, after.stage, after.channel], ['waiting', 'resolve', null]);
    assert.equal(after.paperOrdered, true);
    assert.equal(after.failure, CASE_REASONS[reason].isDelivered ? 'unread' : null, 'it never goes digitally twice');
    assert.deepEqual(after.address, ADDRESS);
    assert.equal(after.resolution, 'sentOnPaper');
    const risk = CASE_REASONS[reason].mayHaveArrived ? { riskConfirmed: true } : {};
    assert.deepEqual(after.events, [
      { kind: 'sentOnPaper', actor: MAJA.name, detail: { reason, addressChanged: false, ...risk } },
    ]);
  });
}

test('of two people at the same instant one wins and the other is told; the letter moves once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { letterId, caseId } = await open({ reason: 'noChannel', address: ADDRESS });
    const wokenBefore = woken;
    const results = await Promise.allSettled([
      cases.cancel(database.organisationId, caseId, MAJA),
      cases.tryAgain(database.organisationId, caseId, JUSSI),
      cases.sendOnPaper(database.organisationId, caseId, JUSSI, WITH_ADDRESS),
    ]);
    const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    assert.equal(lost.length, 2);
    for (const error of lost) {
      assert.equal(error.code, 'HUB_CASE_CLOSED');
      assert.equal(error.publicText, HUB_ERRORS.HUB_CASE_CLOSED.text);
    }
    assert.equal((await stateOf(letterId)).events.length, 1);
    assert.equal(woken, wokenBefore + 1);
  }
});

test('what may have arrived goes on paper only when the person says that she knows it', async () => {
  for (const reason of ['outcomeUnknownTooLong', 'confirmFailed'] as const) {
    const { letterId, caseId } = await open({ reason, address: ADDRESS, channel: 'digital', caseStage: 'deliver' });
    const order = { address: undefined, riskConfirmed: false };
    const error = await refused(cases.sendOnPaper(database.organisationId, caseId, MAJA, order), 'HUB_CASE_RISK');
    assert.deepEqual(
      error.faults.map(({ path }) => path),
      ['riskConfirmed'],
    );
    const after = await stateOf(letterId);
    assert.equal(after.state, 'case');
    assert.equal(after.closed, false);
    assert.equal(after.events, null);
  }
});

test('a protected person’s letter goes on no paper from here, whatever address is written', async () => {
  const { letterId, caseId } = await open({ reason: 'protectedIdentity', protectedIdentity: true, address: ADDRESS });
  await refused(
    cases.sendOnPaper(database.organisationId, caseId, MAJA, { address: ADDRESS, riskConfirmed: true }),
    'HUB_CASE_PROTECTED',
  );
  const after = await stateOf(letterId);
  assert.deepEqual([after.state, after.closed, after.paperOrdered], ['case', false, false]);
});

test('an address with faults is told with all of them, and nothing moves', async () => {
  const { letterId, caseId } = await open({ reason: 'outcomeUnknownTooLong', channel: 'digital' });
  const address = { name: '', lines: [' '], postalCode: '1234', city: '', country: 'Utopia' };
  const error = await refused(
    cases.sendOnPaper(database.organisationId, caseId, MAJA, { address, riskConfirmed: false }),
    'HUB_CASE_ADDRESS',
  );
  assert.deepEqual(error.faults.map(({ code, path }) => `${code} ${path}`).sort(), [
    'HUB_ADDRESS_CITY city',
    'HUB_ADDRESS_COUNTRY country',
    'HUB_ADDRESS_NAME_MISSING name',
    'HUB_ADDRESS_TOO_FEW_LINES lines/0',
    'HUB_CASE_RISK riskConfirmed',
  ]);
  for (const { text } of error.faults) assert.match(text, /^\p{Lu}.*\.$/u);
  assert.equal((await stateOf(letterId)).closed, false);
});

test('without any address paper is refused, and with one that is given it replaces the stored one', async () => {
  const without = await open({ reason: 'noChannel' });
  const error = await refused(
    cases.sendOnPaper(database.organisationId, without.caseId, MAJA, WITH_ADDRESS),
    'HUB_CASE_ADDRESS',
  );
  assert.deepEqual(error.faults, [
    { code: 'HUB_ADDRESS_REQUIRED', path: 'address', text: HUB_ERRORS.HUB_ADDRESS_REQUIRED.text },
  ]);
  const { letterId, caseId } = await open({ reason: 'noChannel', address: ADDRESS });
  const given = { name: ' Åsa  Öberg ', lines: ['c/o Ek', 'Nygatan 1'], postalCode: '54321', city: 'Byn', country: '' };
  await cases.sendOnPaper(database.organisationId, caseId, MAJA, { address: given, riskConfirmed: false });
  const after = await stateOf(letterId);
  assert.deepEqual(after.address, {
    name: 'Åsa Öberg',
    careOf: 'Ek',
    lines: ['Nygatan 1'],
    postalCode: '543 21',
    city: 'Byn',
  });
  assert.equal(after.events[0].detail.addressChanged, true);
  assert.doesNotMatch(JSON.stringify(after.events), /Nygatan|Öberg/, 'the trail never holds an address');
});

test('paper that a person ordered stays ordered when it is tried again, unless it was the paper that did not fit', async () => {
  const seeds = [
    { reason: 'handOverFailed', stays: true },
    { reason: 'stageFailed', stays: true },
    { reason: 'contentDoesNotFit', stays: false },
  ] as const;
  for (const { reason, stays } of seeds) {
    const { letterId, caseId } = await open({ reason, channel: 'paper', paperOrdered: true, address: ADDRESS });
    await cases.tryAgain(database.organisationId, caseId, MAJA);
    assert.equal((await stateOf(letterId)).paperOrdered, stays, reason);
  }
});

test('a print that may have been published is looked for under its own name, never made anew', async () => {
  const { letterId, caseId } = await open({ reason: 'confirmFailed', channel: 'paper', address: ADDRESS });
  await cases.tryAgain(database.organisationId, caseId, MAJA);
  const after = await stateOf(letterId);
  assert.deepEqual([after.state, after.stage, after.channel], ['waiting', 'deliver', 'paper']);
});

test('a case of another organisation does not exist, and is not touched', async () => {
  const { letterId, caseId } = await open({ reason: 'noChannel', address: ADDRESS });
  const stranger = database.otherOrganisationId;
  await refused(cases.cancel(stranger, caseId, MAJA), 'HUB_CASE_NOT_FOUND');
  await refused(cases.tryAgain(stranger, caseId, MAJA), 'HUB_CASE_NOT_FOUND');
  await refused(cases.sendOnPaper(stranger, caseId, MAJA, WITH_ADDRESS), 'HUB_CASE_NOT_FOUND');
  assert.equal(await selectLetterOfCase(database.pool, stranger, caseId), undefined);
  assert.equal((await selectOpenCases(database.pool, stranger, { limit: 10 })).length, 0);
  assert.equal((await stateOf(letterId)).closed, false);
});

test('when the transaction fails halfway, neither case nor letter nor story has moved', async () => {
  const { letterId, caseId } = await open({ reason: 'noChannel', address: ADDRESS });
  await database.pool.query(`create function fail_event() returns trigger language plpgsql as
    $$ begin raise exception 'no'; end $$`);
  await database.pool.query(
    'create trigger fail_event before insert on letter_event for each row execute function fail_event()',
  );
  const wokenBefore = woken;
  try {
    await assert.rejects(cases.cancel(database.organisationId, caseId, MAJA), /no/);
  } finally {
    await database.pool.query('drop trigger fail_event on letter_event');
  }
  const after = await stateOf(letterId);
  assert.deepEqual([after.state, after.closed, after.events], ['case', false, null]);
  assert.equal(woken, wokenBefore);
});
