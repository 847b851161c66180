import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Language } from '@brevduva/ui';
import { REFUSALS } from '../src/membership/refusal.ts';
import type { OrderState, Purpose, SigningOrderRow } from '../src/sql/signingOrder.ts';
import { actPage, signedActPage } from '../src/web/actPage.ts';
import type { Shell } from '../src/web/layout.ts';

const PURPOSES: Purpose[] = ['register', 'changeServiceSupplier', 'storeAccountPreferences', 'deregister'];
const STATES: OrderState[] = ['begun', 'ordered', 'signed', 'sent', 'done', 'cancelled', 'expired', 'replaced'];

function shell(lang: Language): Shell {
  const brand = { name: 'Postlådan', home: '/' };
  return { lang, brand, nonce: 'n', address: '/signing/1', user: { name: 'Anna', csrfToken: 't' } };
}

function order(changes: Partial<SigningOrderRow>): SigningOrderRow {
  return {
    ...{ id: 'a1', userId: 'u', recipientId: '199001012385', purpose: 'register', acceptedSenders: null },
    ...{ text: 'Jag <b>öppnar</b>.', nonce: 'n', state: 'refused', createdAt: new Date('2026-11-23T09:00:00Z') },
    ...{ orderRef: 'r', signUrl: 'https://e-id.example/sign/1', signature: Buffer.from('x'), certificate: 'c' },
    ...{ signatureEncoding: 'UTF-8', collectedAt: null, attempts: 0, faultCode: null, refusal: null, settledAt: null },
    ...changes,
  };
}

const titleOf = (page: string) => /<h1[^>]*>([^<]+)</.exec(page)?.[1] ?? '';

test('every reason has a headline and a text of its own, in both languages, and leads on where it can', () => {
  for (const lang of ['sv', 'en'] as const) {
    const pages = REFUSALS.map((refusal) => actPage(shell(lang), order({ refusal })));
    assert.equal(new Set(pages.map(titleOf)).size, REFUSALS.length);
    for (const [index, page] of pages.entries()) {
      assert.doesNotMatch(page, /undefined|\[object/);
      const isEnd = ['minor', 'protectedIdentity', 'unknownPerson'].includes(REFUSALS[index] ?? '');
      assert.equal(page.includes('href="/open"'), !isEnd, REFUSALS[index]);
    }
  }
});

test('every state of every act has a page in both languages', () => {
  for (const lang of ['sv', 'en'] as const) {
    for (const purpose of PURPOSES) {
      for (const state of STATES) {
        const page = actPage(shell(lang), order({ purpose, state }));
        assert.notEqual(titleOf(page), '');
        assert.doesNotMatch(page, /undefined|\[object/);
      }
    }
  }
});

test('trying again leads to where the act begins', () => {
  const target = (purpose: Purpose) => actPage(shell('sv'), order({ purpose, state: 'cancelled' }));
  assert.match(target('register'), /href="\/open"/);
  assert.match(target('storeAccountPreferences'), /href="\/settings\/senders"/);
  assert.match(target('deregister'), /href="\/settings\/close"/);
});

test('a fault of ours is told with the reference that finds it; others without', () => {
  assert.match(actPage(shell('sv'), order({ refusal: 'other', faultCode: 5002 })), /a1 · 5002/);
  assert.doesNotMatch(actPage(shell('sv'), order({ refusal: 'minor', faultCode: 5009 })), /5009/);
});

test('what was signed is shown as text, whatever stands in it', () => {
  const page = signedActPage(shell('en'), order({ state: 'done' }));
  assert.match(page, /Jag &lt;b&gt;öppnar&lt;\/b&gt;\./);
  assert.match(page, /lang="sv"/);
});
