import { badge, formatRecipientId, type SafeHtml, type Tone } from '@brevduva/ui';
import type { LetterState } from '../states.ts';
import type { ConsoleTexts } from './texts.ts';

const STATE_TONES: Readonly<Record<LetterState, Tone>> = {
  waiting: 'info',
  unknown: 'warning',
  case: 'warning',
  delivered: 'success',
  printed: 'success',
  cancelled: 'neutral',
};

export function stateBadge(state: LetterState, texts: ConsoleTexts): SafeHtml {
  return badge({ text: texts[`state_${state}`], tone: STATE_TONES[state] });
}

export function channelName(channel: 'digital' | 'paper' | null, texts: ConsoleTexts): string {
  return texts[`channel_${channel ?? 'none'}`];
}

/** A protected person's number is shown to no one here (scenario 21); who may see it is a right that comes with roles. */
export function recipientName(letter: { recipient: string; protectedIdentity: boolean }, texts: ConsoleTexts): string {
  return letter.protectedIdentity ? texts.protectedRecipient : formatRecipientId(letter.recipient);
}
