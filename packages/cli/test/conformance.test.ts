import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Ecosystem, MUNICIPALITY, PEOPLE, startEcosystem } from '../../../test/support/ecosystem.ts';
import { faultExchange, type ProxyOptions, type Spoil, startSpoilt } from './conformanceProxy.ts';
import { conformanceTool } from './conformanceSupport.ts';

let world: Ecosystem;
let tool: Awaited<ReturnType<typeof conformanceTool>>;
let operatorsTool: typeof tool;
let operatorUrl: string;

before(async () => {
  world = await startEcosystem({ withHub: false });
  const { keys, authority } = world.world;
  tool = await conformanceTool({ keys: keys.municipality, caPem: authority.caPem });
  operatorsTool = await conformanceTool({ keys: keys.first, caPem: authority.caPem });
  const { report } = await tool.check(world.hubOptions.farUrl, ['--recipients', PEOPLE.atFirst]);
  operatorUrl = report.checks.find(({ id }) => id === 'recipient.service-address')?.evidence ?? '';
});
after(async () => {
  await tool.close();
  await operatorsTool.close();
  await world.close();
});

const authorityUrl = () => new URL('/webservice/Authority', world.hubOptions.farUrl).href;
const KNOWN = Object.values(PEOPLE).join(',');
const ASK_FAR = ['--recipients', KNOWN];
const DELIVER = ['--recipients', PEOPLE.atFirst, '--deliver'];

test('our register passes everything, and nothing is skipped', async () => {
  const { code, report, failed } = await tool.check(world.hubOptions.farUrl, ASK_FAR);
  assert.deepEqual(failed, []);
  assert.equal(code, 0);
  assert.equal(report.summary.skipped, 0);
  assert.ok(report.summary.passed > 30, `${report.summary.passed}`);
  assert.doesNotMatch(JSON.stringify(report), /(19|20)\d{10}/, 'a report holds no personal number');
});

test('with leave for more, our register shuts the backdoor of the reference code', async () => {
  const { failed } = await tool.check(world.hubOptions.farUrl, [...ASK_FAR, '--deliver']);
  assert.deepEqual(failed, []);
  const { report } = await operatorsTool.check(world.hubOptions.farUrl, [
    ...ASK_FAR,
    '--deliver',
    '--sender',
    MUNICIPALITY,
  ]);
  const mock = report.checks.find(({ id }) => id === 'recipient.mock-signature');
  assert.equal(mock?.status, 'passed', mock?.evidence);
});

test('our Authority passes everything, asked by a municipality and by an operator', async () => {
  for (const who of [tool, operatorsTool]) {
    const { code, report, failed } = await who.check(authorityUrl(), ['--sender', MUNICIPALITY]);
    assert.deepEqual(failed, []);
    assert.equal(code, 0);
    assert.equal(report.summary.skipped, 0);
    assert.ok(report.summary.passed > 20, `${report.summary.passed}`);
  }
});

test('our operator passes everything; only SHA-1 is skipped', async () => {
  const before = await world.deliveriesTo(PEOPLE.atFirst);
  const { code, report, failed } = await tool.check(operatorUrl, DELIVER);
  assert.deepEqual(failed, []);
  assert.equal(code, 0);
  const skipped = report.checks.filter(({ status }) => status === 'skipped').map(({ id }) => id);
  assert.deepEqual(skipped, ['service.sha1']);
  assert.ok(report.summary.passed > 35, `${report.summary.passed}`);
  // delivered, repeated (once), check sum, three languages, two dates, prefixes; two notices, two forwarded letters
  assert.equal((await world.deliveriesTo(PEOPLE.atFirst)) - before, 13);
});

test('without leave to deliver, our operator passes and keeps nothing', async () => {
  const before = await world.deliveriesTo(PEOPLE.atFirst);
  const { code, failed } = await tool.check(operatorUrl, ['--recipients', PEOPLE.atFirst]);
  assert.deepEqual(failed, []);
  assert.equal(code, 0);
  assert.equal(await world.deliveriesTo(PEOPLE.atFirst), before);
});

test('an operator that does not take SHA-1 fails only there', async () => {
  const { code, failed } = await tool.check(operatorUrl, ['--recipients', PEOPLE.atFirst, '--sha1']);
  assert.deepEqual(failed, ['service.sha1']);
  assert.equal(code, 1);
});

