import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summarize } from '../src/accountStatistics.ts';
import { type StartPageFacts, startPage } from '../src/pages/startPage.ts';

const OPERATOR = {
  id: 1,
  organizationNumber: '165568402266',
  name: 'Brevlådan',
  domain: 'brevladan.example',
  serviceAddress: 'https://brevladan.example/service/v3',
  uiAddress: 'https://brevladan.example',
  logo: null,
};
const FACTS: StartPageFacts = {
  senders: [{ organizationNumber: '162021004748', name: 'Staden <script>alert(1)</script> & regionen' }],
  dispatchers: [{ organizationNumber: '162021003898', name: 'Kommun B', senders: ['162021004748', '162120000142'] }],
  operators: [OPERATOR],
  statistics: summarize(
    [
      { operatorId: 1, accountType: 'S', pending: false, count: 12_345 },
      { operatorId: 1, accountType: 'A', pending: false, count: 1 },
      { operatorId: 1, accountType: 'S', pending: true, count: 7 },
      { operatorId: 1, accountType: 'N', pending: false, count: 99_999 },
      { operatorId: null, accountType: 'S', pending: false, count: 3 },
    ],
    new Date('2026-11-23T12:00:00Z'),
  ),
  soapUrl: 'https://far.example/webservice/Recipient/v3',
  wsdlHref: '/webservice/Recipient/v3?wsdl',
  operations: ['isReachable', 'isRegistered'],
  recipientIdsMax: 1000,
  isDevelopmentRegister: true,
};
const EMPTY: StartPageFacts = {
  ...FACTS,
  senders: [],
  dispatchers: [],
  operators: [],
  statistics: summarize([], new Date()),
  isDevelopmentRegister: false,
};

describe('the public page', () => {
  it('says in Swedish who is connected and how many mailboxes each operator has', () => {
    const page = startPage(FACTS, { lang: 'sv', nonce: 'n' });
    assert.match(page, /<html lang="sv"/);
    assert.match(page, /Det här är ett utvecklingsregister/);
    assert.match(page, /12\u00a0346/);
    assert.match(page, /12\u00a0356/, 'the sum of active, pending and those without operator');
    assert.match(page, /Operatören har lämnat/);
    assert.match(page, /556840-2266/);
    assert.match(page, /href="\/webservice\/Recipient\/v3\?wsdl"/);
    assert.match(page, /2026-11-23 13:00/);
  });

  it('counts no deregistered recipient', () => {
    assert.deepEqual(FACTS.statistics.perOperator, [
      { operatorId: 1, active: 12_346, pending: 7 },
      { operatorId: null, active: 3, pending: 0 },
    ]);
  });

  it('names the senders that a dispatcher serves, by number where the name is unknown', () => {
    assert.match(startPage(FACTS, { lang: 'sv', nonce: 'n' }), /regionen, 162120000142/);
  });

  it('lets no name become markup', () => {
    const page = startPage(FACTS, { lang: 'sv', nonce: 'n' });
    assert.doesNotMatch(page, /<script>alert/);
    assert.match(page, /Staden &lt;script&gt;/);
  });

  it('speaks English', () => {
    const page = startPage(FACTS, { lang: 'en', nonce: 'n' });
    assert.match(page, /<html lang="en"/);
    assert.match(page, /This is a development register/);
    assert.match(page, /12,346/);
  });

  it('says what is missing instead of empty tables, and nothing of development', () => {
    const page = startPage(EMPTY, { lang: 'sv', nonce: 'n' });
    for (const text of ['Ingen avsändare', 'Ingen förmedlare', 'Ingen brevlådeoperatör', 'Ingen brevlåda']) {
      assert.ok(page.includes(`${text} är`), text);
    }
    assert.doesNotMatch(page, /utvecklingsregister/);
  });
});
