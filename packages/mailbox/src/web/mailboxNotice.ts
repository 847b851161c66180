import { alert, html, type Language, link, type SafeHtml } from '@brevduva/ui';
import type { AccountRow } from '../sql/account.ts';
import { OPEN_PATH } from './paths.ts';
import { mailboxTexts } from './texts.ts';

/** What a reader should know about a mailbox that is not simply open; undefined when it is. */
export function mailboxNotice(given: {
  mailbox: AccountRow;
  lang: Language;
  /** Whether a mailbox can be opened and moved here. */
  canOpen: boolean;
}): SafeHtml | undefined {
  const { mailbox, lang, canOpen } = given;
  const text = mailboxTexts(lang);
  const open = (words: string) => (canOpen ? html` ${link(words, OPEN_PATH)}.` : '');
  switch (mailbox.state) {
    case 'active':
      return undefined;
    case 'opening':
      return alert({ tone: 'info', content: text.openingNotice });
    case 'pending':
      return alert({ tone: 'info', content: html`${text.pendingNotice}${open(text.openNowLink)}` });
    case 'closed':
      return alert({ tone: 'info', content: html`${text.closedNotice}${open(text.openAgainLink)}` });
    case 'moved':
      return alert({ tone: 'info', content: html`${movedWords(mailbox, lang)}${open(text.moveBackLink)}` });
  }
}

function movedWords({ movedTo, movedToUrl }: AccountRow, lang: Language): SafeHtml {
  const text = mailboxTexts(lang);
  const operator = movedTo ?? '';
  const way = movedToUrl === null ? '' : html` ${link(text.movedNoticeLink(operator), movedToUrl)}.`;
  return html`${text.movedNotice(operator)}${way}`;
}
