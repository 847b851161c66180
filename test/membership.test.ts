import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { PopulationRegister } from '@brevduva/far';
import {
  type Around,
  giveMailbox,
  type MembershipWorld,
  OPERATORS,
  type OperatorKey,
  Person,
  SENDERS,
  somebody,
  startMembershipWorld,
} from './support/membershipWorld.ts';

/**
 * Persons open, move, set and close their mailboxes: a real register, two real operators, real signatures of the development
 * e-ID. What a person sees, what the register has, and what the operators do with letters must say the same, whatever breaks.
 */
const MINUTE_MS = 60_000;
let aheadMs = 0;
let population: PopulationRegister['find'] | undefined;
let world: MembershipWorld;

before(async () => {
  world = await startMembershipWorld({
    clock: {
      now: () => new Date(Date.now() + aheadMs),
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, ms);
          signal?.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
    },
    far: {
      population: {
        find: (id) =>
          population?.(id) ??
          Promise.resolve({
            kind: 'found',
            person: { name: 'Testperson', isDeceased: false, hasProtectedIdentity: false },
          }),
      },
    },
  });
});
after(() => world.close());
afterEach(() => {
  world.tamperFar(undefined);
  population = undefined;
});

/** Somebody new at an operator's pages, logged in. */
async function visitorAt(operator: OperatorKey, number = somebody()) {
  const person = new Person(world.origin(operator), number);
  const page = await person.logIn();
  return { number, person, page };
}

/** Somebody whose mailbox is open with the operator, logged in there. */
async function holderAt(operator: OperatorKey) {
  const number = somebody();
  await giveMailbox(world, operator, number);
  return visitorAt(operator, number);
}

/** The register does what it is asked, and its answer is lost; only for one operation, and so many times. */
function loseAnswers(operation: string, times = 1): Around {
  let left = times;
  return async (call, next) => {
    const answer = await next();
    if (call.operation !== operation || left === 0) return answer;
    left -= 1;
    return { hangUp: true };
  };
}

const callsOf = (operation: string) => world.farCalls.filter((name) => name === operation).length;

/** Makes every open act's turn come now, as the time that is waited would. */
async function letTimePass(operator: OperatorKey): Promise<void> {
  await world.databases[operator].pool.query(
    `update signing_order set next_try_at = now(), leased_until = null where settled_at is null`,
  );
}

