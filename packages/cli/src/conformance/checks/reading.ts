import { authorityService, type Operation, type RecipientId, recipientService } from '@brevduva/protocol';
import { SAME_MEANING, wireRequest } from '@brevduva/protocol/testing';
import { type Check, unlessFaults, type Verdict, verdict } from '../check.ts';
import { type Context, told } from '../context.ts';
import { expectFault, expectSame } from '../judge.ts';
import { COORDINATION_NUMBER, UNREGISTERED } from '../numbers.ts';

const { isReachable, isRegistered } = recipientService.operations;
const { isSenderAccepted } = authorityService.operations;
const INVALID_INPUT = 5001;
const same = {
  services: ['recipient', 'authority'],
  dependsOn: ['soap.answer'],
  expects: 'samma utfall som för den vanliga frågan',
} as const;
const wire = { ...same, clause: 'b.1', basis: 'contract' } as const;
const refusal = {
  basis: 'reading',
  dependsOn: ['soap.answer'],
  expects: `ett fel ${INVALID_INPUT} för var och en`,
} as const;

/** What a register must read however it is written, and what it must refuse however near it is (FACTS b.1, b.8, c). */
export const READING_CHECKS: readonly Check[] = [
  {
    ...wire,
    id: 'soap.cdata',
    title: 'CDATA är text som annan text',
    sends: 'en fråga med varje värde i ett CDATA-avsnitt',
    run: (context) => sameWhen(context, SAME_MEANING.cdata),
  },
  {
    ...wire,
    id: 'soap.references',
    title: 'Teckenreferenser är tecken',
    sends: 'en fråga där varje värde börjar med en hexadecimal teckenreferens',
    run: (context) => sameWhen(context, SAME_MEANING.references),
  },
  {
    ...wire,
    id: 'soap.white-space',
    title: 'Blanktecken mellan element betyder ingenting',
    sends: 'en fråga med radbrytning och tabb mellan elementen',
    run: (context) => sameWhen(context, SAME_MEANING.whiteSpace),
  },
  {
    ...wire,
    id: 'soap.byte-order-mark',
    basis: 'reading',
    title: 'Ett meddelande i UTF-8 får börja med BOM',
    sends: 'en fråga som börjar med EF BB BF',
    run: (context) => sameWhen(context, SAME_MEANING.byteOrderMark),
  },
  {
    ...wire,
    id: 'soap.content-type',
    basis: 'reading',
    title: 'Content-Type skrivs på flera sätt',
    sends: 'samma fråga som text/xml utan charset och som TEXT/XML;charset="UTF-8"',
    async run(context) {
      const first = await sameWhen(context, unchanged, { 'content-type': 'text/xml' });
      if (first.status !== 'passed') return first;
      return sameWhen(context, unchanged, { 'content-type': 'TEXT/XML;charset="UTF-8"' });
    },
  },
  {
    ...same,
    id: 'authority.qualified',
    services: ['authority'],
    clause: 'b.1',
    basis: 'reading',
    title: 'Parametrarna läses också i tjänstens namnrymd',
    sends: 'isSenderAccepted med arg0 i samma namnrymd som frågan, som äldre programvara skriver det',
    run: (context) => sameWhen(context, (message) => replaced(message, '<arg0 xmlns="">', '<arg0>')),
  },
  {
    id: 'recipient.coordination-number',
    services: ['recipient'],
    clause: 'c',
    basis: 'contract',
    dependsOn: ['soap.answer'],
    title: 'Ett samordningsnummer är ett nummer',
    sends: 'isRegistered med ett samordningsnummer (dag 61) som ingen har',
    expects: 'ett svar om numret',
    async run({ ask }) {
      const seen = await ask(isRegistered, { recipientId: [COORDINATION_NUMBER as RecipientId] });
      const isRight = seen.answer.kind === 'answer' && seen.answer.value.return[0]?.RecipientId === COORDINATION_NUMBER;
      return verdict(isRight, told(seen));
    },
  },
  {
    ...refusal,
    id: 'recipient.restrictions',
    services: ['recipient'],
    clause: 'c',
    title: 'Det som inte är ett nummer avvisas',
    sends:
      'isReachable med tio siffror, med bindestreck, med månad 13, med 17 i stället för 16, utan senderOrgNr, med det sist och två gånger',
    run: (context) => {
      const request = { senderOrgNr: context.target.sender, recipientId: [UNREGISTERED as RecipientId] };
      const message = wireRequest(isReachable, request);
      const sender = `<senderOrgNr>${context.target.sender}</senderOrgNr>`;
      const recipient = `<recipientId>${UNREGISTERED}</recipientId>`;
      return allRefused(context, isReachable, {
        'tio siffror': replaced(message, UNREGISTERED, UNREGISTERED.slice(2)),
        bindestreck: replaced(message, UNREGISTERED, `${UNREGISTERED.slice(0, 8)}-${UNREGISTERED.slice(8)}`),
        'månad 13': replaced(message, UNREGISTERED, '191213121212'),
        '17 i stället för 16': replaced(message, sender, sender.replace('>16', '>17')),
        'utan senderOrgNr': replaced(message, sender, ''),
        'senderOrgNr sist': replaced(message, sender + recipient, recipient + sender),
        'senderOrgNr två gånger': replaced(message, sender, sender + sender),
      });
    },
  },
  {
    ...refusal,
    id: 'authority.restrictions',
    services: ['authority'],
    clause: 'c',
    title: 'Det som inte är ett nummer avvisas',
    sends: 'isSenderAccepted med tio siffror, med bindestreck, utan arg0 och med arg0 två gånger',
    run: (context) => {
      const { sender } = context.target;
      const message = wireRequest(isSenderAccepted, { arg0: sender as RecipientId });
      const parameter = `<arg0 xmlns="">${sender}</arg0>`;
      return allRefused(context, isSenderAccepted, {
        'tio siffror': replaced(message, sender, sender.slice(2)),
        bindestreck: replaced(message, sender, `${sender.slice(0, 8)}-${sender.slice(8)}`),
        'utan arg0': replaced(message, parameter, ''),
        'arg0 två gånger': replaced(message, parameter, parameter + parameter),
      });
    },
  },
];

