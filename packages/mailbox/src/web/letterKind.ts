import { badge, card, createTexts, html, icon, type Language, type SafeHtml } from '@brevduva/ui';
import type { LetterForward } from '../content/readForward.ts';
import type { LetterKind } from '../sql/inbox.ts';
import { linkedText } from './linkedText.ts';

const kindTexts = createTexts({
  sv: {
    notice: 'Avisering',
    forwardedBy: (name: string) => `Vidarebefordrat av ${name}`,
    forwardCard: 'Vidarebefordrat brev',
    forwardText: (name: string) => `${name} har skickat brevet vidare till dig. Brevet självt är oförändrat.`,
    noticeOrigin: 'Ursprung',
    noticeText: (name: string) =>
      `En avisering är inte underskriven. Vi har kontrollerat att den lämnades in av någon som får göra det för ${name}.`,
    noticeAdvice: 'Lämna aldrig ut koder eller kontouppgifter för att en avisering ber om det.',
  },
  en: {
    notice: 'Notice',
    forwardedBy: (name: string) => `Forwarded by ${name}`,
    forwardCard: 'Forwarded letter',
    forwardText: (name: string) => `${name} has passed this letter on to you. The letter itself is unchanged.`,
    noticeOrigin: 'Origin',
    noticeText: (name: string) =>
      `A notice is not signed. We have checked that it was handed in by somebody who may do so for ${name}.`,
    noticeAdvice: 'Never give away codes or account details because a notice asks for them.',
  },
});

/** In the list: what is no ordinary letter says so. */
export function kindBadge(
  lang: Language,
  { kind, forwarderName }: { kind: LetterKind; forwarderName: string | null },
): SafeHtml | undefined {
  const text = kindTexts(lang);
  if (kind === 'notice') return badge({ text: text.notice, tone: 'info', icon: 'info' });
  if (kind === 'letter' || forwarderName === null) return undefined;
  return badge({ text: text.forwardedBy(forwarderName), icon: 'send' });
}

/** On a notice, where a letter says that its signature was right. */
export function noticeBadge(lang: Language): SafeHtml {
  return badge({ text: kindTexts(lang).notice, tone: 'info', icon: 'info' });
}

/** Above a forwarded letter: from whom it comes now, and with what words. */
export function forwardCard(lang: Language, { name, subject, text: words }: LetterForward): SafeHtml {
  const text = kindTexts(lang);
  const title = subject.trim() === '' ? text.forwardCard : subject;
  return card({
    title,
    aside: badge({ text: text.forwardedBy(name), icon: 'send' }),
    content: html`<p>${text.forwardText(name)}</p>${
      words.trim() !== '' && html`<div class="bd-message-text">${linkedText(words)}</div>`
    }`,
  });
}

/** Beside a notice, in place of the proof of a letter. */
export function noticeOriginCard(lang: Language, senderName: string): SafeHtml {
  const text = kindTexts(lang);
  return card({
    title: text.noticeOrigin,
    aside: icon('info'),
    content: html`<p>${text.noticeText(senderName)}</p><p>${text.noticeAdvice}</p>`,
  });
}
