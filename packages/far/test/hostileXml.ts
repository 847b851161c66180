import { MUNICIPALITY, REACHABLE } from './sampleRegister.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const R3 = 'http://minameddelanden.gov.se/schema/Recipient/v3';
const DEEP_LEVELS = 100_000;
const ATTRIBUTES = 200_000;

export const envelope = (body: string): string =>
  `<e:Envelope xmlns:e="${ENVELOPE}"><e:Body>${body}</e:Body></e:Envelope>`;

export const isReachable = (inside: string): string =>
  envelope(`<r3:isReachable xmlns:r3="${R3}">${inside}</r3:isReachable>`);

const sender = `<r3:senderOrgNr>${MUNICIPALITY}</r3:senderOrgNr>`;
const recipient = `<r3:recipientId>${REACHABLE}</r3:recipientId>`;

export const goodRequest = isReachable(sender + recipient);

export interface HostileSample {
  name: string;
  body: string | Buffer;
}

const dtd = (declarations: string, value: string): string =>
  `<!DOCTYPE e [${declarations}]>${isReachable(`${sender}<r3:recipientId>${value}</r3:recipientId>`)}`;

const laughs = Array.from({ length: 9 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join(
  '',
);

/** Scenario 23 for a service without signatures: each must be refused as invalid input, in bounded time. */
export const HOSTILE_SAMPLES: readonly HostileSample[] = [
  { name: 'nothing at all', body: '' },
  { name: 'no XML', body: 'GET / HTTP/1.1' },
  { name: 'JSON', body: '{"isReachable":{}}' },
  { name: 'half a document', body: goodRequest.slice(0, goodRequest.length / 2) },
  { name: 'a tag never closed', body: goodRequest.replace('</r3:recipientId>', '') },
  { name: 'two documents', body: goodRequest + goodRequest },
  { name: 'a DTD', body: `<!DOCTYPE e>${goodRequest}` },
  { name: 'an entity', body: dtd(`<!ENTITY id "${REACHABLE}">`, '&id;') },
  { name: 'a file as entity', body: dtd('<!ENTITY id SYSTEM "file:///etc/hostname">', '&id;') },
  { name: 'an address as entity', body: dtd('<!ENTITY id SYSTEM "http://127.0.0.1:9/x">', '&id;') },
  { name: 'a billion laughs', body: dtd(`<!ENTITY l0 "1">${laughs}`, '&l9;') },
  {
    name: 'a parameter entity',
    body: dtd('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;', REACHABLE),
  },
  {
    name: 'XInclude',
    body: isReachable(
      `${sender}<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>`,
    ),
  },
  { name: 'deep nesting', body: isReachable('<x>'.repeat(DEEP_LEVELS) + '</x>'.repeat(DEEP_LEVELS)) },
  {
    name: '200 000 attributes',
    body: isReachable(
      `<r3:senderOrgNr ${Array.from({ length: ATTRIBUTES }, (_, index) => `a${index}=""`).join(' ')}>${MUNICIPALITY}</r3:senderOrgNr>${recipient}`,
    ),
  },
  { name: 'a body without operation', body: envelope('') },
  { name: 'two operations', body: envelope(`<r3:isReachable xmlns:r3="${R3}">${sender}</r3:isReachable>`.repeat(2)) },
  { name: 'no envelope', body: `<r3:isReachable xmlns:r3="${R3}">${sender}</r3:isReachable>` },
  { name: 'SOAP 1.2', body: goodRequest.replace(ENVELOPE, 'http://www.w3.org/2003/05/soap-envelope') },
  { name: 'an operation that does not exist', body: envelope(`<r3:getAllReachableAccounts xmlns:r3="${R3}"/>`) },
  { name: 'the right name in another namespace', body: goodRequest.replaceAll(R3, `${R3}x`) },
  { name: 'no sender', body: isReachable(recipient) },
  { name: 'two senders', body: isReachable(sender + sender + recipient) },
  { name: 'the recipient before the sender', body: isReachable(recipient + sender) },
  {
    name: 'a recipient with eleven digits',
    body: isReachable(`${sender}<r3:recipientId>19270517835</r3:recipientId>`),
  },
  { name: 'a recipient in month 13', body: isReachable(`${sender}<r3:recipientId>192713178354</r3:recipientId>`) },
  {
    name: 'SQL as recipient',
    body: isReachable(`${sender}<r3:recipientId>1' or '1'='1</r3:recipientId>`),
  },
  {
    name: 'digits of another script',
    body: isReachable(`${sender}<r3:recipientId>19270517835\u0664</r3:recipientId>`),
  },
  { name: 'an element inside the id', body: isReachable(`${sender}<r3:recipientId>1927<b/>05178354</r3:recipientId>`) },
  { name: 'a text between elements', body: isReachable(`${sender}x${recipient}`) },
  {
    name: 'a byte that is no UTF-8',
    body: Buffer.concat([Buffer.from(goodRequest.slice(0, 80)), Buffer.from([0xff])]),
  },
  { name: 'a null byte', body: goodRequest.replace(REACHABLE, `${REACHABLE}\0`) },
  {
    name: 'isRegistered without ids',
    body: envelope(`<r3:isRegistered xmlns:r3="${R3}"/>`),
  },
];
