import type { MessageBody } from '@brevduva/protocol';
import { type Check, type CheckList, unless } from './checkList.ts';
import { BODY_CHECKS, CONTENT_CHECKS, HAND_IN_CHECKS, SIGNATURE_CHECKS } from './checks.ts';
import type { DeliveryFacts } from './facts.ts';
import { mediaType } from './mediaType.ts';

export const FORWARD_SUBJECT_CHARACTERS_MAX = 255;
/** Somebody's own words beside a letter of another's. */
export const FORWARD_BODY_BYTES_MAX = 65_536;

/** Everything that is decided over about passing a letter on, besides the letter itself. */
export interface ForwardFacts {
  caller: string;
  /** `Header/Sender/Id`: who passes the letter on. */
  forwarderId: string;
  /** The caller has her mailbox, or is the dispatcher of that public body. */
  callerSpeaksForForwarder: boolean;
  /** To whom the original was sent. */
  originalRecipientId: string;
  /** `MessageIdToForward`. */
  messageId: string | undefined;
  originalMessageIds: readonly string[];
  recipientCount: number;
  subject: string;
  body: MessageBody;
}

/** What `deliverForward` demands of the one who passes on. */
export const FORWARD_CHECKS: CheckList<ForwardFacts> = {
  rights: [
    {
      name: 'caller speaks for the one who forwards',
      fault: 'ACCESS_DENIED',
      fails: ({ callerSpeaksForForwarder, caller }) =>
        unless(callerSpeaksForForwarder, `${caller} is neither the operator nor the dispatcher of Header/Sender.`),
    },
    {
      name: 'letter is the own of the one who forwards',
      fault: 'ACCESS_DENIED',
      fails: ({ forwarderId, originalRecipientId }) =>
        unless(forwarderId === originalRecipientId, 'OrginalDelivery was not sent to Header/Sender.'),
    },
  ],
  content: [
    {
      name: 'recipients are few',
      fault: 'MAX_EXCEEDED',
      fails: ({ recipientCount }, { forwardRecipientsMax }) =>
        unless(recipientCount <= forwardRecipientsMax, `At most ${forwardRecipientsMax} Recipient.`),
    },
    {
      name: 'subject is short',
      fault: 'MAX_EXCEEDED',
      fails: ({ subject }) =>
        unless(
          subject.length <= FORWARD_SUBJECT_CHARACTERS_MAX,
          `Message/Subject is over ${FORWARD_SUBJECT_CHARACTERS_MAX} characters.`,
        ),
    },
    {
      name: 'text is short',
      fault: 'MAX_EXCEEDED',
      fails: ({ body }) =>
        unless(body.Body.length <= FORWARD_BODY_BYTES_MAX, `Message/Body is over ${FORWARD_BODY_BYTES_MAX} bytes.`),
    },
    { name: 'text is plain', fault: 'UNSUPPORTED_MIME_TYPE', fails: plainTextFault },
    {
      name: 'message to forward is in the original',
      fault: 'OBJECT_NOT_FOUND',
      fails: ({ messageId, originalMessageIds }) =>
        unless(
          messageId === undefined || originalMessageIds.includes(messageId),
          'MessageIdToForward is no message of OrginalDelivery.',
        ),
    },
    ...BODY_CHECKS,
  ],
};

const SEALED_BY_AN_ORGANISATION: Check<DeliveryFacts> = {
  name: 'original is sealed by an organisation',
  fault: 'ACCESS_DENIED',
  fails: ({ sealedBy }) => unless(sealedBy !== undefined, 'The seal of OrginalDelivery names no organisation.'),
};

/** What is demanded of the original: all that would be, came it today from whoever sealed it. */
export const ORIGINAL_CHECKS: CheckList<DeliveryFacts> = {
  rights: [SEALED_BY_AN_ORGANISATION, ...HAND_IN_CHECKS, ...SIGNATURE_CHECKS],
  content: CONTENT_CHECKS,
};

/** People write plain text. HTML from one who is no public body would be shown in a public body's letter. */
function plainTextFault({ body }: ForwardFacts): string | undefined {
  return unless(mediaType(body.ContentType) === 'text/plain', 'Message/Body/ContentType must be text/plain.');
}
