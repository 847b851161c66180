import type { Log, MailSender, OnSmsStatus, Pool, SendOutcome, SmsSender } from '@brevduva/base';
import { smsLength } from '@brevduva/base';
import type { Contact } from '../contact.ts';
import type { LetterKey } from '../letter.ts';
import {
  beginMessage,
  endMessage,
  type MessagePurpose,
  type MessageStanding,
  saveReport,
  selectStandings,
  writeAnswer,
} from '../sql/noticeMessages.ts';
import { type MailReport, type MessagingOptions, REPORT_WAIT, type ReportWait } from './messaging.ts';
import type { NoticeText } from './noticeText.ts';

export type MessageChannel = 'sms' | 'email';

export interface NoticeToSend extends NoticeText {
  readonly letter: LetterKey;
  readonly purpose: MessagePurpose;
  readonly channel: MessageChannel;
  readonly contact: Contact;
  readonly fromName: string;
  readonly replyTo: string | undefined;
  /** It may have left already. */
  readonly isUnknown: boolean;
}

/** What became of an attempt. `unknown` with `mayRepeat`: the same again is known as the same by whoever gets it. */
export type NoticeAnswer =
  | { readonly kind: 'accepted'; readonly parts: number | undefined }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'later'; readonly code: string }
  | { readonly kind: 'unknown'; readonly code: string; readonly mayRepeat: boolean };

/** Sends SMS and e-mail and keeps what is told of them. */
export interface NoticeDesk {
  readonly connected: Readonly<Record<MessageChannel, boolean>>;
  readonly reportWait: ReportWait;
  /** Keeps what an SMS gateway reports; undefined where none is connected. */
  readonly onSmsStatus: OnSmsStatus | undefined;
  /**
   * Sends one message, once: it is written down first, under an id that stays the same until it is over. An SMS of which no answer came goes
   * again only where the gateway recognises ids. An e-mail goes again with the same Message-ID: a mailbox shows it twice at the worst.
   */
  send(notice: NoticeToSend): Promise<NoticeAnswer>;
  /** What is known of the present messages, by letter id. */
  standings(
    letters: readonly LetterKey[],
    purpose: MessagePurpose,
    channel: MessageChannel,
  ): Promise<ReadonlyMap<string, MessageStanding>>;
  /** The next try is another message. */
  end(letter: LetterKey, purpose: MessagePurpose, channel: MessageChannel): Promise<void>;
  close(): Promise<void>;
}

export interface NoticeDeskOptions {
  readonly pool: Pool;
  readonly log: Log;
  readonly messaging: MessagingOptions | undefined;
  /** A report has come: letters that wait for one are due. */
  readonly onReported: () => void;
}

/** Connects the gateways; whoever called closes them. */
export async function createNoticeDesk(options: NoticeDeskOptions): Promise<NoticeDesk> {
  const { pool, messaging = {} } = options;
  const gateways = await startGateways(options);
  return {
    connected: { sms: gateways.sms !== undefined, email: gateways.mail !== undefined },
    reportWait: messaging.reportWait ?? REPORT_WAIT,
    onSmsStatus: gateways.onSmsStatus,
    send: (notice) => sendNotice(notice, gateways, options),
    standings: (letters, purpose, channel) => selectStandings(pool, letters, purpose, channel),
    end: (letter, purpose, channel) => endMessage(pool, letter, purpose, channel),
    async close() {
      await gateways.sms?.close();
      await gateways.mail?.close();
    },
  };
}

interface Gateways {
  readonly sms: SmsSender | undefined;
  readonly mail: MailSender | undefined;
  readonly onSmsStatus: OnSmsStatus | undefined;
}

async function startGateways({ pool, messaging = {}, onReported }: NoticeDeskOptions): Promise<Gateways> {
  const { sms, mail } = messaging;
  const keep = async (gateway: string, ref: string, state: keyof typeof SMS_STATES | 'none', code?: string) => {
    if (state === 'none') return;
    await saveReport(pool, { gateway, ref, state: SMS_STATES[state], code: code ?? null });
    onReported();
  };
  const onSmsStatus: OnSmsStatus | undefined =
    sms && (({ messageId, state, code }) => keep(sms.gateway, messageId, state, code));
  return {
    onSmsStatus,
    sms: onSmsStatus && (await sms?.start(onSmsStatus)),
    mail: await mail?.start((messageId, report) =>
      keep(mail.gateway, messageId, MAIL_STATES[report.action], report.status),
    ),
  };
}