const unchanged = (message: Buffer): Buffer => message;

/** A question that has a value in it, asked as usual and in another way. */
async function sameWhen(
  context: Context,
  change: (message: Buffer) => Buffer,
  headers?: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const operation: Operation = context.target.service === 'recipient' ? isRegistered : isSenderAccepted;
  const message =
    context.target.service === 'recipient'
      ? wireRequest(isRegistered, { recipientId: [UNREGISTERED as RecipientId] })
      : wireRequest(isSenderAccepted, { arg0: context.target.sender as RecipientId });
  const withAction = headers && { soapaction: '""', ...headers };
  return expectSame(await context.send(operation, message), await context.send(operation, change(message), withAction));
}

/** Every one of the messages; those that are not refused as they should be are told by name. */
async function allRefused(
  context: Context,
  operation: Operation,
  messages: Readonly<Record<string, Buffer>>,
): Promise<Verdict> {
  const faults: string[] = [];
  for (const [what, message] of Object.entries(messages)) {
    const found = expectFault(await context.send(operation, message), [INVALID_INPUT]);
    if (found.status !== 'passed') faults.push(`${what}: ${found.evidence}`);
  }
  return unlessFaults(faults, `${Object.keys(messages).length} frågor avvisade med ${INVALID_INPUT}`);
}

function replaced(message: Buffer, from: string, to: string): Buffer {
  const text = message.toString('utf8');
  if (!text.includes(from)) throw new TypeError('the message does not hold what is to be replaced');
  return Buffer.from(text.replace(from, to));
}