describe('opening a mailbox', () => {
  test('somebody without one reads what it means, signs, and her next letter arrives', async () => {
    const { number, person, page } = await visitorAt('first');
    assert.match(page.text, /<h1[^>]*>Öppna din brevlåda/);
    assert.match(page.text, new RegExp(`Mottagare ${number} ansluter sig till Mina meddelanden`));
    assert.equal(await world.deliver('first', number), false);
    const inbox = await person.pressAndSign(page, '/open');
    assert.match(inbox.text, /Din brevlåda är öppen\./);
    assert.match(inbox.text, /<h1[^>]*>Inkorg/);
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
    assert.equal(await world.deliver('first', number, 'Första brevet'), true);
    assert.match((await person.open('/inbox')).text, /Första brevet/);
  });

  test('pressing twice is signing once; coming back twice at once is opening once', async () => {
    const { number, person, page } = await visitorAt('first');
    const before = callsOf('register');
    const [one, other] = await Promise.all([person.press(page, '/open'), person.press(page, '/open')]);
    assert.equal(one.to, other.to);
    const back = await person.answer(one.to);
    const landings = await Promise.all([person.go(back), person.go(back), person.go(back)]);
    for (const { to } of landings) assert.match(to, /\/inbox\?done=/);
    assert.match((await person.follow(await person.go(back))).text, /Din brevlåda är öppen/);
    assert.equal(callsOf('register') - before, 1);
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
  });

  test('the back button after it was opened leads to the inbox', async () => {
    const { person, page } = await visitorAt('first');
    await person.pressAndSign(page, '/open');
    assert.match((await person.open('/open')).text, /<h1[^>]*>Inkorg/);
    const again = await person.press(page, '/open');
    assert.match(again.to, /\/inbox$/);
  });

  test('who declines at the e-ID has changed nothing and may try again', async () => {
    const { number, person, page } = await visitorAt('first');
    const { to } = await person.press(page, '/open');
    const cancelled = await person.go(await person.answer(to, 'cancel'));
    assert.match(cancelled.text, /Du avbröt underskriften/);
    assert.match(cancelled.text, /href="\/open"/);
    assert.equal(await world.operatorOf(number), undefined);
    const inbox = await person.pressAndSign(await person.open('/open'), '/open');
    assert.match(inbox.text, /Din brevlåda är öppen/);
  });

  test('who comes back without having signed is shown the way to the e-ID, the same order', async () => {
    const { person, page } = await visitorAt('first');
    const { to } = await person.press(page, '/open');
    const { rows } = await world.databases.first.pool.query<{ id: string }>(
      'select id from signing_order where sign_url = $1',
      [to],
    );
    const waiting = await person.open(`/signing/${rows[0]?.id}`);
    assert.match(waiting.text, /Du har inte skrivit under än/);
    assert.ok(waiting.text.includes(`href="${to}"`));
    assert.equal((await person.press(page, '/open')).to, to);
  });

  test('who signs and never comes back has her mailbox all the same', async () => {
    const { number, person, page } = await visitorAt('first');
    const { to } = await person.press(page, '/open');
    await person.answer(to);
    await letTimePass('first');
    const deadlineMs = Date.now() + 60_000;
    while ((await world.accountState('first', number)) !== 'active') {
      assert.ok(Date.now() < deadlineMs, 'the worker never went on');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
  });

  test('one that was begun and never completed is completed with a new signature', async () => {
    const number = somebody();
    const { organizationNumber: operator } = OPERATORS.first;
    await world.register.addAccounts([{ recipientId: number, operator, pending: true, registeredAt: new Date(0) }]);
    const { person, page } = await visitorAt('first', number);
    assert.match(page.text, /Slutför din anslutning/);
    assert.match((await person.pressAndSign(page, '/open')).text, /Din brevlåda är öppen/);
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
  });

  test('one whose operator has left goes on here', async () => {
    const number = somebody();
    await world.register.addAccounts([{ recipientId: number, registeredAt: new Date(0) }]);
    const { person, page } = await visitorAt('first', number);
    assert.match(page.text, /Din brevlåda saknar operatör/);
    assert.match((await person.pressAndSign(page, '/open')).text, /Din brevlåda är flyttad hit/);
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
  });

  test('a page that shows something else than what is true now signs nothing', async () => {
    const { number, person, page } = await visitorAt('first');
    await giveMailbox(world, 'absent', number);
    const answer = await person.press(page, '/open');
    assert.match(answer.to, /\/open$/);
    assert.match((await person.follow(answer)).text, /Du har en brevlåda hos Tredje lådan/);
  });

  test('another person’s act is not found, and a form without its token is refused', async () => {
    const { person, page } = await visitorAt('first');
    const back = await person.answer((await person.press(page, '/open')).to);
    const { person: stranger, page: strangersPage } = await visitorAt('first');
    const refused = await stranger.go(back);
    assert.equal(refused.status, 404);
    assert.match(refused.text, /MAILBOX_ACT_NOT_FOUND/);
    assert.equal((await stranger.press(strangersPage, '/open', { _csrf: 'wrong' })).status, 403);
    assert.equal((await stranger.open('/signing/finns-inte')).status, 404);
    assert.equal((await person.follow(await person.go(back))).status, 200);
  });
});

describe('whom the register refuses', () => {
  const found = (changes: Partial<{ isDeceased: boolean; hasProtectedIdentity: boolean }>) => async () => ({
    kind: 'found' as const,
    person: { name: 'Testperson', isDeceased: false, hasProtectedIdentity: false, ...changes },
  });
  const CASES: [why: string, code: number, who: () => string, answer: PopulationRegister['find'], title: RegExp][] = [
    ['a minor', 5009, () => somebody(2015), found({}), /Du måste ha fyllt 18 år/],
    ['protected identity', 6006, somebody, found({ hasProtectedIdentity: true }), /Du kan inte ha en digital brevlåda/],
    ['unknown to the population register', 6007, somebody, async () => ({ kind: 'unknown' }), /känner inte igen dig/],
  ];
  for (const [why, code, who, answer, title] of CASES) {
    test(`${why} (${code}): told plainly; nothing is opened`, async () => {
      const { number, person, page } = await visitorAt('first', who());
      population = answer;
      const refused = await person.pressAndSign(page, '/open');
      assert.match(refused.text, title);
      assert.equal(await world.operatorOf(number), undefined);
      assert.notEqual(await world.accountState('first', number), 'active');
      assert.equal(await world.deliver('first', number), false);
      const { rows } = await world.databases.first.pool.query(
        'select fault_code from signing_order where recipient_id = $1',
        [number],
      );
      assert.deepEqual(rows, [{ fault_code: code }]);
    });
  }

  test('the population register is away (5017): tried again with the same signature, and opened', async () => {
    const { number, person, page } = await visitorAt('first');
    population = async () => ({ kind: 'unavailable' });
    const back = await person.answer((await person.press(page, '/open')).to);
    assert.match((await person.go(back)).text, /Vi väntar på svar från registret/);
    population = undefined;
    assert.match((await person.follow(await person.go(back))).text, /Din brevlåda är öppen/);
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
  });

  test('a mailbox that was opened elsewhere meanwhile (5007): she is told, and shown where', async () => {
    const { number, person, page } = await visitorAt('first');
    const back = await person.answer((await person.press(page, '/open')).to);
    await giveMailbox(world, 'absent', number);
    const refused = await person.go(back);
    assert.match(refused.text, /Du har redan en brevlåda/);
    assert.match((await person.open('/open')).text, /Du har en brevlåda hos Tredje lådan/);
    assert.equal(await world.operatorOf(number), OPERATORS.absent.name);
  });
});

describe('a register that does not answer', () => {
  test('before she signs: a page that says so, and 503', async () => {
    const { person } = await visitorAt('first');
    await world.stop('far');
    const page = await person.open('/open');
    await world.startFar();
    assert.equal(page.status, 503);
    assert.match(page.text, /Registret svarar inte/);
    assert.match(page.text, /Inget har ändrats/);
  });

  test('after she has signed: her signature is kept and handed in when it is back', async () => {
    const { number, person, page } = await visitorAt('first');
    const back = await person.answer((await person.press(page, '/open')).to);
    await world.stop('far');
    const waiting = await person.go(back);
    await world.startFar();
    assert.match(waiting.text, /Vi väntar på svar från registret/);
    assert.match((await person.follow(await person.go(back))).text, /Din brevlåda är öppen/);
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
  });

  test('until the signature is too old: told, nothing is opened, and signing again works', async () => {
    const { number, person, page } = await visitorAt('first');
    const back = await person.answer((await person.press(page, '/open')).to);
    await world.stop('far');
    await person.go(back);
    aheadMs += 16 * MINUTE_MS;
    const late = await person.go(back);
    await world.startFar();
    assert.match(late.text, /Registret svarade inte i tid/);
    assert.equal(await world.operatorOf(number), undefined);
    const inbox = await person.pressAndSign(await person.open('/open'), '/open');
    assert.match(inbox.text, /Din brevlåda är öppen/);
  });

  test('its answer is lost after it opened the mailbox: it is asked, and nothing is handed in twice', async () => {
    const { number, person, page } = await visitorAt('first');
    const before = callsOf('register');
    world.tamperFar(loseAnswers('register'));
    assert.match((await person.pressAndSign(page, '/open')).text, /Din brevlåda är öppen/);
    assert.equal(callsOf('register') - before, 1);
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
  });

  test('its answer is lost, and so is what it says of the mailbox: the person waits, letters do not', async () => {
    const { number, person, page } = await visitorAt('first');
    const back = await person.answer((await person.press(page, '/open')).to);
    world.tamperFar(async (_call, next) => {
      await next();
      return { hangUp: true };
    });
    assert.match((await person.go(back)).text, /Vi väntar på svar från registret/);
    world.tamperFar(undefined);
    assert.equal(await world.deliver('first', number, 'Mitt emellan'), true);
    const inbox = await person.follow(await person.go(back));
    assert.match(inbox.text, /Din brevlåda är öppen/);
    assert.match(inbox.text, /Mitt emellan/);
  });

  test('the request never arrives: it is handed in again with the same signature', async () => {
    const { number, person, page } = await visitorAt('first');
    const back = await person.answer((await person.press(page, '/open')).to);
    let isFirst = true;
    world.tamperFar((call, next) => {
      if (call.operation !== 'register' || !isFirst) return next();
      isFirst = false;
      return Promise.resolve({ hangUp: true });
    });
    assert.match((await person.go(back)).text, /Vi väntar på svar från registret/);
    assert.match((await person.follow(await person.go(back))).text, /Din brevlåda är öppen/);
    assert.equal(await world.operatorOf(number), OPERATORS.first.name);
  });

  test('at login: she gets in and reads what she has', async () => {
    const { number } = await holderAt('first');
    await world.stop('far');
    const { page } = await visitorAt('first', number);
    await world.startFar();
    assert.match(page.text, /<h1[^>]*>Inkorg/);
  });
});

describe('moving', () => {
  test('the new operator takes her mail at once, the old one no more, and says where it is', async () => {
    const { number } = await holderAt('first');
    await world.deliver('first', number, 'Före flytten');
    const { person, page } = await visitorAt('second', number);
    assert.match(page.text, /Du har en brevlåda hos Brevlådan/);
    assert.match(page.text, /href="http:\/\/localhost\/first"/);
    const inbox = await person.pressAndSign(page, '/open');
    assert.match(inbox.text, /Din brevlåda är flyttad hit/);
    assert.equal(await world.operatorOf(number), OPERATORS.second.name);
    assert.equal(await world.deliver('second', number, 'Efter flytten'), true);

    const { page: old } = await visitorAt('first', number);
    assert.match(old.text, /Din brevlåda finns nu hos Posthörnan/);
    assert.match(old.text, /Före flytten/);
    assert.match(old.text, /Flytta tillbaka hit/);
    assert.equal(await world.deliver('first', number), false);
  });

  test('a letter that comes the instant the register has answered is taken', async () => {
    const { number } = await holderAt('first');
    const { person, page } = await visitorAt('second', number);
    const taken: boolean[] = [];
    world.tamperFar(async (call, next) => {
      const answer = await next();
      // The register has moved the mailbox; the operator does not know yet.
      if (call.operation === 'changeServiceSupplier') taken.push(await world.deliver('second', number, 'Genast'));
      return answer;
    });
    const inbox = await person.pressAndSign(page, '/open');
    assert.deepEqual(taken, [true]);
    assert.match(inbox.text, /Genast/);
  });

  test('and back again: old letters and new ones in one inbox', async () => {
    const { number } = await holderAt('first');
    await world.deliver('first', number, 'Från förr');
    const { person, page } = await visitorAt('second', number);
    await person.pressAndSign(page, '/open');
    const { person: atOld } = await visitorAt('first', number);
    const inbox = await atOld.pressAndSign(await atOld.open('/open'), '/open');
    assert.match(inbox.text, /Din brevlåda är flyttad hit/);
    assert.match(inbox.text, /Från förr/);
    assert.equal(await world.deliver('first', number), true);
    assert.equal(await world.deliver('second', number), true, 'the other has not been told yet');
    await visitorAt('second', number);
    assert.equal(await world.deliver('second', number), false);
  });

  test('signed with two operators at once: one wins, the other says so, and the register has one', async () => {
    const number = somebody();
    await giveMailbox(world, 'absent', number);
    const one = await visitorAt('first', number);
    const other = await visitorAt('second', number);
    const backs = [
      await one.person.answer((await one.person.press(one.page, '/open')).to),
      await other.person.answer((await other.person.press(other.page, '/open')).to),
    ] as const;
    const pages = await Promise.all([one.person.go(backs[0]), other.person.go(backs[1])]);
    const winners = pages.filter(({ to }) => to.includes('/inbox?done='));
    assert.equal(winners.length, 1);
    const loser = pages.find(({ to }) => to === '');
    assert.match(loser?.text ?? '', /Brevlådan ändrades medan du skrev under/);
    const won = pages[0] === winners[0] ? ('first' as const) : ('second' as const);
    const lost = won === 'first' ? ('second' as const) : ('first' as const);
    assert.equal(await world.operatorOf(number), OPERATORS[won].name);
    assert.equal(await world.deliver(won, number), true);
    assert.equal(await world.deliver(lost, number), false);
    const losing = won === 'first' ? other.person : one.person;
    assert.match((await losing.open('/open')).text, new RegExp(`Du har en brevlåda hos ${OPERATORS[won].name}`));
  });

  test('the old operator learns it without a login, a thousand mailboxes in one question', async () => {
    const { number, page } = await holderAt('first');
    assert.match(page.text, /Inkorg/);
    const { person, page: opening } = await visitorAt('second', number);
    await person.pressAndSign(opening, '/open');
    const before = callsOf('isRegistered');
    await world.databases.first.pool.query(
      'insert into account (id, recipient_id, state, opened_at) select gen_random_uuid(), lpad(n::text, 12, $1), $2, now() from generate_series(1, 1500) n',
      ['190001010000', 'active'],
    );
    await world.databases.first.pool.query(`update account set check_due_at = now() where state = 'active'`);
    // It looks for what is due when it starts, and every minute after that.
    await world.stop('first');
    await world.startOperator('first');
    const deadlineMs = Date.now() + 60_000;
    while ((await world.accountState('first', number)) !== 'moved') {
      assert.ok(Date.now() < deadlineMs, 'the worker never asked');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.ok(callsOf('isRegistered') - before <= 4, `${callsOf('isRegistered') - before} questions`);
    assert.equal(await world.deliver('first', number), false);
  });
});

describe('senders', () => {
  const [{ organizationNumber: MUNICIPALITY, name: MUNICIPALITY_NAME }, { organizationNumber: REGION }] = SENDERS;
  const review = (accept: readonly string[]) =>
    `/settings/senders/review?shown=${MUNICIPALITY},${REGION}${accept.map((id) => `&accept=${id}`).join('')}`;

  test('one is turned away with a signature, and taken back with another', async () => {
    const { number, person } = await holderAt('first');
    const list = await person.open('/settings/senders');
    assert.equal([...list.text.matchAll(/name="accept"[^>]* checked/g)].length, 2);
    const asked = await person.open(review([REGION]));
    assert.match(asked.text, new RegExp(`${MUNICIPALITY_NAME} skickar då papper`));
    assert.match(asked.text, new RegExp(`från dessa avsändare: ${REGION}\\.`));
    const saved = await person.pressAndSign(asked, '/settings/senders');
    assert.match(saved.text, /Dina val av avsändare är sparade/);
    assert.match(saved.text, /Skickar på papper till dig/);
    assert.equal(await world.acceptsMail(number), false);
    assert.match((await person.open('/settings')).text, /Du har valt bort en avsändare/);

    await person.pressAndSign(await person.open(review([MUNICIPALITY, REGION])), '/settings/senders');
    assert.equal(await world.acceptsMail(number), true);
    assert.match((await person.open('/settings')).text, /från alla anslutna avsändare/);
  });

  test('from none at all', async () => {
    const { number, person } = await holderAt('first');
    const asked = await person.open(review([]));
    assert.match(asked.text, /från inga avsändare\./);
    const saved = await person.pressAndSign(asked, '/settings/senders');
    assert.equal([...saved.text.matchAll(/name="accept"[^>]* checked/g)].length, 0);
    assert.equal(await world.acceptsMail(number), false);
  });

  test('nothing changed is nothing to sign', async () => {
    const { person } = await holderAt('first');
    const asked = await person.open(review([MUNICIPALITY, REGION]));
    assert.match(asked.text, /Du har inte ändrat något/);
    assert.doesNotMatch(asked.text, /method="post" action="\/settings\/senders"/);
  });

  test('a number that is no connected sender is refused, and so is one that is no number', async () => {
    const { person } = await holderAt('first');
    for (const shown of ['165568402266', 'abc', '162021004748;drop']) {
      const page = await person.open(`/settings/senders/review?shown=${encodeURIComponent(shown)}`);
      assert.equal(page.status, 422);
      assert.match(page.text, /MAILBOX_UNKNOWN_SENDERS/);
    }
  });

  test('the answer is lost after the register stored them: asked, and told as saved', async () => {
    const { number, person } = await holderAt('first');
    const before = callsOf('storeAccountPreferences');
    world.tamperFar(loseAnswers('storeAccountPreferences'));
    const saved = await person.pressAndSign(await person.open(review([REGION])), '/settings/senders');
    assert.match(saved.text, /Dina val av avsändare är sparade/);
    assert.equal(callsOf('storeAccountPreferences') - before, 1);
    assert.equal(await world.acceptsMail(number), false);
  });

  test('search finds by part of the name', async () => {
    const { person } = await holderAt('first');
    const page = await person.open(`/settings/senders?q=${encodeURIComponent('LILLKÖP')}`);
    assert.match(page.text, /1 av 2 avsändare/);
    assert.doesNotMatch(page.text, /Region Norrlia/);
    assert.match((await person.open('/settings/senders?q=%25')).text, /Ingen avsändare stämmer/);
  });

  test('while the register is away the settings show what they can', async () => {
    const { person } = await holderAt('first');
    await world.stop('far');
    const settings = await person.open('/settings');
    const list = await person.open('/settings/senders');
    await world.startFar();
    assert.equal(settings.status, 200);
    assert.match(settings.text, /Registret svarar inte just nu/);
    assert.equal(list.status, 503);
  });
});

describe('closing', () => {
  test('letters stay readable, new ones are refused, and a new mailbox can be opened', async () => {
    const { number, person } = await holderAt('first');
    await world.deliver('first', number, 'Det jag hade');
    const closed = await person.pressAndSign(await person.open('/settings/close'), '/settings/close');
    assert.match(closed.text, /Din brevlåda är stängd/);
    assert.equal(await world.operatorOf(number), undefined);
    assert.equal(await world.deliver('first', number), false);
    const inbox = await person.open('/inbox');
    assert.match(inbox.text, /Det jag hade/);
    assert.match(inbox.text, /Öppna den igen/);
    assert.match((await person.pressAndSign(await person.open('/open'), '/open')).text, /Det jag hade/);
    assert.equal(await world.deliver('first', number), true);
  });

  test('the answer is lost: found out, and closed once', async () => {
    const { number, person } = await holderAt('first');
    const before = callsOf('deregister');
    world.tamperFar(loseAnswers('deregister'));
    const closed = await person.pressAndSign(await person.open('/settings/close'), '/settings/close');
    assert.match(closed.text, /Din brevlåda är stängd/);
    assert.equal(callsOf('deregister') - before, 1);
    assert.equal(await world.accountState('first', number), 'closed');
  });

  test('whose mailbox moved away meanwhile cannot close it here', async () => {
    const { number, person } = await holderAt('first');
    const page = await person.open('/settings/close');
    const at = await visitorAt('second', number);
    await at.person.pressAndSign(at.page, '/open');
    const answer = await person.press(page, '/settings/close');
    assert.match(answer.to, /\/settings$/);
    assert.match((await person.follow(answer)).text, /Flyttad till Posthörnan/);
    assert.equal(await world.operatorOf(number), OPERATORS.second.name);
  });

  test('one act at a time: who begins another before she has signed has replaced the first', async () => {
    const { person } = await holderAt('first');
    const { to: closing } = await person.press(await person.open('/settings/close'), '/settings/close');
    const saved = await person.pressAndSign(
      await person.open(`/settings/senders/review?shown=${SENDERS[1].organizationNumber}`),
      '/settings/senders',
    );
    assert.match(saved.text, /Dina val av avsändare är sparade/);
    const stale = await person.go(await person.answer(closing));
    assert.match(stale.text, /Du började på något annat/);
    assert.match((await person.open('/inbox')).text, /<h1[^>]*>Inkorg/);
  });
});

test('the settings tell what she has signed, word for word', async () => {
  const { number, person, page } = await visitorAt('first');
  await person.pressAndSign(page, '/open');
  const settings = await person.open('/settings');
  assert.match(settings.text, /Öppnade brevlådan/);
  assert.match(settings.text, /Genomfört/);
  const path = /href="(\/settings\/acts\/[\w-]+)"/.exec(settings.text)?.[1] ?? '';
  const act = await person.open(path);
  assert.match(act.text, new RegExp(`Mottagare ${number} ansluter sig`));
  const { person: stranger } = await holderAt('first');
  assert.equal((await stranger.open(path)).status, 404);
});

test('no log line of FaR or the operators holds a personal number', async () => {
  const { number, person, page } = await visitorAt('first');
  await person.pressAndSign(page, '/open');
  await world.deliver('first', number);
  assert.ok(world.logged().includes('act handed in to FaR'));
  assert.ok(!world.logged().includes(number), 'a personal number in the log');
});
