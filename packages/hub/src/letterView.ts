import { CASE_REASONS } from './caseReasons.ts';
import { eventText } from './events.ts';
import { letterLinks } from './letterLinks.ts';
import type { LetterStory } from './sql/letterStory.ts';
import { STATE_GROUPS } from './states.ts';

/** A letter as the REST API shows it: what a business system may know of its own letter. */
export interface LetterView {
  readonly id: string;
  readonly status: string;
  readonly stage: string | null;
  readonly channel: string | null;
  readonly final: boolean;
  readonly recipientMasked: string;
  /** Null when erased. */
  readonly subject: string | null;
  readonly reference: string | null;
  /** Id of the form that it answers. */
  readonly inReplyTo: string | null;
  readonly createdAt: string;
  /** When the flow's retention rule erased what it held. */
  readonly erasedAt: string | null;
  readonly operator: string | null;
  readonly events: readonly {
    at: string;
    kind: string;
    text: string;
    actor: string;
    detail: Readonly<Record<string, unknown>>;
  }[];
  readonly decision: { rule: string; channel: string; reason: string; tried: unknown } | null;
  readonly receipts: readonly {
    at: string;
    channel: string;
    delivered: boolean;
    proof: Readonly<Record<string, unknown>>;
  }[];
  readonly case: { reason: string; text: string; owner: string; nextAction: string; deadline: string } | null;
  readonly links: { readonly self: string; readonly console: string };
}

export function letterView(story: LetterStory): LetterView {
  const { letter, events, decisions, receipts, openCase } = story;
  const decision = decisions.at(-1);
  return {
    id: letter.id,
    status: letter.state,
    stage: letter.stage,
    channel: letter.channel,
    final: STATE_GROUPS[letter.state].final,
    recipientMasked: letter.protectedIdentity ? RECIPIENT_HIDDEN : maskRecipient(letter.recipient),
    subject: letter.subject,
    reference: letter.reference,
    inReplyTo: letter.form?.id ?? null,
    createdAt: letter.createdAt.toISOString(),
    erasedAt: letter.erasedAt?.toISOString() ?? null,
    operator: letter.supplier?.Name ?? null,
    events: events.map(({ at, kind, actor, detail }) => ({
      at: at.toISOString(),
      kind,
      text: eventText(kind).title,
      actor,
      detail,
    })),
    decision: decision
      ? { rule: decision.rule, channel: decision.channel, reason: decision.reason, tried: decision.tried }
      : null,
    receipts: receipts.map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest })),
    case: openCase
      ? {
          reason: openCase.reason,
          text: CASE_REASONS[openCase.reason].text,
          owner: openCase.owner,
          nextAction: openCase.nextAction,
          deadline: openCase.deadline.toISOString(),
        }
      : null,
    links: letterLinks(letter.id),
  };
}

/** Of a protected person not even the birth date. */
const RECIPIENT_HIDDEN = '********-****';

/** Birth date or organisation stays readable, the serial number does not: enough to recognise, too little to look up. */
export function maskRecipient(recipient: string): string {
  return recipient.startsWith('16') ? recipient : `${recipient.slice(0, 8)}-****`;
}
