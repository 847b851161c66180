import { badge, formatNumber, formatRecipientId, type Language, type SafeHtml, type Tone } from '@brevduva/ui';
import type { MailingState } from '../../mailing/mailing.ts';
import { type MailingTexts, mailingTexts } from './texts.ts';

const STATE_TONES: Readonly<Record<MailingState, Tone>> = {
  filling: 'info',
  awaitingApproval: 'warning',
  committed: 'success',
  cancelled: 'neutral',
};

export function mailingBadge(state: MailingState, texts: MailingTexts): SafeHtml {
  const icons = { awaitingApproval: 'hand', committed: 'send', cancelled: 'ban' } as const;
  const look = state === 'filling' ? {} : { icon: icons[state] };
  return badge({ text: texts[`state_${state}`], tone: STATE_TONES[state], ...look });
}

/** 19900101-••••: enough to see that the list is of people, and not who they are. */
export function maskedRecipient(recipient: string): string {
  return formatRecipientId(recipient).replace(/\d{4}$/, '••••');
}

/** Öre as kronor: 1 234,50 kr · SEK 1,234.50. */
export function kronor(ore: number, lang: Language): string {
  return mailingTexts(lang).kronor(formatNumber(ore / 100, lang, 2));
}
