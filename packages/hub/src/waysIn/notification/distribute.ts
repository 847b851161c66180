import { appError, type Fault, isUuid, newId, type Pool } from '@brevduva/base';
import {
  contractFault,
  type NotificationDelivery,
  type NotificationStatus,
  notificationBytes,
  type SoapCall,
  senderOfNotification,
} from '@brevduva/protocol';
import { type ContentStore, contentHash } from '../../content.ts';
import { HUB_ERRORS } from '../../errors.ts';
import { type JudgeOptions, judge, slowestLane } from '../../intake/accept.ts';
import { fault, type LetterDraft, readDraft } from '../../intake/draft.ts';
import { type ValidLetter, validateRecipient } from '../../intake/validate.ts';
import { LANES, type Lane } from '../../letter.ts';
import type { BusinessSystem } from '../../organisation/businessSystem.ts';
import { onceMoreIfErased } from '../../sql/content.ts';
import type { IntakeFlow } from '../../sql/intakeFacts.ts';
import { insertNotice, selectNoticeByHash, selectNoticeRecipients } from '../../sql/notices.ts';
import { type LetterState, STATE_GROUPS } from '../../states.ts';
import { asContractFault } from '../asContractFault.ts';
import { mayHandInFor, organizationNumberOf } from '../senderOfSystem.ts';

export interface NoticeIntakeOptions extends JudgeOptions {
  readonly content: ContentStore;
  /** Called after the commit: something is due. */
  readonly onAccepted: (lane: Lane) => void;
}

export interface NoticeIntake {
  /**
   * Takes in a notice to up to a thousand recipients: judged like a letter, stored once, with a letter for each recipient. The same
   * notice again, also at the same instant, is the same distribution.
   *
   * The contract has no signature in it (FACTS b.7): who stands behind it is told by the connection alone.
   *
   * @returns the distribution's id
   * @throws ContractFault 5002 for a caller that may not speak for the sender; 5001 when it is refused, with every reason; 5005 when it
   * is too large
   */
  distribute(notice: NotificationDelivery, caller: SoapCall['caller'], system: BusinessSystem): Promise<string>;
}

export function createNoticeIntake(options: NoticeIntakeOptions): NoticeIntake {
  return {
    async distribute(notice, caller, system) {
      const flow = system.waysIn.notification?.flow;
      if (flow === undefined) throw contractFault('ACCESS_DENIED', 'this system does not hand in notices');
      const sender = await senderOfNotification(notice, caller, mayHandInFor(caller, system));
      if (sender !== organizationNumberOf(system)) {
        throw contractFault('ACCESS_DENIED', 'the system belongs to another organisation');
      }
      try {
        return await accept(notice, flow, system, options);
      } catch (error) {
        throw asContractFault(error);
      }
    },
  };
}

/**
 * Those of a notice's recipients with whom it has come to rest. The contract has no word for what is on its way: `DeliveredFlag` false
 * would say that it failed, so who is not told of yet is left out.
 */
export async function checkNoticeStatus(
  { sender, distributionId }: { readonly sender: string; readonly distributionId: string },
  system: BusinessSystem,
  pool: Pool,
): Promise<NotificationStatus[]> {
  if (sender !== organizationNumberOf(system)) throw contractFault('ACCESS_DENIED', 'the caller is not that sender');
  if (!isUuid(distributionId)) return [];
  const found = await selectNoticeRecipients(pool, system.organisationId, distributionId);
  return found
    .filter(({ state }) => STATE_GROUPS[state].final)
    .map(({ recipient, state, channels }) => ({
      RecipientId: recipient,
      DeliveryStatus: { DeliveredFlag: REACHED.has(state), NotifiedByChannel: channels.filter(isNotificationType) },
    }));
}

/** Printed: a person decided that it goes on paper. */
const REACHED: ReadonlySet<LetterState> = new Set(['delivered', 'printed']);

type NotificationType = NotificationStatus['DeliveryStatus']['NotifiedByChannel'][number];

function isNotificationType(channel: string): channel is NotificationType {
  return channel === 'SMS' || channel === 'EMail';
}

async function accept(
  notice: NotificationDelivery,
  flowCode: string,
  system: BusinessSystem,
  options: NoticeIntakeOptions,
): Promise<string> {
  const bytes = notificationBytes(notice);
  const known = await selectNoticeByHash(options.pool, system, contentHash(bytes));
  if (known !== undefined) return known;
  const { letter, flow } = await judgeNotice(notice, flowCode, system, options);
  const recipients = [...new Set<string>(notice.Header.Recipient)];
  const lane = slowestLane(recipients.length > 1 ? 'bulk' : 'interactive', flow.facts.lane, system.lane);
  const id = newId();
  const { content, pool } = options;
  const stored = {
    id,
    content: content.prepare(system.organisationId, bytes, 'application/xml'),
    body: content.prepare(system.organisationId, letter.body.bytes, letter.body.contentType),
    bodyContentType: letter.body.contentType,
    flowId: flow.id,
    lane: LANES[lane],
    lifetimeHours: flow.facts.lifetimeHours,
    subject: letter.subject,
    language: letter.language,
    reference: letter.reference,
    envelopeBytes: letter.envelopeBytes,
    recipients,
  };
  if (await onceMoreIfErased(() => insertNotice(pool, system, stored))) {
    options.onAccepted(lane);
    return id;
  }
  const first = await selectNoticeByHash(pool, system, contentHash(bytes));
  if (first === undefined) throw new Error('a notice vanished between two statements');
  return first;
}

/** The text with the first recipient as a letter would have it, and then the other recipients: all faults are told at once. */
async function judgeNotice(
  notice: NotificationDelivery,
  flowCode: string,
  system: BusinessSystem,
  options: NoticeIntakeOptions,
): Promise<{ letter: ValidLetter; flow: IntakeFlow }> {
  const { draft, faults } = readDraft(draftOf(notice, flowCode), []);
  const others = notice.Header.Recipient.slice(1).flatMap((recipient, n) => recipientFaults(draft, recipient, n + 1));
  // Whatever the flow says of letters: a notice never needs a postal address.
  const judged = await judge(draft, [...faults, ...others], system, options, 'digitalOnly');
  if (judged.flow.facts.notification !== 'noticeOnly') {
    throw appError(HUB_ERRORS, 'HUB_LETTER_INVALID', { faults: [fault('HUB_FLOW_NOT_ALLOWED', 'flow')] });
  }
  return judged;
}

function recipientFaults(draft: LetterDraft, recipient: string, n: number): Fault[] {
  const { faults } = validateRecipient({ ...draft, recipient, reference: undefined }, 'digitalOnly');
  return faults.map((found) => ({ ...found, path: `recipient/${n}` }));
}

function draftOf({ Header, Message: { header, body } }: NotificationDelivery, flow: string): Record<string, unknown> {
  return {
    flow,
    recipient: Header.Recipient[0],
    subject: header.Subject,
    language: header.Language,
    body: { contentType: body.ContentType, text: body.Body.toString('utf8') },
    ...(Header.Reference === undefined ? {} : { reference: Header.Reference }),
  };
}