const SMS_STATES = {
  delivered: 'delivered',
  failed: 'failed',
  expired: 'failed',
  waiting: 'waiting',
  unknown: 'unknown',
} as const;

/** A holiday answer comes from a mailbox that works; what follows no standard proves nothing. */
const MAIL_STATES: Readonly<Record<MailReport['action'], keyof typeof SMS_STATES | 'none'>> = {
  failed: 'failed',
  delayed: 'waiting',
  delivered: 'delivered',
  relayed: 'none',
  autoReply: 'none',
  unclear: 'none',
};

async function sendNotice(notice: NoticeToSend, gateways: Gateways, options: NoticeDeskOptions): Promise<NoticeAnswer> {
  const { letter, purpose, channel } = notice;
  const { pool, messaging } = options;
  const mayRepeat = channel === 'email' || messaging?.sms?.recognisesIds === true;
  const message = await beginMessage(pool, letter, purpose, channel);
  // The earlier attempt was cut off, or not answered.
  const wasCutOff = !message.isNew && (message.answer === null || message.answer === 'unknown');
  if ((notice.isUnknown || wasCutOff) && !mayRepeat) return { kind: 'unknown', code: 'notRepeated', mayRepeat };
  const outcome = await hand(notice, message.id, gateways);
  const parts = channel === 'sms' ? smsLength(notice.text).parts : undefined;
  const gateway = (channel === 'sms' ? messaging?.sms?.gateway : messaging?.mail?.gateway) ?? '';
  // A bounce comes to an address made of our own id, an SMS report by the gateway's.
  const refs = outcome.kind !== 'accepted' ? [] : channel === 'sms' ? outcome.messageIds : [message.id];
  await writeAnswer(
    pool,
    { organisationId: letter.organisationId, id: message.id },
    { ...rowOf(outcome), parts, gateway, refs },
  );
  return answerOf(outcome, { parts, mayRepeat });
}

async function hand(notice: NoticeToSend, id: string, { sms, mail }: Gateways): Promise<SendOutcome> {
  const { channel, contact, subject, text, fromName, replyTo } = notice;
  if (channel === 'sms') {
    if (sms === undefined || contact.phone === undefined) return NOT_CONNECTED;
    return sms.send({ id, to: contact.phone, text });
  }
  if (mail === undefined || contact.email === undefined) return NOT_CONNECTED;
  return mail.send({
    ...{ id, to: contact.email, subject, text, fromName },
    // Judged when the configuration was read.
    ...(replyTo === undefined ? {} : { replyTo: replyTo as NonNullable<Contact['email']> }),
  });
}

/** The gateway was there when the switch ruled: a node without it must not end the notice. */
const NOT_CONNECTED: SendOutcome = { kind: 'tryLater', code: 'notConnected', text: '' };

function rowOf(outcome: SendOutcome): { answer: 'accepted' | 'refused' | 'later' | 'unknown'; detail: string | null } {
  if (outcome.kind === 'accepted') return { answer: 'accepted', detail: null };
  const answers = { refusedForGood: 'refused', tryLater: 'later', unknown: 'unknown' } as const;
  return { answer: answers[outcome.kind], detail: `${outcome.code} ${outcome.text}`.trim() };
}

function answerOf(
  outcome: SendOutcome,
  { parts, mayRepeat }: { parts: number | undefined; mayRepeat: boolean },
): NoticeAnswer {
  if (outcome.kind === 'accepted') return { kind: 'accepted', parts };
  const { code } = outcome;
  if (outcome.kind === 'refusedForGood') return { kind: 'refused', code };
  return outcome.kind === 'tryLater' ? { kind: 'later', code } : { kind: 'unknown', code, mayRepeat };
}
