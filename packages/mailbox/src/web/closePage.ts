import { actionForm, html, linkButton, pageHeading, stack } from '@brevduva/ui';
import { mailboxPage, type Shell } from './layout.ts';
import { membershipTexts } from './membershipTexts.ts';
import { CLOSE_PATH, SETTINGS_PATH } from './paths.ts';
import { meaningCard, signedTextCard } from './signedText.ts';

/** What closing the mailbox means, and the text that is signed for it. */
export function closePage(shell: Shell, { text: agreement }: { text: string }): string {
  const { lang, user, brand } = shell;
  const text = membershipTexts(lang);
  const points = [
    text.closeMeansLetters(brand.name),
    text.closeMeansPaper,
    text.closeMeansSenders,
    text.closeMeansMove,
  ];
  const form = actionForm({
    action: CLOSE_PATH,
    csrfToken: user?.csrfToken ?? '',
    submit: { text: text.closeButton, icon: 'seal', danger: true },
  });
  const keep = linkButton({ text: text.keepButton, href: SETTINGS_PATH, variant: 'tertiary' });
  const content = html`${pageHeading({
    lang,
    title: text.closeTitle,
    lead: text.closeLead,
    breadcrumbs: [{ text: text.settings, href: SETTINGS_PATH }],
  })}
${stack(
  meaningCard(lang, points),
  signedTextCard({ lang, title: text.whatYouSign, text: agreement }),
  html`<div class="bd-button-row">${form}${keep}</div>`,
)}`;
  return mailboxPage(shell, { title: text.closeTitle, content, place: 'settings', width: 'narrow' });
}
