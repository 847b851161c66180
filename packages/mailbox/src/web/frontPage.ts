import { card, grid, html, type IconName, icon, linkButton, pageHeading, type SafeHtml } from '@brevduva/ui';
import { mailboxPage, type Shell } from './layout.ts';
import { mailboxTexts } from './texts.ts';

/** What somebody sees who is not logged in: whose mailbox this is, and the way in. */
export function frontPage(shell: Shell, loginPath: string): string {
  const text = mailboxTexts(shell.lang);
  const content = html`${pageHeading({
    lang: shell.lang,
    title: text.frontHeading,
    lead: text.frontLead(shell.brand.name),
  })}
<p>${linkButton({ text: text.logIn, href: loginPath, icon: 'lock' })}</p>
${grid([
  promise('seal', text.frontSafeTitle, text.frontSafeText),
  promise('lock', text.frontOwnTitle, text.frontOwnText),
  promise('inbox', text.frontKeepTitle, text.frontKeepText),
])}`;
  return mailboxPage(shell, { title: text.frontTitle, content });
}

/** For somebody whose e-ID is right and who has no mailbox with an operator where none can be opened. */
export function noMailboxPage(shell: Shell): string {
  const text = mailboxTexts(shell.lang);
  const content = pageHeading({
    lang: shell.lang,
    title: text.noMailboxTitle,
    lead: text.noMailboxText(shell.brand.name),
  });
  return mailboxPage(shell, { title: text.noMailboxTitle, content, width: 'narrow' });
}

/** For somebody whose e-ID proves too little of who she is. */
export function weakLoginPage(shell: Shell, loginPath: string): string {
  const text = mailboxTexts(shell.lang);
  const content = html`${pageHeading({ lang: shell.lang, title: text.weakLoginTitle, lead: text.weakLoginText })}
<p>${linkButton({ text: text.weakLoginAgain, href: loginPath, icon: 'lock' })}</p>`;
  return mailboxPage(shell, { title: text.weakLoginTitle, content, width: 'narrow' });
}

function promise(sign: IconName, title: string, text: string): SafeHtml {
  return card({ title, aside: icon(sign), content: html`<p>${text}</p>` });
}