const isRecipientAnswer = (text: string) => /Envelope.*is(Reachable|Registered)Response/.test(text);
/** The first `return` alone changed. */
const inFirstReturn = (text: string, from: RegExp, to: string) =>
  text.replace(/<return>.*?<\/return>/, (first) => first.replace(from, to));

interface Case {
  readonly wrong: string;
  readonly spoil: Spoil;
  readonly fails: readonly string[];
  /** In the evidence of the first of them. */
  readonly seen?: RegExp;
}

const answer = (change: (text: string, asked: string) => string): Spoil => ({
  answer: ({ text }, asked) => ({ text: change(text, asked) }),
});
const code = (from: number, to: number) => answer((text) => text.replace(`<ErrorCode>${from}<`, `<ErrorCode>${to}<`));

/** What it does not read it calls invalid. */
const unreadIf = (isUnread: (text: string) => boolean): Spoil => ({
  request: (text) => (isUnread(text) ? faultExchange(5001) : text),
});

const REGISTERED =
  '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><registerResponse xmlns="http://minameddelanden.gov.se/schema/Recipient/v3"><return><Status xmlns="http://minameddelanden.gov.se/schema/Authority">Complete</Status></return></registerResponse></S:Body></S:Envelope>';

const BROKEN_REGISTERS: readonly Case[] = [
  {
    wrong: 'no client certificate is demanded',
    spoil: { tls: { requestCert: false } },
    fails: ['transport.no-certificate', 'transport.unknown-issuer'],
  },
  {
    wrong: 'any client certificate will do',
    spoil: { tls: { rejectUnauthorized: false } },
    fails: ['transport.no-certificate', 'transport.unknown-issuer'],
  },
  {
    wrong: 'TLS 1.1 is still spoken',
    spoil: { tls: { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } },
    fails: ['transport.tls-version'],
    seen: /TLSv1\.1/,
  },
  {
    wrong: 'answers stand in another namespace',
    spoil: answer((text) => (isRecipientAnswer(text) ? text.replaceAll('Recipient/v3"', 'Recipient/v4"') : text)),
    fails: ['soap.answer'],
    seen: /Recipient\/v4/,
  },
  {
    wrong: 'SOAPAction decides',
    spoil: { request: (text, { soapaction = '""' }) => (soapaction === '""' ? text : faultExchange(5001)) },
    fails: ['soap.action-ignored'],
  },
  {
    wrong: 'SOAPAction is demanded',
    spoil: {
      request: (text, { soapaction }) => (soapaction === undefined && text !== '' ? faultExchange(5001) : text),
    },
    fails: ['soap.action-absent'],
  },
  {
    wrong: 'a prefix decides',
    spoil: { request: (text) => (text.includes('<SOAP-ENV:') ? faultExchange(5001) : text) },
    fails: ['soap.prefixes'],
  },
  {
    wrong: 'an empty header is refused',
    spoil: { request: (text) => (text.includes('Header/>') ? faultExchange(5001) : text) },
    fails: ['soap.empty-header'],
  },
  { wrong: 'CDATA is not read', spoil: unreadIf((text) => text.includes('<![CDATA[')), fails: ['soap.cdata'] },
  { wrong: 'references are not read', spoil: unreadIf((text) => text.includes('&#x')), fails: ['soap.references'] },
  { wrong: 'white space is content', spoil: unreadIf((text) => /\r\n\t</.test(text)), fails: ['soap.white-space'] },
  {
    wrong: 'a byte order mark is a surprise',
    spoil: unreadIf((text) => text.startsWith('\uFEFF')),
    fails: ['soap.byte-order-mark'],
  },
  {
    wrong: 'Content-Type decides',
    spoil: {
      request: (text, { 'content-type': type = '' }) =>
        text === '' || /^text\/xml(;|$)/.test(type) ? text : { status: 415, text: 'Unsupported Media Type' },
    },
    fails: ['soap.content-type'],
    seen: /HTTP 415/,
  },
  {
    wrong: 'day 61 is no day',
    spoil: unreadIf((text) => text.includes('>19000161')),
    fails: ['recipient.coordination-number'],
  },
  {
    wrong: 'a hyphen is overlooked',
    spoil: { request: (text) => text.replace(/(recipientId>\d{8})-(\d{4})/, '$1$2') },
    fails: ['recipient.restrictions'],
    seen: /^bindestreck: svar/,
  },
  {
    wrong: 'a document type is read',
    spoil: { request: (text) => text.replace(/<!DOCTYPE.*?\]>/, '') },
    fails: ['soap.doctype'],
  },
  {
    wrong: 'an unknown operation is not found instead of refused',
    spoil: { request: (text) => (text.includes('noSuchOperation') ? { status: 404, text: 'Not found' } : text) },
    fails: ['soap.unknown-operation'],
  },
  {
    wrong: 'faults have no CallId',
    spoil: answer((text) => text.replace(/<CallId>.*<\/CallId>/, '')),
    fails: ['fault.call-id'],
  },
  {
    wrong: 'a CallId is too short',
    spoil: answer((text) =>
      text.replace(/<CallId>.*<\/CallId>/, () => `<CallId>${String(Math.random()).slice(0, 9)}</CallId>`),
    ),
    fails: ['fault.call-id'],
    seen: /9 tecken/,
  },
  {
    wrong: 'every CallId is the same',
    spoil: answer((text) => text.replace(/<CallId>.*<\/CallId>/, `<CallId>${'7'.repeat(36)}</CallId>`)),
    fails: ['fault.call-id-unique'],
  },
  {
    wrong: 'faults come with HTTP 200',
    spoil: { answer: ({ status }) => (status === 500 ? { status: 200 } : {}) },
    fails: ['fault.status'],
  },
  {
    wrong: 'the fault stands in the old namespace',
    spoil: answer((text) => text.replaceAll('schema/Common/v3"><ErrorCode', 'schema/Common"><ErrorCode')),
    fails: ['fault.detail'],
  },
  {
    wrong: 'too much is called invalid',
    spoil: code(5005, 5001),
    fails: ['soap.oversize', 'recipient.thousand-and-one'],
  },
  { wrong: 'an unknown sender is called invalid', spoil: code(5014, 5001), fails: ['recipient.unknown-sender'] },
  {
    wrong: 'a protected id is swallowed',
    spoil: answer((text) =>
      text.replace(/<return>.*?<\/return>/g, (one) => (one.includes(PEOPLE.optedOut) ? '' : one)),
    ),
    fails: ['recipient.echo'],
    seen: /1 av 6 nummer fick inget svar/,
  },
  {
    wrong: 'the place in the question decides',
    spoil: answer((text) => inFirstReturn(text, />2024-/, '>2023-')),
    fails: ['recipient.order', 'recipient.duplicates'],
  },
  {
    wrong: 'InternalServiceAdress is left out where it is empty',
    spoil: answer((text) =>
      text.includes('schema>') ? text : text.replace(/<InternalServiceAdress><\/InternalServiceAdress>/g, ''),
    ),
    fails: ['recipient.answer', 'recipient.internal-address'],
    seen: /InternalServiceAdress/,
  },
  {
    wrong: 'the operator is not reached by https',
    spoil: answer((text) => text.replaceAll('<ServiceAdress>https:', '<ServiceAdress>http:')),
    fails: ['recipient.service-address'],
  },
  {
    wrong: 'someone registers in the future',
    spoil: answer((text) => text.replace(/>2024-/g, '>2924-')),
    fails: ['recipient.last-registration'],
  },
  {
    wrong: 'who has no mailbox accepts the sender',
    spoil: answer((text) => text.replace(/(<SenderAccepted[^>]*>)false/g, '$1true')),
    fails: ['recipient.consistent'],
    seen: /Type=Not med SenderAccepted=true/,
  },
  {
    wrong: 'the two questions get different answers',
    spoil: answer((text) => (text.includes('isRegisteredResponse') ? text.replace(/>2024-/g, '>2023-') : text)),
    fails: ['recipient.registered-agrees'],
  },
  {
    wrong: 'the operations of operators are missing',
    spoil: { request: (text) => (text.includes('<isAuthorizedSigner') ? faultExchange(5001) : text) },
    fails: ['recipient.operations'],
    seen: /^isAuthorizedSigner: fel 5001/,
  },
  {
    wrong: 'a signature may be made up',
    spoil: {
      request: (text) => (text.includes('<register ') ? { status: 200, text: REGISTERED } : text),
    },
    fails: ['recipient.mock-signature'],
  },
  {
    wrong: 'the WSDL has an action',
    spoil: answer((text) => text.replaceAll('soapAction=""', 'soapAction="urn:x"')),
    fails: ['documents.wsdl'],
  },
  {
    wrong: 'the schema allows more',
    spoil: answer((text) => text.replace('maxOccurs="1000"', 'maxOccurs="2000"')),
    fails: ['documents.xsd'],
    seen: /maxOccurs=2000/,
  },
];

