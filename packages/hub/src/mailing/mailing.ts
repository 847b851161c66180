import type { Fault } from '@brevduva/base';
import type { ChannelPolicy } from '../letter.ts';
import type { LetterState } from '../states.ts';

/**
 * A mailing's states.
 *
 * filling           Recipients may be added; nothing of it is a letter. Left alone for long, it is cancelled.
 * awaitingApproval  Its sender is done with it; the flow wants a second person's word. Nothing can be added. Approved, it is
 *                   committed; sent back, it is filling again.
 * committed         Its recipients are letters, all of them, since one instant. Each goes its own way from here. Final.
 * cancelled         Nothing was sent, and neither recipients nor content are left. Final.
 */
export const MAILING_STATES = ['filling', 'awaitingApproval', 'committed', 'cancelled'] as const;
export type MailingState = (typeof MAILING_STATES)[number];

/** Every kind of event in a mailing's story, with its heading. */
export const MAILING_EVENT_TEXTS = {
  created: { title: 'Utskicket skapades', en: 'The mailing was created' },
  approvalAsked: { title: 'Godkännande begärdes', en: 'Approval was asked for' },
  approved: { title: 'Utskicket godkändes', en: 'The mailing was approved' },
  sentBack: { title: 'Utskicket skickades tillbaka', en: 'The mailing was sent back' },
  committed: { title: 'Utskicket släpptes', en: 'The mailing was released' },
  cancelled: { title: 'Utskicket avbröts', en: 'The mailing was cancelled' },
  erased: {
    title: 'Innehållet raderades enligt gallringsregeln',
    en: 'The content was erased by the retention rule',
  },
} as const;
export type MailingEventKind = keyof typeof MAILING_EVENT_TEXTS;

export interface MailingKey {
  readonly organisationId: string;
  readonly id: string;
}

export interface Mailing extends MailingKey {
  readonly systemId: string;
  readonly flowId: string;
  readonly flowCode: string;
  readonly flowName: string;
  readonly name: string;
  readonly state: MailingState;
  /** Empty when nothing is left of the content. */
  readonly subject: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly createdBySubject: string | undefined;
  /** When somebody last did something with it while it was filled, or what it was to wait for: one that is left alone is cancelled (sweep.ts). */
  readonly touchedAt: Date;
  readonly notBefore: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly channelPolicy: ChannelPolicy | undefined;
  /** A mailing of the flow with more recipients needs a second person; undefined: never. */
  readonly approvalOver: number | undefined;
  /** Counted now while it is filled, and kept from the commit on. */
  readonly recipients: number;
  readonly approvedBy: string | undefined;
  readonly committedAt: Date | undefined;
  /** How its letters are, once they are letters. */
  readonly letters: Readonly<Partial<Record<LetterState, number>>>;
  /** What its flow is told of and lets pass: PDFs of all its letters that cannot be read aloud. */
  readonly warnings: readonly Fault[];
  /** The last mailing that went to exactly these recipients, when approval is asked for. */
  readonly sentBefore: { readonly id: string; readonly name: string; readonly at: Date } | undefined;
}

/** When a mailing that is not released is cancelled by itself unless somebody does something with it; undefined in every other state. */
export function cancelledByItselfAt({ state, touchedAt }: Mailing, fillingDays: number): Date | undefined {
  return state === 'filling' ? new Date(touchedAt.getTime() + fillingDays * DAY_MS) : undefined;
}

const DAY_MS = 86_400_000;
