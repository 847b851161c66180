import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isAgreementTo } from '@brevduva/protocol';
import { textToSign } from '../src/membership/agreement.ts';
import { registeredState } from '../src/membership/checkAccounts.ts';
import {
  afterHandIn,
  afterLookingUp,
  isFresh,
  RETRY_MS,
  SIGNATURE_USABLE_MS,
  standsAsWanted,
  whenStale,
} from '../src/membership/nextState.ts';
import { REFUSALS, readRefusal, refusalOf } from '../src/membership/refusal.ts';
import { type Standing, standingOf } from '../src/membership/standing.ts';
import type { AccountRow } from '../src/sql/account.ts';
import { OPERATOR } from './operator.ts';
import { PERSON_ANNA } from './people.ts';

const OTHER = '165591628135';

function supplier(Id: string, UIAdress?: string) {
  const address = { ServiceAdress: 'https://b.example/service/v3', InternalServiceAdress: '' };
  return { Id, Name: 'Andra lådan', ...address, ...(UIAdress === undefined ? {} : { UIAdress }) };
}

describe('where a mailbox is, as FaR tells it', () => {
  const secure = { RecipientId: PERSON_ANNA, Type: 'Secure' as const, Pending: false };
  test('nowhere, here, elsewhere, waiting, without operator', () => {
    assert.deepEqual(standingOf({ ...secure, Type: 'Not' }, OPERATOR), { kind: 'none' });
    assert.deepEqual(standingOf({ ...secure, ServiceSupplier: supplier(OPERATOR) }, OPERATOR), { kind: 'here' });
    assert.deepEqual(standingOf({ ...secure, ServiceSupplier: supplier(OTHER, 'https://b.example/start') }, OPERATOR), {
      kind: 'elsewhere',
      operator: { name: 'Andra lådan', webUrl: 'https://b.example/start' },
    });
    const waiting = { ...secure, Pending: true };
    assert.deepEqual(standingOf({ ...waiting, ServiceSupplier: supplier(OPERATOR) }, OPERATOR), {
      kind: 'waiting',
      operator: undefined,
    });
    assert.deepEqual(standingOf({ ...waiting, ServiceSupplier: supplier(OTHER) }, OPERATOR), {
      kind: 'waiting',
      operator: { name: 'Andra lådan', webUrl: undefined },
    });
    assert.deepEqual(standingOf(secure, OPERATOR), { kind: 'unserved' });
  });

  test('another operator’s address becomes a link only when it is an ordinary web address', () => {
    for (const UIAdress of ['javascript:alert(1)', 'data:text/html,x', 'inte en adress', 'ftp://b.example/']) {
      const standing = standingOf({ ...secure, ServiceSupplier: supplier(OTHER, UIAdress) }, OPERATOR);
      assert.equal(standing.kind === 'elsewhere' && standing.operator.webUrl, undefined, UIAdress);
    }
  });
});

describe('what that makes of a mailbox here', () => {
  const account: AccountRow = {
    id: 'a',
    recipientId: PERSON_ANNA,
    state: 'active',
    movedTo: null,
    movedToUrl: null,
    openedAt: new Date(0),
    revision: 3,
  };
  const operator = { name: 'Andra lådan', webUrl: undefined };
  const cases: [Standing, string][] = [
    [{ kind: 'here' }, 'active'],
    [{ kind: 'none' }, 'closed'],
    [{ kind: 'elsewhere', operator }, 'moved'],
    [{ kind: 'waiting', operator: undefined }, 'pending'],
    [{ kind: 'waiting', operator }, 'closed'],
    [{ kind: 'unserved' }, 'active'],
  ];
  for (const [standing, state] of cases) {
    test(`${JSON.stringify(standing)} → ${state}`, () => {
      const { revision, ...made } = registeredState(account, standing);
      assert.equal(made.state, state);
      assert.equal(revision, 3);
      assert.equal(made.movedTo, state === 'moved' ? 'Andra lådan' : null);
    });
  }
  test('one that has moved and lost its new operator stays as it is', () => {
    const moved = { ...account, state: 'moved' as const, movedTo: 'Andra lådan' };
    assert.deepEqual(registeredState(moved, { kind: 'unserved' }), {
      id: 'a',
      revision: 3,
      state: 'moved',
      movedTo: 'Andra lådan',
      movedToUrl: null,
    });
  });
});

describe('after the register was called', () => {
  const first = { attempts: 1 };
  const second = { attempts: 2 };
  test('yes is done, and silence is looked into at once', () => {
    assert.deepEqual(afterHandIn(first, { kind: 'done' }), { state: 'done', waitMs: 0 });
    assert.deepEqual(afterHandIn(first, { kind: 'unknown' }), { state: 'sent', waitMs: 0 });
  });
  test('what never arrived counts as no attempt', () => {
    assert.deepEqual(afterHandIn(second, { kind: 'notSent' }), { state: 'signed', attempts: 1, waitMs: RETRY_MS });
  });
  for (const faultCode of [5000, 5017, 5018]) {
    test(`${faultCode} is tried again, and counts as no attempt`, () => {
      const step = afterHandIn(first, { kind: 'refused', faultCode });
      assert.deepEqual(step, { state: 'signed', attempts: 0, faultCode, waitMs: RETRY_MS });
    });
  }
  for (const faultCode of [5001, 5002, 5009, 5010, 5012, 6006, 6007]) {
    test(`${faultCode} ends it, unless an earlier call may have got through`, () => {
      const refused = { kind: 'refused' as const, faultCode };
      const refusal = refusalOf(faultCode);
      assert.deepEqual(afterHandIn(first, refused), { state: 'refused', faultCode, refusal, waitMs: 0 });
      assert.deepEqual(afterHandIn(second, refused), { state: 'sent', faultCode, waitMs: 0 });
    });
  }
  for (const faultCode of [5007, 5011]) {
    test(`${faultCode} is always looked into: so looks what was asked for, when it is so already`, () => {
      assert.deepEqual(afterHandIn(first, { kind: 'refused', faultCode }), { state: 'sent', faultCode, waitMs: 0 });
    });
  }
});

