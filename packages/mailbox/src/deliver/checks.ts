import { attachmentChecksum, checkMessageHtml } from '@brevduva/protocol';
import { type Check, type CheckList, judge, type Refusal, unless } from './checkList.ts';
import type { DeliveryFacts, HandInFacts, OperatorRules } from './facts.ts';
import { mediaType } from './mediaType.ts';

/** Whether the caller may hand in anything for the sender: what FaR says of both (FACTS e.4). */
export const HAND_IN_CHECKS: readonly Check<HandInFacts>[] = [
  {
    name: 'dispatcher is registered',
    fault: 'DISPATCHER_NOT_APPROVED',
    fails: ({ standing, caller }) =>
      unless(standing.dispatchers.has(caller), `${caller} is not a registered dispatcher.`),
  },
  {
    name: 'sender is registered',
    fault: 'UNKNOWN_SENDER',
    fails: (facts) => unless(facts.standing.senderRegistered, 'Sender/Id is unknown here.'),
  },
  {
    name: 'dispatcher serves the sender',
    fault: 'DISPATCHER_NOT_APPROVED',
    fails: ({ standing, caller }) =>
      unless(standing.dispatchersOfSender.has(caller), `${caller} may not deliver for this Sender/Id.`),
  },
];

/** Whether the sender answers for the letter, and the dispatcher for having looked. */
export const SIGNATURE_CHECKS: readonly Check<DeliveryFacts>[] = [
  {
    name: 'letter is signed by its sender',
    fault: 'ACCESS_DENIED',
    fails: (facts, rules) =>
      unless(signerMayAct(facts, rules), 'The inner signature belongs neither to Sender/Id nor to its dispatcher.'),
  },
  {
    name: 'seal says that the signatures are right',
    fault: 'SIGNATURE_ERROR',
    fails: (facts) => unless(facts.signaturesOk, 'Seal/SignaturesOK is false.'),
  },
];

/** Whether a secure delivery may be made at all (FACTS e.4). */
export const RIGHT_CHECKS: readonly Check<DeliveryFacts>[] = [
  {
    name: 'connection and seal are of one organisation',
    fault: 'ACCESS_DENIED',
    fails: (facts) =>
      unless(
        facts.sealedBy === facts.caller,
        'The seal was made by another organisation than the TLS certificate names.',
      ),
  },
  ...HAND_IN_CHECKS,
  ...SIGNATURE_CHECKS,
];

/** Whether a text can be shown. */
export const BODY_CHECKS: readonly Check<Pick<DeliveryFacts, 'body'>>[] = [
  { name: 'body type is one we show', fault: 'UNSUPPORTED_MIME_TYPE', fails: bodyTypeFault },
  { name: 'body is UTF-8', fault: 'INVALID_INPUT', fails: bodyEncodingFault },
  { name: 'HTML is passive', fault: 'INVALID_INPUT', fails: bodyHtmlFault },
];

/** Whether the letter is one we can show (FACTS f). */
export const CONTENT_CHECKS: readonly Check<DeliveryFacts>[] = [
  {
    name: 'request is not too large',
    fault: 'MAX_EXCEEDED',
    fails: ({ requestBytes }, { envelopeBytesMax }) =>
      unless(
        requestBytes <= envelopeBytesMax,
        `The envelope is ${requestBytes} bytes, ${requestBytes - envelopeBytesMax} more than ${envelopeBytesMax}.`,
      ),
  },
  {
    name: 'exactly one message',
    fault: 'INVALID_INPUT',
    fails: ({ messageCount }) => unless(messageCount === 1, `A delivery holds one Message, not ${messageCount}.`),
  },
  ...BODY_CHECKS,
  { name: 'attachment types are accepted', fault: 'UNSUPPORTED_MIME_TYPE', fails: attachmentTypeFault },
  { name: 'attachment checksums are right', fault: 'INVALID_INPUT', fails: attachmentChecksumFault },
];

/** What `deliverSecure` demands. */
export const DELIVERY_CHECKS: CheckList<DeliveryFacts> = { rights: RIGHT_CHECKS, content: CONTENT_CHECKS };

/** Judges a secure delivery; undefined = nothing speaks against it. */
export function refusalOf(facts: DeliveryFacts, rules: OperatorRules): Refusal | undefined {
  return judge(DELIVERY_CHECKS, facts, rules);
}

type Body = Pick<DeliveryFacts, 'body'>;

function signerMayAct({ signedBy, senderId, standing }: DeliveryFacts, rules: OperatorRules): boolean {
  if (signedBy === undefined) return false;
  if (signedBy === senderId) return true;
  return rules.acceptDispatcherSignature && standing.dispatchersOfSender.has(signedBy);
}

function bodyTypeFault({ body }: Body, rules: OperatorRules): string | undefined {
  const type = mediaType(body.ContentType);
  if (type === 'text/plain' || (type === 'text/html' && rules.acceptHtml)) return undefined;
  const accepted = rules.acceptHtml ? 'text/plain and text/html' : 'text/plain';
  return `Body/ContentType ${printable(body.ContentType)} is not supported; this operator shows ${accepted}.`;
}

function bodyEncodingFault({ body }: Body): string | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body.Body);
    return undefined;
  } catch {
    return 'Body/Body is not UTF-8 text.';
  }
}

function bodyHtmlFault({ body }: Body, rules: OperatorRules): string | undefined {
  if (!rules.acceptHtml || mediaType(body.ContentType) !== 'text/html') return undefined;
  const faults = checkMessageHtml(body.Body.toString('utf8'));
  if (faults.length === 0) return undefined;
  return `Body/Body has content that is not allowed: ${faults.map((found) => found.text).join('; ')}.`;
}

function attachmentTypeFault({ attachments }: DeliveryFacts, rules: OperatorRules): string | undefined {
  const wrong = attachments.flatMap(({ ContentType }, index) =>
    rules.attachmentTypes.includes(mediaType(ContentType)) ? [] : [`${index + 1} ${printable(ContentType)}`],
  );
  if (wrong.length === 0) return undefined;
  return `Attachment/ContentType not supported: ${wrong.join(', ')}; accepted are ${rules.attachmentTypes.join(', ')}.`;
}

function attachmentChecksumFault({ attachments }: DeliveryFacts): string | undefined {
  const wrong = attachments.flatMap(({ Body, Checksum }, index) =>
    Checksum.toUpperCase() === attachmentChecksum(Body) ? [] : [`${index + 1}`],
  );
  if (wrong.length === 0) return undefined;
  return `Attachment/Checksum is not the MD5 of the attachment: number ${wrong.join(', ')}.`;
}

const QUOTED_CHARACTERS_MAX = 60;

/** A value of the sender's that stands in our answer: short, and without control characters that could forge a log line. */
function printable(value: string): string {
  return JSON.stringify(value.slice(0, QUOTED_CHARACTERS_MAX));
}
