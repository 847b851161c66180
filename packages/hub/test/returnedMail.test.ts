import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createLog, createManualClock, newId } from '@brevduva/base';
import type { RecipientId } from '@brevduva/protocol';
import type { FoundAddress } from '../src/addressSource.ts';
import { createCaseActions } from '../src/cases.ts';
import type { PostalAddress } from '../src/paper/address.ts';
import { sheetMark, sheetMarkText } from '../src/paper/sheetMark.ts';
import { createAddressDigest } from '../src/returnedMail/addressDigest.ts';
import { eraseFlags } from '../src/sql/returnedMail.ts';
import { confirmPaper } from '../src/stages/confirmPaper.ts';
import { resolve } from '../src/stages/resolve.ts';
import type { StageContext, StageResult } from '../src/stages/stage.ts';
import { claimedLetter, NOW } from './support/claimedLetter.ts';
import { ADDRESS, type LetterSeed, seedLetter, seedSession } from './support/consoleLetters.ts';
import { API_KEY, OTHER_API_KEY } from './support/hubDatabase.ts';
import { CONTENT_KEY, type IntakeHub, startIntakeHub } from './support/intakeHub.ts';

let hub: IntakeHub;
let maja: { cookie: string; csrf: string };
before(async () => {
  hub = await startIntakeHub();
  maja = await seedSession(hub.pool, { id: hub.organisationId, name: 'Kommun A' }, ['caseworker']);
});
after(() => hub.close());

/** A letter that a print shop has had, and posted. */
async function printed(seed: LetterSeed = {}): Promise<string> {
  const { letterId } = await seedLetter(hub.pool, hub.organisationId, {
    ...{ state: 'printed', channel: 'paper', address: ADDRESS, subject: 'Beslut om färdtjänst' },
    ...seed,
  });
  await order(letterId, 'posted');
  return letterId;
}

async function order(letterId: string, state: string): Promise<void> {
  await hub.pool.query(
    `with batch as (
       insert into print_batch (organisation_id, id, shop_code, sort_key, state, promise, letters, sheets, handed_over_at)
       values ($1, $2, 'tryck', '', 'handedOver', 'posted', 1, 1, now())
     )
     insert into print_batch_letter (organisation_id, id, letter_id, shop_code, sort_key, due_at, print_hash, facts, state, batch_id, position)
     values ($1, $3, $4, 'tryck', '', now(), sha256('x'), '{}', $5, $2, 1)`,
    [hub.organisationId, newId(), newId(), letterId, state],
  );
}

const scanned = (letterId: string) => sheetMark(letterId, 1, 2);