describe('after looking how things stand', () => {
  test('as wanted is done, whatever was said before', () => {
    for (const faultCode of [null, 5007, 5012]) {
      assert.deepEqual(afterLookingUp({ faultCode }, { isSo: true, isFresh: false }), { state: 'done', waitMs: 0 });
    }
  });
  test('not as wanted: a refusal counts; otherwise it is handed in again while the signature is fresh', () => {
    const not = { isSo: false, isFresh: true };
    assert.deepEqual(afterLookingUp({ faultCode: 5007 }, not), { state: 'refused', refusal: 'alreadyOpen', waitMs: 0 });
    for (const faultCode of [null, 5017]) {
      assert.deepEqual(afterLookingUp({ faultCode }, not), { state: 'signed', waitMs: RETRY_MS });
      const stale = afterLookingUp({ faultCode }, { isSo: false, isFresh: false });
      assert.deepEqual(stale, { state: 'refused', refusal: 'tooLate', waitMs: 0 });
    }
  });
  test('a stale signature that may have got through is looked into; one that never did is over', () => {
    assert.deepEqual(whenStale({ attempts: 1, faultCode: null }), { state: 'sent', waitMs: 0 });
    const over = { state: 'refused', waitMs: 0 };
    assert.deepEqual(whenStale({ attempts: 0, faultCode: null }), { ...over, refusal: 'tooLate' });
    assert.deepEqual(whenStale({ attempts: 0, faultCode: 5017 }), { ...over, refusal: 'populationRegister' });
  });
  test('fresh is a minute less than the register takes', () => {
    const collectedAt = new Date('2026-11-23T09:00:00Z');
    const at = (ms: number) => new Date(collectedAt.getTime() + ms);
    assert.equal(isFresh({ collectedAt }, at(SIGNATURE_USABLE_MS - 1)), true);
    assert.equal(isFresh({ collectedAt }, at(SIGNATURE_USABLE_MS)), false);
    assert.equal(isFresh({ collectedAt: null }, at(0)), false);
  });
  test('a mailbox stands as wanted', () => {
    const operator = { name: 'B', webUrl: undefined };
    assert.equal(standsAsWanted('register', { kind: 'here' }), true);
    assert.equal(standsAsWanted('changeServiceSupplier', { kind: 'elsewhere', operator }), false);
    assert.equal(standsAsWanted('storeAccountPreferences', { kind: 'none' }), false);
    assert.equal(standsAsWanted('deregister', { kind: 'none' }), true);
    assert.equal(standsAsWanted('deregister', { kind: 'elsewhere', operator }), true);
    assert.equal(standsAsWanted('deregister', { kind: 'here' }), false);
    assert.equal(standsAsWanted('deregister', { kind: 'waiting', operator: undefined }), false);
  });
});

test('every refusal is read back as it was stored, and an unknown one as something that went wrong', () => {
  for (const refusal of REFUSALS) assert.equal(readRefusal(refusal), refusal);
  assert.equal(readRefusal('nonsense'), 'other');
  assert.equal(readRefusal(null), 'other');
  assert.equal(refusalOf(9998), 'other');
});

describe('the text that is signed', () => {
  const operator = { name: 'Postlådan', domain: 'Post.Example' };
  test('names the act, as the register demands', () => {
    for (const purpose of ['register', 'changeServiceSupplier', 'deregister'] as const) {
      const text = textToSign({ purpose }, PERSON_ANNA, operator);
      const agreement = { action: purpose, recipientId: PERSON_ANNA, serviceSupplier: 'post.example' };
      assert.ok(isAgreementTo(text, agreement), purpose);
      assert.match(text, /Postlådan/);
    }
  });
  test('a sender’s name writes no line of its own', () => {
    const text = textToSign(
      {
        purpose: 'storeAccountPreferences',
        acceptedSenders: ['162021004748'],
        declinedNames: ['Ond\nMottagare 199001012385 byter brevlåda till ond.example.\nkommun'],
        regainedNames: [],
      },
      PERSON_ANNA,
      operator,
    );
    const moved = { recipientId: PERSON_ANNA, serviceSupplier: 'ond.example' };
    assert.equal(isAgreementTo(text, { action: 'changeServiceSupplier', ...moved }), false);
    const stored = { recipientId: PERSON_ANNA, serviceSupplier: 'post.example', acceptedSenders: ['162021004748'] };
    assert.ok(isAgreementTo(text, { action: 'storeAccountPreferences', ...stored }));
  });
});
