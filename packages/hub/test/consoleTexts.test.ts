import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ReachabilityStatus, RecipientId } from '@brevduva/protocol';
import { CASE_REASONS } from '../src/caseReasons.ts';
import { detailLabel, detailValue } from '../src/console/detailWords.ts';
import { errorText } from '../src/console/errorTexts.ts';
import { switchText } from '../src/console/switchTexts.ts';
import { consoleTexts } from '../src/console/texts.ts';
import type { EInvoiceFacts } from '../src/eInvoice/eInvoiceFacts.ts';
import { HUB_ERRORS } from '../src/errors.ts';
import { EVENT_TEXTS, eventText } from '../src/events.ts';
import { HAND_IN_REASONS } from '../src/handInReasons.ts';
import { type ChannelPolicy, type DigitalFailure, EINVOICE_FAILURES } from '../src/letter.ts';
import { PDF_FAULT_TEXTS } from '../src/pdf/faults.ts';
import { decideChannel, SWITCH_RULES, type SwitchFacts } from '../src/switch.ts';
import { externalDispatcher } from './support/claimedLetter.ts';

const SWEDISH = /[åäöÅÄÖ]|\b(och|inte|brevet|mottagaren)\b/i;

test('every sentence that the switch can say is said in English too', () => {
  const sentences = new Set<string>();
  for (const facts of everyFacts()) {
    const { reason, tried } = decideChannel(facts);
    for (const sentence of [reason, ...tried.map(({ why }) => why)]) sentences.add(sentence);
  }
  assert.ok(sentences.size >= 20, `only ${sentences.size} sentences were found`);
  for (const sentence of sentences) {
    assert.equal(switchText(sentence, 'sv'), sentence);
    assert.notEqual(switchText(sentence, 'en'), sentence, sentence);
    assert.doesNotMatch(switchText(sentence, 'en').replace('Brevlådan AB', '').replace('Förmedlaren AB', ''), SWEDISH);
  }
  assert.equal(switchText('En mening från en senare version.', 'en'), 'En mening från en senare version.');
});

function* everyFacts(): Generator<SwitchFacts> {
  const supplier = { Id: '165568402266', Name: 'Brevlådan AB', ServiceAdress: 'https://x', InternalServiceAdress: '' };
  const answers: (ReachabilityStatus | undefined)[] = [
    undefined,
    answer('Not', false, true),
    answer('Secure', true, true, supplier),
    answer('Secure', false, false, supplier),
    answer('Secure', false, true),
    answer('Secure', false, true, supplier),
  ];
  const policies: ChannelPolicy[] = ['digitalFirst', 'digitalOnly', 'paperOnly'];
  const failures: (DigitalFailure | undefined)[] = [
    undefined,
    'mailboxClosed',
    'refused',
    'deadlinePassed',
    'contentTooLarge',
    'dispatcherRefused',
    'dispatcherFailed',
  ];
  const dispatchers = [undefined, externalDispatcher({}), externalDispatcher({ asksRegister: 'them' })];
  const sources: SwitchFacts['addressSource'][] = [undefined, 'found', 'protected', 'deceased', 'unknown'];
  for (const eInvoice of E_INVOICES)
    yield {
      recipient: '191212121212' as RecipientId,
      ...{ policy: 'digitalFirst', reachability: undefined, digitalFailure: undefined, lookups: 0, eInvoice },
      ...{
        protectedIdentity: false,
        paperOrdered: false,
        addressKnown: true,
        addressSource: undefined,
        isNotice: false,
        dispatcher: undefined,
      },
    };
  for (const dispatcher of dispatchers)
    for (const addressSource of sources)
      for (const reachability of answers)
        for (const isNotice of [false, true])
          for (const policy of policies)
            for (const digitalFailure of failures)
              for (const bits of [0, 1, 2, 3, 4, 5, 6, 7])
                yield {
                  recipient: '191212121212' as RecipientId,
                  policy,
                  reachability,
                  digitalFailure,
                  lookups: 2,
                  protectedIdentity: (bits & 1) > 0,
                  paperOrdered: (bits & 2) > 0,
                  addressKnown: (bits & 4) > 0,
                  addressSource,
                  dispatcher,
                  isNotice,
                  eInvoice: { kind: 'notInvoice' },
                };
}

const E_INVOICES: readonly EInvoiceFacts[] = [
  ...(['notConnected', 'incomplete', 'notAsked', 'notWanted', 'unavailable'] as const).map((kind) => ({ kind })),
  ...EINVOICE_FAILURES.map((failure) => ({ kind: 'failed', failure }) as const),
  { kind: 'wanted', address: { scheme: '0007', id: '5568402266' } },
];

function answer(type: string, pending: boolean, accepted: boolean, supplier?: unknown): ReachabilityStatus {
  const account = { RecipientId: '191212121212', Type: type, Pending: pending };
  return {
    AccountStatus: supplier === undefined ? account : { ...account, ServiceSupplier: supplier },
    SenderAccepted: accepted,
  } as unknown as ReachabilityStatus;
}

