import { SAME_MEANING, SPOILT, unknownOperationRequest, wrongNamespaceRequest } from '@brevduva/protocol/testing';
import { type Check, passed, SERVICE_NAMES, type Verdict, verdict } from '../check.ts';
import { type Context, type Seen, told } from '../context.ts';
import { expectFault, expectSame } from '../judge.ts';
import { deliver } from '../letter.ts';
import { ordinaryRequest } from '../ordinaryRequest.ts';
import { NoAnswer } from '../wire.http.ts';

const common = { clause: 'b.1', basis: 'contract', services: SERVICE_NAMES } as const;
const ANSWERS = 'soap.answer';
const form = { ...common, dependsOn: [ANSWERS], expects: 'samma utfall som för den vanliga frågan' };
const refusal = { ...common, dependsOn: ['transport.connects'] };
const INVALID_INPUT = 5001;
const MAX_EXCEEDED = 5005;
/** Over the 8 MiB that a register may have to read for its signatures. */
const REGISTER_OVERSIZE_BYTES = 8_388_608 + 65_536;
const LETTER_OVERSIZE_BYTES = 1_700_000;

/** SOAP 1.1, document/literal, and nothing more than that (FACTS b.1). */
export const ENVELOPE_CHECKS: readonly Check[] = [
  {
    ...common,
    id: ANSWERS,
    dependsOn: ['transport.connects'],
    title: 'En vanlig fråga får ett svar i rätt form',
    sends: 'isRegistered, getSenders eller ett brev till ett nummer utan brevlåda',
    expects: 'HTTP 200, text/xml, svarselementet i rätt namnrymd, giltigt enligt schemat',
    async run(context) {
      const answered = await askOrdinary(context);
      const isXml = /^text\/xml\b/i.test(answered.contentType);
      const isRight = answered.answer.kind === 'answer' && answered.status === 200 && isXml;
      return verdict(isRight, `${told(answered)}${isXml ? '' : `, Content-Type: ${answered.contentType}`}`);
    },
  },
  {
    ...form,
    id: 'soap.action-ignored',
    title: 'SOAPAction avgör ingenting',
    sends: 'samma fråga med SOAPAction "urn:something-else"',
    run: (context) => sameWith(context, (message) => message, { soapaction: '"urn:something-else"' }),
  },
  {
    ...form,
    id: 'soap.action-absent',
    title: 'SOAPAction behövs inte',
    sends: 'samma fråga utan SOAPAction',
    run: (context) => sameWith(context, (message) => message, {}),
  },
  {
    ...form,
    id: 'soap.prefixes',
    title: 'Prefix avgör ingenting',
    sends: 'samma fråga med prefix på varje element, alla deklarerade på roten',
    run: (context) => sameWith(context, SAME_MEANING.otherPrefixes),
  },
  {
    ...form,
    id: 'soap.empty-header',
    title: 'En tom Header är tillåten',
    sends: 'samma fråga med en tom SOAP-header',
    run: (context) => sameWith(context, SAME_MEANING.emptyHeader),
  },
  {
    ...refusal,
    id: 'soap.unknown-operation',
    title: 'En okänd operation får ett fel',
    sends: 'noSuchOperation i tjänstens namnrymd',
    expects: 'ett SOAP-fel',
    run: async (context) => expectFault(await spoilt(context, (_, operation) => unknownOperationRequest(operation))),
  },
  {
    ...refusal,
    id: 'soap.wrong-namespace',
    title: 'Rätt namn i fel namnrymd får ett fel',
    sends: 'operationens namn i namnrymden urn:brevduva:wrong',
    expects: 'ett SOAP-fel',
    run: async (context) => expectFault(await spoilt(context, (_, operation) => wrongNamespaceRequest(operation))),
  },
  {
    ...refusal,
    id: 'soap.not-well-formed',
    title: 'XML som inte är välformad får ett fel',
    sends: 'en avhuggen fråga',
    expects: 'ett SOAP-fel',
    run: async (context) => expectFault(await spoilt(context, SPOILT.notWellFormed)),
  },
  {
    ...refusal,
    id: 'soap.doctype',
    title: 'DOCTYPE avvisas',
    sends: 'samma fråga med en DOCTYPE med en entitet (SOAP 1.1 avsnitt 3 förbjuder den)',
    expects: 'ett SOAP-fel, HTTP 4xx eller avbruten anslutning',
    run: (context) => refuses(() => spoilt(context, SPOILT.doctype)),
  },
  {
    ...refusal,
    id: 'soap.schema',
    title: 'Det som schemat inte tillåter får fel 5001',
    clause: 'b.9',
    basis: 'reading',
    sends: 'samma fråga med ett främmande element sist i frågan',
    expects: `ett fel ${INVALID_INPUT}`,
    run: async (context) => expectFault(await spoilt(context, SPOILT.foreignElement), [INVALID_INPUT]),
  },
  {
    ...refusal,
    id: 'soap.oversize',
    title: 'För stora meddelanden avvisas',
    clause: 'f',
    basis: 'reading',
    services: ['recipient', 'authority'],
    sends: 'en fråga på drygt 8 MiB',
    expects: `ett fel ${MAX_EXCEEDED}, HTTP 413 eller avbruten anslutning`,
    run: (context) => refuses(() => spoilt(context, padded), [MAX_EXCEEDED]),
  },
  {
    ...refusal,
    id: 'service.oversize',
    title: 'Brev över 2 MB avvisas',
    clause: 'f',
    basis: 'reading',
    services: ['service'],
    dependsOn: [ANSWERS],
    sends: 'ett rätt signerat och förseglat brev vars kuvert är över 2 097 152 byte, till ett nummer utan brevlåda',
    expects: `ett fel ${MAX_EXCEEDED}, HTTP 413 eller avbruten anslutning`,
    run: (context) => refuses(() => deliver(context, { bodyBytes: LETTER_OVERSIZE_BYTES }), [MAX_EXCEEDED]),
  },
];

async function askOrdinary(context: Context): Promise<Seen> {
  const { operation, message } = await ordinaryRequest(context);
  return context.send(operation, message);
}

async function sameWith(
  context: Context,
  change: (message: Buffer) => Buffer,
  headers?: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const { operation, message } = await ordinaryRequest(context);
  return expectSame(await askOrdinary(context), await context.send(operation, change(message), headers));
}

/** The ordinary request spoilt in one way. */
export async function spoilt(
  context: Context,
  change: (message: Buffer, operation: Parameters<typeof unknownOperationRequest>[0]) => Buffer,
): Promise<Seen> {
  const { operation, message } = await ordinaryRequest(context);
  return context.send(operation, change(message, operation));
}

/** For what may be refused before any SOAP is read; a fault must still have the right code. */
async function refuses(ask: () => Promise<Seen>, codes: readonly number[] = []): Promise<Verdict> {
  try {
    const found = await ask();
    if (found.answer.kind === 'fault') return expectFault(found, codes);
    return verdict(found.status >= 400 && found.status < 500, told(found));
  } catch (error) {
    if (error instanceof NoAnswer) return passed(`avbruten anslutning: ${error.code}`);
    throw error;
  }
}

function padded(message: Buffer): Buffer {
  return Buffer.concat([message, Buffer.alloc(REGISTER_OVERSIZE_BYTES, ' ')]);
}