async function tell(body: unknown, key = API_KEY) {
  const response = await fetch(new URL('/api/v1/returns', hub.hub.webUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function storyOf(letterId: string) {
  const { rows } = await hub.pool.query(
    `select l.state, c.reason, c.detail, c.closed_at is not null as closed,
       (select jsonb_agg(e.kind order by e.id) from letter_event e where e.letter_id = l.id) as events,
       (select count(*)::integer from flagged_address f where f.letter_id = l.id) as flags,
       (select p.state from print_batch_letter p where p.letter_id = l.id order by p.ordered_at desc limit 1) as ordered
     from letter l left join manual_case c on c.letter_id = l.id where l.id = $1 order by c.opened_at desc limit 1`,
    [letterId],
  );
  return rows[0];
}

describe('scenario 18: a letter that came back', () => {
  it('becomes an event, a case with the reason, and a flag on its address; the same once more changes nothing', async () => {
    const letterId = await printed();
    const told = await tell({ mark: scanned(letterId), reason: 'unknownAtAddress' });
    assert.deepEqual(told, { status: 201, body: { letterId, isNew: true, isFlagged: true, hasCase: true } });
    const found = await storyOf(letterId);
    assert.deepEqual(found, {
      ...{ state: 'case', reason: 'returned', detail: { returned: 'unknownAtAddress' }, closed: false, flags: 1 },
      ...{ events: ['returned', 'caseOpened'], ordered: 'returned' },
    });
    const again = await tell({ mark: sheetMarkText(letterId, 2, 2), reason: 'refused' });
    assert.equal(again.status, 200);
    assert.equal(again.body['isNew'], false);
    assert.deepEqual(await storyOf(letterId), found);
    const view = await hub.get(letterId);
    assert.equal(view.body.case.reason, 'returned');
    assert.match(view.body.case.text, /kommit tillbaka/);
  });

  it('flags no address that may be right: not collected, refused, damaged', async () => {
    for (const reason of ['notCollected', 'refused', 'damaged']) {
      const letterId = await printed();
      const { body } = await tell({ mark: letterId, reason });
      assert.deepEqual([body['isFlagged'], body['hasCase']], [false, true], reason);
      assert.equal((await storyOf(letterId)).flags, 0, reason);
    }
  });

  it('is refused with its own code when it is no mark, nobody’s letter, another organisation’s, or never was on paper', async () => {
    const letterId = await printed();
    const digital = await seedLetter(hub.pool, hub.organisationId, { state: 'delivered', channel: 'digital' });
    const reason = 'other';
    for (const [body, status, code, key] of [
      [{ mark: 'Öppnas av adressaten', reason }, 422, 'HUB_RETURN_MARK', API_KEY],
      [{ mark: 7, reason }, 422, 'HUB_RETURN_MARK', API_KEY],
      [{ mark: letterId, reason: 'vet inte' }, 422, 'HUB_RETURN_REASON', API_KEY],
      [{ mark: scanned(newId()), reason }, 404, 'HUB_RETURN_UNKNOWN', API_KEY],
      [{ mark: scanned(letterId), reason }, 404, 'HUB_RETURN_UNKNOWN', OTHER_API_KEY],
      [{ mark: digital.letterId, reason }, 409, 'HUB_RETURN_NOT_PRINTED', API_KEY],
    ] as const) {
      const told = await tell(body, key);
      assert.deepEqual([told.status, told.body['code']], [status, code], JSON.stringify(body));
    }
    assert.equal((await storyOf(letterId)).state, 'printed');
  });

  it('while it still waits for its print shop’s word is posted and returned at once, by the confirm stage', async () => {
    const { letterId } = await seedLetter(hub.pool, hub.organisationId, {
      ...{ state: 'waiting', stage: 'confirm', channel: 'paper', address: ADDRESS },
    });
    await order(letterId, 'batched');
    assert.equal((await tell({ mark: letterId, reason: 'damaged' })).body['hasCase'], true);
    assert.equal((await storyOf(letterId)).ordered, 'returned');
    const letter = claimedLetter({ id: letterId, stage: 'confirm', channel: 'paper', printHash: Buffer.alloc(32) });
    const returned = { letterId, state: 'returned', shop: 'tryck', sha256: Buffer.alloc(32).toString('hex') };
    const context = { printOrdersOf: async () => new Map([[letterId, returned]]) } as unknown as StageContext;
    const results: StageResult[] = [];
    await confirmPaper([letter], context, async (some) => void results.push(...some));
    assert.deepEqual(results[0]?.outcome, { kind: 'manual', reason: 'returned', detail: { printShop: 'tryck' } });
  });

  it('is sent again by a person, to another address, and may be ordered anew; or let be, and stays printed', async () => {
    const cases = createCaseActions(hub.pool, () => undefined);
    const caseOf = async (letterId: string) => {
      await tell({ mark: letterId, reason: 'other' });
      const { rows } = await hub.pool.query('select id from manual_case where letter_id = $1', [letterId]);
      return String(rows[0].id);
    };
    const [sent, kept, digital] = [await printed(), await printed(), await printed({ paperOrdered: true })];
    const address = { ...ADDRESS, lines: ['Nygatan 8'] };
    await cases.sendOnPaper(
      hub.organisationId,
      await caseOf(sent),
      { name: 'Maja' },
      { address, riskConfirmed: false },
    );
    assert.equal((await storyOf(sent)).state, 'waiting');
    await order(sent, 'batched');
    assert.equal((await storyOf(sent)).ordered, 'batched', 'a second order stands beside the one that came back');
    await cases.cancel(hub.organisationId, await caseOf(kept), { name: 'Maja' });
    const { state, events } = await storyOf(kept);
    assert.deepEqual([state, events.at(-1)], ['printed', 'keptPrinted']);
    await cases.tryAgain(hub.organisationId, await caseOf(digital), { name: 'Maja' });
    const { rows } = await hub.pool.query('select stage, paper_ordered from letter where id = $1', [digital]);
    assert.deepEqual(rows[0], { stage: 'resolve', paper_ordered: false });
  });
});

describe('the next letter to an address that gave mail back', () => {
  const ANNA = '192705178354' as RecipientId;
  const digest = createAddressDigest(CONTENT_KEY);
  const NEW: PostalAddress = { ...ADDRESS, lines: ['Nygatan 8'] };

  async function resolved(
    change: Parameters<typeof claimedLetter>[0],
    { flagged = [ADDRESS], found }: { flagged?: readonly PostalAddress[]; found?: FoundAddress } = {},
  ): Promise<StageResult | undefined> {
    const known = new Set(flagged.map((address) => digest(ANNA, address).toString('hex')));
    const context = {
      clock: createManualClock(NOW),
      log: createLog({ service: 'hub', level: 'silent' }),
      farUrl: 'https://far.example/',
      addressSource: found && { find: async () => ({ kind: 'answered', persons: new Map([[ANNA, found]]) }) },
      flaggedOf: async (letters: Parameters<StageContext['flaggedOf']>[0]) =>
        new Set(
          letters
            .filter(({ letter, address }) => known.has(digest(letter.recipient, address).toString('hex')))
            .map(({ letter }) => letter.id),
        ),
    } as unknown as StageContext;
    const flow = { ...claimedLetter({}).flow, channelPolicy: 'paperOnly' as const };
    const letter = claimedLetter({ recipient: ANNA, address: ADDRESS, flow, ...change });
    const results: StageResult[] = [];
    await resolve([letter], context, async (some) => void results.push(...some));
    return results[0];
  }

  it('is held for a person before it is printed, and the record says why', async () => {
    const result = await resolved({});
    assert.deepEqual(result?.outcome, { kind: 'manual', reason: 'addressReturned' });
    assert.equal(result?.decision?.question['addressFlagged'], true);
    assert.ok(result?.decision?.decision.tried.some(({ why }) => why === 'Post till adressen har kommit tillbaka.'));
    const elsewhere = await resolved({ address: NEW });
    assert.deepEqual(elsewhere?.outcome, { kind: 'done', channel: 'paper' });
  });

  it('goes all the same where the flow says so, or a person has ordered it', async () => {
    const flow = { ...claimedLetter({}).flow, channelPolicy: 'paperOnly', onFlaggedAddress: 'send' } as const;
    assert.deepEqual((await resolved({ flow }))?.outcome, { kind: 'done', channel: 'paper' });
    assert.deepEqual((await resolved({ paperOrdered: true }))?.outcome, { kind: 'done', channel: 'paper' });
  });

  it('goes to the address that the population register has, unless mail came back from there too', async () => {
    const moved = await resolved({}, { found: { kind: 'found', address: NEW } });
    assert.deepEqual([moved?.outcome, moved?.changes?.address], [{ kind: 'done', channel: 'paper' }, NEW]);
    const same = await resolved({}, { found: { kind: 'found', address: ADDRESS } });
    assert.deepEqual(same?.outcome, { kind: 'manual', reason: 'addressReturned' });
    const unknown = await resolved({}, { found: { kind: 'unknown' } });
    assert.deepEqual(unknown?.outcome, { kind: 'manual', reason: 'addressReturned' });
  });

  it('is known however the address is spelt, and only by who has the key', () => {
    const spelt = { ...ADDRESS, lines: ['ÄNGSVÄGEN  3.'], postalCode: '12345', country: 'SE', name: 'Å Öberg' };
    assert.deepEqual(digest(ANNA, spelt), digest(ANNA, ADDRESS));
    for (const other of [digest(ANNA, NEW), digest('191212121212', ADDRESS)])
      assert.notDeepEqual(other, digest(ANNA, ADDRESS));
    assert.notDeepEqual(createAddressDigest(Buffer.alloc(32, 8))(ANNA, ADDRESS), digest(ANNA, ADDRESS));
  });

  it('is forgotten when its time is over', async () => {
    const letterId = await printed({ recipient: '199001012384' });
    await tell({ mark: letterId, reason: 'deceased' });
    await hub.pool.query('update flagged_address set expires_at = now() where letter_id = $1', [letterId]);
    assert.equal(await eraseFlags(hub.pool), 1);
    assert.equal((await storyOf(letterId)).flags, 0);
  });
});

describe('the page where a wand registers', () => {
  const page = async (path = '/returer') =>
    (await fetch(new URL(path, hub.hub.webUrl), { headers: { cookie: maja.cookie } })).text();
  const send = (fields: Record<string, string>, path = '/returer', who = maja) =>
    fetch(new URL(path, hub.hub.webUrl), {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: who.cookie },
      body: new URLSearchParams({ _csrf: who.csrf, ...fields }),
    });

  it('takes mark after mark, keeps the reason, says what became of each, and clears an address', async () => {
    const letterId = await printed({ subject: 'Kallelse <till> möte', recipient: '199001012392' });
    assert.match(await page(), /name="mark"[^>]* autofocus/);
    const answer = await send({ mark: scanned(letterId), reason: 'insufficientAddress' });
    assert.equal(answer.status, 303);
    const shown = await page(answer.headers.get('location') ?? '');
    assert.match(shown, /Returen är registrerad\. Brevet ligger nu bland ärendena\. Adressen är markerad\./);
    assert.match(shown, /value="insufficientAddress" checked/);
    assert.match(shown, /Kallelse &lt;till&gt; möte/);
    const again = await send({ mark: scanned(letterId), reason: 'insufficientAddress' });
    assert.match(await page(again.headers.get('location') ?? ''), /redan registrerat/);
    const cleared = await send({}, `/returer/${letterId}/adressen-stammer`);
    assert.equal(cleared.headers.get('location'), '/returer?klart=adress');
    const { flags, events } = await storyOf(letterId);
    assert.deepEqual([flags, events.at(-1)], [0, 'addressCleared']);
    assert.equal((await send({}, `/returer/${letterId}/adressen-stammer`)).status, 404);
  });

  it('says what is wrong beside the field, and keeps what was typed', async () => {
    for (const [fields, status, says] of [
      [{ mark: 'skräp "<', reason: 'other' }, 422, /Det är inget bladmärke/],
      [{ mark: newId() }, 422, /Välj varför brevet kom tillbaka/],
      [{ mark: newId(), reason: 'other' }, 404, /Brevet finns inte hos er organisation/],
    ] as const) {
      const answer = await send(fields);
      assert.equal(answer.status, status);
      const text = await answer.text();
      assert.match(text, says);
      assert.match(text, new RegExp(`value="${fields.mark.replace('"', '&quot;').replace('<', '&lt;')}"`));
    }
    const reader = await seedSession(hub.pool, { id: hub.organisationId, name: 'Kommun A' }, ['reader']);
    assert.equal((await send({ mark: newId(), reason: 'other' }, '/returer', reader)).status, 403);
  });
});
