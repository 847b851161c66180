import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attachmentChecksum, FAULTS } from '@brevduva/protocol';
import { CONTENT_CHECKS, RIGHT_CHECKS, refusalOf } from '../src/deliver/checks.ts';
import type { DeliveryFacts, OperatorRules } from '../src/deliver/facts.ts';
import { ATTACHMENT_TYPES } from '../src/settings.ts';

const SENDER = '162021004748';
const DISPATCHER = '162021003898';
const STRANGER = '165568402266';
const pdf = Buffer.from('%PDF-1.4 nästan', 'utf8');

const rules: OperatorRules = {
  acceptHtml: true,
  acceptDispatcherSignature: true,
  attachmentTypes: ATTACHMENT_TYPES,
  envelopeBytesMax: 2_097_152,
  forwardRecipientsMax: 10,
};

const good: DeliveryFacts = {
  requestBytes: 20_000,
  caller: DISPATCHER,
  sealedBy: DISPATCHER,
  signedBy: SENDER,
  senderId: SENDER,
  signaturesOk: true,
  messageCount: 1,
  standing: {
    senderRegistered: true,
    dispatchers: new Set([DISPATCHER]),
    dispatchersOfSender: new Set([DISPATCHER]),
  },
  body: { ContentType: 'text/plain', Body: Buffer.from('Hej', 'utf8') },
  attachments: [
    { ContentType: 'application/pdf', Body: pdf, Checksum: attachmentChecksum(pdf), Filename: 'beslut.pdf' },
  ],
};

const html = (text: string) => ({ ContentType: 'text/html', Body: Buffer.from(text, 'utf8') });
const HTML_LETTER = '<!DOCTYPE html><html><head><title>Hej</title></head><body><p>Hej</p></body></html>';
const attachment = (change: Partial<DeliveryFacts['attachments'][number]>) => ({
  attachments: good.attachments.map((one) => ({ ...one, ...change })),
});

const REFUSED: [
  name: string,
  change: Partial<DeliveryFacts>,
  rule: Partial<OperatorRules>,
  code: number,
  text: RegExp,
][] = [
  ['seal of another organisation', { sealedBy: STRANGER }, {}, 5002, /seal was made by another organisation/],
  ['seal certificate without organisation', { sealedBy: undefined }, {}, 5002, /seal was made by another organisation/],
  [
    'caller is no dispatcher',
    { caller: STRANGER, sealedBy: STRANGER },
    {},
    6005,
    /165568402266 is not a registered dispatcher/,
  ],
  [
    'unknown sender',
    { standing: { ...good.standing, senderRegistered: false } },
    {},
    5014,
    /Sender\/Id is unknown here/,
  ],
  [
    'dispatcher of others',
    { standing: { ...good.standing, dispatchersOfSender: new Set() } },
    {},
    6005,
    /may not deliver for this Sender/,
  ],
  [
    'letter signed by a stranger',
    { signedBy: STRANGER },
    {},
    5002,
    /belongs neither to Sender\/Id nor to its dispatcher/,
  ],
  ['letter signed without organisation', { signedBy: undefined }, {}, 5002, /belongs neither to Sender\/Id/],
  [
    'dispatcher signs where that is switched off',
    { signedBy: DISPATCHER },
    { acceptDispatcherSignature: false },
    5002,
    /belongs neither/,
  ],
  ['seal says signatures are wrong', { signaturesOk: false }, {}, 5012, /SignaturesOK is false/],
  ['too large', { requestBytes: 2_097_153 }, {}, 5005, /2097153 bytes, 1 more than 2097152/],
  ['two messages', { messageCount: 2 }, {}, 5001, /one Message, not 2/],
  [
    'body is a PDF',
    { body: { ContentType: 'application/pdf', Body: pdf } },
    {},
    5019,
    /"application\/pdf" is not supported; .*text\/plain and text\/html/,
  ],
  [
    'HTML where the operator refuses it',
    { body: html(HTML_LETTER) },
    { acceptHtml: false },
    5019,
    /"text\/html" is not supported; this operator shows text\/plain\./,
  ],
  [
    'body is not UTF-8',
    { body: { ContentType: 'text/plain', Body: Buffer.from([0xe5, 0xe4, 0xf6]) } },
    {},
    5001,
    /not UTF-8/,
  ],
  ['script in HTML', { body: html(HTML_LETTER.replace('<p>Hej</p>', '<script>1</script>')) }, {}, 5001, /script/],
  [
    'wrong attachment type',
    attachment({ ContentType: 'application/zip' }),
    {},
    5019,
    /1 "application\/zip"; accepted are application\/pdf/,
  ],
  ['attachment type with a forged line', attachment({ ContentType: 'x\n{"level":"error"}' }), {}, 5019, /1 "x\\n/],
  [
    'wrong checksum',
    attachment({ Checksum: '0'.repeat(32) }),
    {},
    5001,
    /Checksum is not the MD5 of the attachment: number 1/,
  ],
  ['checksum of other bytes', attachment({ Body: Buffer.from('annat') }), {}, 5001, /number 1/],
];

describe('each check refuses with its code and its words', () => {
  for (const [name, change, rule, code, text] of REFUSED) {
    test(`${name} → ${code}`, () => {
      const refusal = refusalOf({ ...good, ...change }, { ...rules, ...rule });
      assert.ok(refusal);
      assert.equal(FAULTS[refusal.fault].code, code);
      assert.match(refusal.detail, text);
    });
  }

  test('every check of the list is refused by some case above', () => {
    const met = REFUSED.map(([, change, rule]) => refusalOf({ ...good, ...change }, { ...rules, ...rule })?.check);
    for (const check of [...RIGHT_CHECKS, ...CONTENT_CHECKS]) assert.ok(met.includes(check.name), check.name);
  });
});

describe('what passes', () => {
  const PASSES: [name: string, change: Partial<DeliveryFacts>][] = [
    ['the plain letter', {}],
    ['a checksum in lower case (scenario 24)', attachment({ Checksum: attachmentChecksum(pdf).toLowerCase() })],
    ['a letter signed by its dispatcher', { signedBy: DISPATCHER }],
    ['HTML without anything active', { body: html(HTML_LETTER) }],
    [
      'a content type with parameter and capitals',
      { body: { ContentType: 'Text/Plain; charset=UTF-8', Body: Buffer.from('Hej') } },
    ],
    ['an empty text', { body: { ContentType: 'text/plain', Body: Buffer.alloc(0) } }],
    ['exactly the greatest size', { requestBytes: 2_097_152 }],
    ['no attachment', { attachments: [] }],
  ];
  for (const [name, change] of PASSES) {
    test(name, () => assert.equal(refusalOf({ ...good, ...change }, rules), undefined));
  }
});

test('who may not deliver learns nothing of the content; who may is told everything at once', () => {
  const bad = { body: { ContentType: 'application/pdf', Body: pdf }, ...attachment({ Checksum: 'x' }) };
  assert.doesNotMatch(refusalOf({ ...good, ...bad, signaturesOk: false }, rules)?.detail ?? '', /Checksum|ContentType/);
  const refusal = refusalOf({ ...good, ...bad }, rules);
  assert.equal(refusal?.fault, 'UNSUPPORTED_MIME_TYPE');
  assert.match(refusal?.detail ?? '', /ContentType.*Checksum/);
});