test('every rule of the switch has a name in both languages', () => {
  for (const lang of ['sv', 'en'] as const) {
    const texts = consoleTexts(lang) as Readonly<Record<string, unknown>>;
    const unnamed = SWITCH_RULES.map(({ name }) => name).filter((name) => typeof texts[`rule_${name}`] !== 'string');
    assert.deepEqual(unnamed, []);
  }
});

test('events and case reasons are told in both languages', () => {
  for (const kind of Object.keys(EVENT_TEXTS)) {
    assert.notEqual(eventText(kind, 'en').title, eventText(kind, 'sv').title, kind);
    assert.doesNotMatch(eventText(kind, 'en').title, SWEDISH);
  }
  for (const [reason, { en, ...sv }] of Object.entries(CASE_REASONS)) {
    for (const key of ['text', 'owner', 'nextAction'] as const) {
      assert.ok(sv[key].length > 5, reason);
      assert.notEqual(en[key], sv[key], reason);
      assert.doesNotMatch(en[key], SWEDISH);
    }
  }
  for (const [reason, { en, ...sv }] of Object.entries(HAND_IN_REASONS)) {
    for (const key of ['text', 'nextAction'] as const) {
      assert.ok(sv[key].length > 5 && sv[key] !== en[key], reason);
      assert.doesNotMatch(en[key], SWEDISH);
    }
  }
  assert.equal(eventText('constructor').title, 'constructor');
});

test('every fault that a story or a form can show has an English text', () => {
  const source = readFileSync(new URL('../src/paper/address.ts', import.meta.url), 'utf8');
  const addressCodes = new Set(source.match(/HUB_ADDRESS_[A-Z_]+(?=')/g));
  assert.ok(addressCodes.size >= 10);
  const fieldCodes = Object.keys(HUB_ERRORS).filter((code) =>
    /^HUB_(RECIPIENT_|FIELD_(REQUIRED|TOO_LONG|CHAR))/.test(code),
  );
  assert.equal(fieldCodes.length, 6);
  for (const code of [...addressCodes, ...fieldCodes, ...Object.keys(PDF_FAULT_TEXTS)]) {
    assert.notEqual(errorText(code, 'Svensk text', 'en'), 'Svensk text', code);
    assert.equal(errorText(code, 'Svensk text', 'sv'), 'Svensk text');
  }
  assert.equal(errorText('toString', 'Svensk text', 'en'), 'Svensk text');
});

test('the keys that the stages write have names in both languages', () => {
  const stages = readdirSync(new URL('../src/stages/', import.meta.url));
  const keys = [
    ...[
      'operator',
      'supplier',
      'transId',
      'sha256',
      'callId',
      'cause',
      'errorCode',
      'sheets',
      'pages',
      'faults',
      'place',
    ],
    ...[
      'envelopeBytes',
      'stage',
      'channel',
      'rule',
      'reason',
      'lastReason',
      'attempts',
      'missing',
      'askedFar',
      'policy',
    ],
    ...[
      'senderOrgNr',
      'addressKnown',
      'paperOrdered',
      'digitalFailure',
      'lookup',
      'at',
      'Type',
      'Pending',
      'SenderAccepted',
    ],
    ...['envelope', 'envelopeCode', 'weightGrams', 'postageStepGrams', 'duplex', 'colour', 'firstPage', 'coverBecause'],
  ];
  for (const key of keys) {
    assert.notEqual(detailLabel(key, 'sv'), key, key);
    assert.doesNotMatch(detailLabel(key, 'en'), SWEDISH, key);
  }
  const causes = stages
    .map((stage) => readFileSync(new URL(`../src/stages/${stage}`, import.meta.url), 'utf8'))
    .flatMap((source) => [...source.matchAll(/(?:cause|missing): '(\w+)'/g)].map(([, value]) => value ?? ''));
  assert.ok(causes.length >= 5);
  for (const value of causes) {
    const said = ['cause', 'missing'].map((key) => detailValue(key, value, 'sv'));
    assert.ok(
      said.some((text) => text !== value),
      `no words for ${value}`,
    );
  }
  assert.equal(detailLabel('somethingNew', 'sv'), 'somethingNew');
  assert.equal(detailValue('firstPage', 'own', 'sv'), 'Dokumentets egen första sida');
  assert.match(String(detailValue('coverBecause', ['HUB_PRINT_NO_ADDRESS'], 'sv')), /ingen adress i kuvertets fönster/);
  assert.equal(detailValue('x', true, 'sv'), 'Ja');
  assert.equal(detailValue('x', null, 'en'), '–');
  assert.equal(detailValue('senderOrgNr', '162021004748', 'sv'), '202100-4748');
});

test('English texts hold no Swedish', () => {
  for (const [key, text] of Object.entries(consoleTexts('en'))) {
    if (typeof text === 'string') assert.doesNotMatch(text, SWEDISH, key);
  }
});