for (const one of BROKEN_REGISTERS) {
  test(`a register where ${one.wrong} fails exactly there`, () =>
    failsExactly(one, { url: world.hubOptions.farUrl, own: world.world.keys.far }, ASK_FAR));
}

const TRANS_ID = /<TransId([^>]*)>[^<]*</;
type ServiceOperation = 'deliverSecure' | 'notify' | 'deliverForward';

/** Wrong in one operation, right in the others. */
function only(operation: ServiceOperation, { request, answer: change }: Spoil): Spoil {
  const isAsked = (text: string) => new RegExp(`Body>\\s*<(?:[\\w-]+:)?${operation}[\\s>]`).test(text);
  return {
    ...(request && { request: (text, headers) => (isAsked(text) ? request(text, headers) : text) }),
    ...(change && { answer: (given, asked) => (isAsked(asked) ? change(given, asked) : {}) }),
  };
}

/** What an operator that does not look says to everything. */
const deliveredInstead = (fault: (text: string) => boolean, operation: ServiceOperation = 'deliverSecure'): Spoil =>
  only(operation, {
    answer({ text }, asked) {
      const recipient = /Recipient[^>]*>(\d{12})</.exec(asked)?.[1];
      return fault(text) && recipient !== undefined ? { status: 200, text: delivered(recipient, operation) } : {};
    },
  });

