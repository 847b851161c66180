import { badge, formatRecipientId, type SafeHtml, type Tone } from '@brevduva/ui';
import type { Channel, LetterState } from '../states.ts';
import type { ConsoleTexts } from './texts.ts';

export const STATE_TONES: Readonly<Record<LetterState, Tone>> = {
  waiting: 'info',
  unknown: 'warning',
  case: 'warning',
  delivered: 'success',
  printed: 'success',
  unnotified: 'warning',
  cancelled: 'neutral',
  expired: 'warning',
};

export function stateBadge(state: LetterState, texts: ConsoleTexts): SafeHtml {
  const look = state === 'case' ? { icon: 'hand' as const } : state === 'cancelled' ? { icon: 'ban' as const } : {};
  return badge({ text: texts[`state_${state}`], tone: STATE_TONES[state], ...look });
}

export function channelName(channel: Channel | null, texts: ConsoleTexts): string {
  return texts[`channel_${channel ?? 'none'}`];
}

interface WhoseLetter {
  readonly recipient: string;
  /** Null when erased. */
  readonly subject: string | null;
  readonly protectedIdentity: boolean;
}

/** A protected person's number is shown to no one here (scenario 21); who may see it is a right that comes with roles. */
export function recipientName(letter: Omit<WhoseLetter, 'subject'>, texts: ConsoleTexts): string {
  return letter.protectedIdentity ? texts.protectedRecipient : formatRecipientId(letter.recipient);
}

/** The subject is the business system's own words and may well name the person, so a protected letter's is not shown. */
export function subjectOf(letter: Omit<WhoseLetter, 'recipient'>, texts: ConsoleTexts): string {
  return letter.protectedIdentity ? texts.protectedSubject : (letter.subject ?? texts.erasedSubject);
}

const ROLES = ['caseworker', 'approver', 'administrator', 'reader'] as const;

/** Roles as people call them; those that the console does not know are left out. */
export function roleNames(roles: readonly string[], texts: ConsoleTexts): string {
  return ROLES.filter((role) => roles.includes(role))
    .map((role) => texts[`role_${role}`])
    .join(', ');
}
