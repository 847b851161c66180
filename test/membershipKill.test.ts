import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import {
  giveMailbox,
  type MembershipWorld,
  OPERATORS,
  type OperatorProcess,
  Person,
  SENDERS,
  somebody,
  startMembershipWorld,
  startOperatorProcess,
} from './support/membershipWorld.ts';

/**
 * The operator is killed at the boundaries of an act. What was signed is carried out once, what was not is not; register, operator
 * and letters agree afterwards. The register's side of the call is where the test knows the instant: it kills before or after the
 * register has decided, and no answer ever reaches the operator.
 */
let world: MembershipWorld;
let operator: OperatorProcess | undefined;

before(async () => {
  world = await startMembershipWorld();
  await world.stop('second');
});
after(async () => {
  await operator?.kill();
  await world.close();
});
afterEach(() => world.tamperFar(undefined));

/** The operator that the last test restarted is as good as a new one: a start costs seconds. */
async function visitor(number: string) {
  operator ??= await startOperatorProcess(world, 'second');
  const person = new Person(world.origin('second'), number);
  return { person, page: await person.logIn() };
}

/** The killed one's lease runs out by itself after a minute and a half; here at once. */
async function restart(): Promise<void> {
  await operator?.kill();
  operator = undefined;
  await world.databases.second.pool.query('update signing_order set leased_until = now(), next_try_at = now()');
  operator = await startOperatorProcess(world, 'second');
}

/** Kills the operator in the middle of its call: with `decided` the register has done what it was asked. */
function killDuring(operation: string, when: 'undecided' | 'decided'): void {
  world.tamperFar(async (call, next) => {
    if (call.operation !== operation) return next();
    if (when === 'decided') await next();
    await operator?.kill();
    world.tamperFar(undefined);
    return { hangUp: true };
  });
}

async function stateBecomes(number: string, state: string): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  while ((await world.accountState('second', number)) !== state) {
    assert.ok(Date.now() < deadlineMs, `the mailbox never became ${state}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('killed after she signed, before she came back: opened after the restart, without her', async () => {
  const number = somebody();
  await world.addPersons(number);
  const { person, page } = await visitor(number);
  await person.answer((await person.press(page, '/open')).to);
  await restart();
  await stateBecomes(number, 'active');
  assert.equal(await world.operatorOf(number), OPERATORS.second.name);
  assert.equal(await world.deliver('second', number), true);
});

for (const when of ['undecided', 'decided'] as const) {
  test(`killed while it registers her, the register ${when}: opened once`, async () => {
    const number = somebody();
    await world.addPersons(number);
    const { person, page } = await visitor(number);
    const back = await person.answer((await person.press(page, '/open')).to);
    killDuring('register', when);
    await assert.rejects(person.go(back));
    assert.equal(await world.operatorOf(number), when === 'decided' ? OPERATORS.second.name : undefined);
    await restart();
    // A letter that comes before anything was found out is taken as well.
    assert.equal(await world.deliver('second', number, 'Under tiden'), true);
    await stateBecomes(number, 'active');
    assert.equal(await world.operatorOf(number), OPERATORS.second.name);
    const inbox = await person.follow(await person.go(back));
    assert.match(inbox.text, /Din brevlåda är öppen/);
    assert.match(inbox.text, /Under tiden/);
  });

  test(`killed while it moves her here, the register ${when}: moved once`, async () => {
    const number = somebody();
    await giveMailbox(world, 'absent', number);
    const { person, page } = await visitor(number);
    const back = await person.answer((await person.press(page, '/open')).to);
    killDuring('changeServiceSupplier', when);
    await assert.rejects(person.go(back));
    await restart();
    await stateBecomes(number, 'active');
    assert.equal(await world.operatorOf(number), OPERATORS.second.name);
    assert.match((await person.follow(await person.go(back))).text, /Din brevlåda är flyttad hit/);
  });

  test(`killed while it closes, the register ${when}: closed once, letters kept`, async () => {
    const number = somebody();
    await giveMailbox(world, 'second', number);
    const { person } = await visitor(number);
    await world.deliver('second', number, 'Det jag hade');
    const page = await person.open('/settings/close');
    const back = await person.answer((await person.press(page, '/settings/close')).to);
    killDuring('deregister', when);
    await assert.rejects(person.go(back));
    await restart();
    await stateBecomes(number, 'closed');
    assert.equal(await world.operatorOf(number), undefined);
    assert.match((await person.open('/inbox')).text, /Det jag hade/);
  });

  test(`killed while it stores her choice of senders, the register ${when}: stored once`, async () => {
    const number = somebody();
    await giveMailbox(world, 'second', number);
    const { person } = await visitor(number);
    const path = `/settings/senders/review?shown=${SENDERS[0].organizationNumber}`;
    const back = await person.answer((await person.press(await person.open(path), '/settings/senders')).to);
    killDuring('storeAccountPreferences', when);
    await assert.rejects(person.go(back));
    assert.equal(await world.acceptsMail(number), when === 'undecided');
    await restart();
    // The restarted one carries it out at its own pace; until then she is told that the register has not answered.
    let saved = await person.follow(await person.go(back));
    const deadlineMs = Date.now() + 30_000;
    while (/Vi väntar på svar från registret/.test(saved.text) && Date.now() < deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      saved = await person.follow(await person.go(back));
    }
    assert.match(saved.text, /Dina val av avsändare är sparade/);
    assert.equal(await world.acceptsMail(number), false);
  });
}