function delivered(recipient: string, operation: ServiceOperation = 'deliverSecure'): string {
  const [schema, flag] =
    operation === 'notify'
      ? ['Notification/v3', '<DeliveryStatus><DeliveredFlag>true</DeliveredFlag></DeliveryStatus>']
      : ['Service', '<Delivered>true</Delivered>'];
  return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><r:${operation}Response xmlns:r="http://minameddelanden.gov.se/schema/Service/v3" xmlns="http://minameddelanden.gov.se/schema/${schema}"><r:return><TransId>1</TransId><Status><RecipientId>${recipient}</RecipientId>${flag}</Status></r:return></r:${operation}Response></S:Body></S:Envelope>`;
}

const refuseIf = (pattern: RegExp): Spoil => ({
  request: (text) => (pattern.test(text) ? faultExchange(5001) : text),
});

const EMPTY_TRANS_ID = answer((text) => (text.includes('>true<') ? text.replace(TRANS_ID, '<TransId$1><') : text));
const OTHER_TRANS_ID = answer((text) => text.replace(TRANS_ID, (_, rest) => `<TransId${rest}>${crypto.randomUUID()}<`));
const OTHER_RECIPIENT = answer((text) => text.replace(PEOPLE.atFirst, PEOPLE.atSecond));

const BROKEN_OPERATORS: readonly Case[] = [
  {
    wrong: 'a receipt has an empty TransId',
    spoil: only('deliverSecure', EMPTY_TRANS_ID),
    fails: ['service.delivered'],
    seen: /TransId är tomt/,
  },
  {
    wrong: 'the second TransId is another',
    spoil: only('deliverSecure', OTHER_TRANS_ID),
    fails: ['service.repeated'],
    seen: /ett annat TransId/,
  },
  {
    wrong: 'the receipt is for someone else',
    spoil: only('deliverSecure', OTHER_RECIPIENT),
    fails: ['service.delivered'],
    seen: /ett annat RecipientId/,
  },
  {
    wrong: 'no signature is verified',
    spoil: deliveredInstead((text) => /<ErrorCode>(5012|5002)</.test(text)),
    fails: [
      'service.changed-content',
      'service.changed-seal',
      'service.foreign-seal',
      'service.foreign-signature',
      'service.signatures-not-ok',
    ],
  },
  {
    wrong: 'the issuer of a certificate is not looked at',
    spoil: deliveredInstead((text) => text.includes('<ErrorCode>5002<')),
    fails: ['service.foreign-seal', 'service.foreign-signature'],
  },
  {
    wrong: 'anyone may be the sender',
    spoil: deliveredInstead((text) => text.includes('<ErrorCode>5014<')),
    fails: ['service.unknown-sender'],
  },
  {
    wrong: 'check sums are not looked at',
    spoil: deliveredInstead((text) => text.includes('Checksum')),
    fails: ['service.wrong-checksum'],
  },
  {
    wrong: 'every file is welcome',
    spoil: deliveredInstead((text) => text.includes('<ErrorCode>5019<')),
    fails: ['service.content-type'],
  },
  {
    wrong: 'letters may have any size',
    spoil: deliveredInstead((text) => text.includes('<ErrorCode>5005<')),
    fails: ['service.oversize'],
  },
  {
    wrong: 'check sums must be in capitals',
    spoil: refuseIf(/<Checksum[^>]*>[^<]*[a-f]/),
    fails: ['service.checksum-lower-case'],
  },
  { wrong: 'sv-SE is refused', spoil: refuseIf(/>sv-SE</), fails: ['service.language-sv-SE'] },
  {
    wrong: 'a date may have no time zone',
    spoil: refuseIf(/ReceivedTime[^>]*>[\d-]+\+01:00/),
    fails: ['service.received-time-zone'],
  },
  {
    wrong: 'a number without mailbox gets a fault',
    spoil: refuseIf(/Recipient[^>]*>191212121212</),
    fails: ['soap.answer'],
  },
  {
    wrong: 'a notice has an answer for one recipient alone',
    spoil: only(
      'notify',
      answer((text) => text.replace(/(<Status.*?<\/Status>)<Status.*<\/Status>/, '$1')),
    ),
    fails: ['service.notify-status'],
    seen: /1 mottagare saknas/,
  },
  {
    wrong: 'anyone may notify',
    spoil: deliveredInstead((text) => text.includes('<ErrorCode>5014<'), 'notify'),
    fails: ['service.notify-unknown-sender'],
  },
  {
    wrong: 'a notice may be anything',
    spoil: deliveredInstead((text) => text.includes('<ErrorCode>5019<'), 'notify'),
    fails: ['service.notify-content-type'],
  },
  {
    wrong: 'the receipt of a notice has an empty TransId',
    spoil: only('notify', EMPTY_TRANS_ID),
    fails: ['service.notified'],
    seen: /TransId är tomt/,
  },
  {
    wrong: 'the same notice gets another TransId',
    spoil: only('notify', OTHER_TRANS_ID),
    fails: ['service.notify-repeated'],
    seen: /ett annat TransId/,
  },
  {
    wrong: 'a forwarded letter is not verified',
    spoil: deliveredInstead((text) => text.includes('<ErrorCode>5012<'), 'deliverForward'),
    fails: ['service.forward-changed'],
  },
  {
    wrong: 'anyone may forward for anyone',
    spoil: deliveredInstead((text) => text.includes('<ErrorCode>5002<'), 'deliverForward'),
    fails: ['service.forward-stranger'],
  },
  {
    wrong: 'the receipt of a forwarded letter is for someone else',
    spoil: only('deliverForward', OTHER_RECIPIENT),
    fails: ['service.forwarded'],
    seen: /ett annat RecipientId/,
  },
  {
    wrong: 'the same forward gets another TransId',
    spoil: only('deliverForward', OTHER_TRANS_ID),
    fails: ['service.forward-repeated'],
    seen: /ett annat TransId/,
  },
];

for (const one of BROKEN_OPERATORS) {
  test(`an operator where ${one.wrong} fails exactly there`, () =>
    failsExactly(one, { url: operatorUrl, own: world.world.keys.first }, DELIVER));
}

const RIGHTS =
  '<a:Rights xmlns:a="http://minameddelanden.gov.se/schema/Authority"><a:Id>165560000000</a:Id><a:UserIdentity>199001990000</a:UserIdentity><a:GrantType>AuthorizedSignatory</a:GrantType></a:Rights>';

const NOT_ACCEPTED =
  '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><isSenderAcceptedResponse xmlns="http://minameddelanden.gov.se/Authority"><return xmlns="">false</return></isSenderAcceptedResponse></S:Body></S:Envelope>';

const BROKEN_AUTHORITIES: readonly Case[] = [
  {
    wrong: 'parameters stand in a namespace',
    spoil: answer((text) => (text.includes('Envelope') ? text.replaceAll('<return xmlns="">', '<return>') : text)),
    fails: ['soap.answer'],
  },
  {
    wrong: 'a parameter must have no namespace',
    spoil: unreadIf((text) => text.includes('<arg0>')),
    fails: ['authority.qualified'],
  },
  {
    wrong: 'a parameter may be left out',
    spoil: {
      request: (text) =>
        /<isSenderAccepted [^>]*><\/isSenderAccepted>/.test(text) ? { status: 200, text: NOT_ACCEPTED } : text,
    },
    fails: ['authority.restrictions'],
    seen: /^utan arg0: svar/,
  },
  {
    wrong: 'the sender is not listed',
    spoil: answer((text) => text.replace(/(<getSendersResponse[^>]*>).*(<\/getSendersResponse>)/, '$1$2')),
    fails: ['authority.senders', 'authority.dispatchers'],
  },
  {
    wrong: 'everyone is a sender',
    spoil: answer((text) => text.replace('>false</return>', '>true</return>')),
    fails: ['authority.sender-unknown'],
  },
  {
    wrong: 'nobody is a sender',
    spoil: answer((text) => text.replace('>true</return>', '>false</return>')),
    fails: ['authority.sender-accepted'],
  },
  {
    wrong: 'testNewSigner is missing',
    spoil: { request: (text) => (text.includes('<testNewSigner') ? faultExchange(5001) : text) },
    fails: ['authority.operations'],
    seen: /^testNewSigner: fel 5001/,
  },
  {
    wrong: 'a made-up signature is enough',
    spoil: {
      request: (text) =>
        text.includes('<verifyAuthorizedSignatures')
          ? {
              status: 200,
              text: REGISTERED.replaceAll('registerResponse', 'verifyAuthorizedSignaturesResponse').replace(
                'schema/Recipient/v3"><return>',
                'Authority"><return xmlns="">',
              ),
            }
          : text,
    },
    fails: ['authority.mock-signature'],
    seen: /^Complete$/,
  },
  {
    wrong: 'the person has rights in a company',
    spoil: answer((text) =>
      text.replace(/(<return xmlns="">|<return>)(?=<\/return><\/getUserAccessRightsResponse>)/, `$1${RIGHTS}`),
    ),
    fails: ['authority.access-rights'],
    seen: /rätt till 1 brevlådor/,
  },
];
for (const one of BROKEN_AUTHORITIES) {
  test(`an Authority where ${one.wrong} fails exactly there`, async () => {
    const { keys, authority } = world.world;
    const server = { url: authorityUrl(), own: keys.far, caller: keys.first, caPem: authority.caPem };
    await failsExactly(one, server, ['--sender', MUNICIPALITY]);
  });
}

test('an operator that takes neither notices nor forwarded letters is not judged by them', async () => {
  const without: Spoil = {
    request: (text) => (/Body>\s*<(notify|deliverForward)[\s>]/.test(text) ? faultExchange(5001) : text),
  };
  const { failed, report } = await checkSpoilt(without, { url: operatorUrl, own: world.world.keys.first }, DELIVER);
  assert.deepEqual(failed, []);
  const skipped = report.checks.filter(({ status }) => status === 'skipped').map(({ id }) => id);
  assert.deepEqual(skipped, [
    'service.sha1',
    'service.notify-status',
    'service.notify-unknown-sender',
    'service.notify-content-type',
    'service.notified',
    'service.notify-repeated',
    'service.forward-changed',
    'service.forward-stranger',
    'service.forwarded',
    'service.forward-repeated',
  ]);
});

test('an operator that looks for the mailbox first is not judged without leave to deliver', async () => {
  const unknown: Spoil = only('deliverSecure', {
    answer: ({ text }) =>
      /<ErrorCode>50(12|02|14|19)<|<Description>.*Checksum/.test(text)
        ? { status: 200, text: delivered('191212121212').replace('>true<', '>false<') }
        : {},
  });
  const { failed, report } = await checkSpoilt(unknown, { url: operatorUrl, own: world.world.keys.first }, []);
  assert.deepEqual(failed, []);
  const changed = report.checks.find(({ id }) => id === 'service.changed-content');
  assert.equal(changed?.status, 'skipped');
  assert.match(changed?.evidence ?? '', /avgörs med --deliver/);
});

async function failsExactly(
  one: Case,
  server: Pick<ProxyOptions, 'url' | 'own'> & Partial<ProxyOptions>,
  more: readonly string[],
) {
  const { code: exitCode, failed, report } = await checkSpoilt(one.spoil, server, more);
  assert.deepEqual(failed, one.fails);
  assert.equal(exitCode, 1);
  const evidence = report.checks.find(({ id }) => id === one.fails[0])?.evidence ?? '';
  if (one.seen) assert.match(evidence, one.seen);
}

async function checkSpoilt(
  spoil: Spoil,
  server: Pick<ProxyOptions, 'url' | 'own'> & Partial<ProxyOptions>,
  more: readonly string[],
) {
  const { keys, authority } = world.world;
  const proxy = await startSpoilt({ caller: keys.municipality, caPem: authority.caPem, ...server }, spoil);
  try {
    return await tool.check(proxy.url, more);
  } finally {
    await proxy.close();
  }
}
