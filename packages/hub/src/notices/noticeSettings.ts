import type { FlowFacts, NoticeChannel, SendWindow } from '../letter.ts';

/** How a flow's notices go, and what may stand in them. */
export interface NoticeSettings {
  /** Tried in this order, each when the one before cannot. */
  readonly channels: readonly NoticeChannel[];
  /** What becomes of a notice that no channel could bring: it ends (`none`), or a person gets a case. */
  readonly failure: 'none' | 'case';
  /** When SMS may be sent; undefined: the organisation's hours. */
  readonly smsHours: SendWindow | undefined;
  /** No word of a text may begin with one of these. */
  readonly forbiddenWords: readonly string[];
  /** Links may lead to these domains, and to what is below them; nowhere else. */
  readonly linkDomains: readonly string[];
  readonly smsPartsMax: number;
}

/** Who an organisation's notices come from, and when. */
export interface OrganisationNotices {
  /** Shown as the sender of e-mail; the organisation's name unless given. */
  readonly fromName: string | undefined;
  readonly replyTo: string | undefined;
  readonly smsHours: SendWindow | undefined;
}

/** Longer than this a text message is a letter. */
const SMS_PARTS_MAX_DEFAULT = 3;

/** Of a flow of which the configuration says nothing. */
export const DEFAULT_NOTICE: NoticeSettings = {
  channels: ['mailbox', 'sms', 'email'],
  failure: 'none',
  smsHours: undefined,
  forbiddenWords: [],
  linkDomains: [],
  smsPartsMax: SMS_PARTS_MAX_DEFAULT,
};

export function noticeOf({ notice }: Pick<FlowFacts, 'notice'>): NoticeSettings {
  return notice ?? DEFAULT_NOTICE;
}
