import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import { icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';
import { time } from './time.ts';

export interface InboxItem {
  href: string;
  sender: string;
  subject: string;
  receivedAt: Date;
  unread: boolean;
  /** The first words of the letter. */
  preview?: string;
  attachmentCount?: number;
  /** A badge: must be answered, paid, signed. */
  badge?: HtmlValue;
}

/** Letters as a list of links, newest as given. Unread ones carry a mark, a word for screen readers and bold text. */
export function inbox(options: { lang: Language; label: string; items: readonly InboxItem[] }): SafeHtml {
  const items = options.items.map((item) => inboxItem(item, options.lang));
  return html`<ul class="bd-inbox" aria-label="${options.label}">${items}</ul>`;
}

function inboxItem(item: InboxItem, lang: Language): SafeHtml {
  const text = uiTexts(lang);
  const unread = item.unread && html`<span class="bd-inbox__unread">${text.unread}</span>`;
  const count = item.attachmentCount ?? 0;
  const attachments =
    count > 0 && html`<span class="bd-inbox__attachments">${icon('attachment')}${text.attachments(count)}</span>`;
  return html`<li${attributes({ 'data-unread': item.unread })}><a class="bd-inbox__link" href="${item.href}">
<span class="bd-inbox__avatar" aria-hidden="true">${initial(item.sender)}</span>
<span class="bd-inbox__body"><span class="bd-inbox__top"><span class="bd-inbox__sender">${item.sender}</span> ${unread}</span>
<span class="bd-inbox__subject">${item.subject}</span>
${item.preview !== undefined && html`<span class="bd-inbox__preview">${item.preview}</span>`}
${(attachments || item.badge !== undefined) && html`<span class="bd-inbox__marks">${attachments}${item.badge}</span>`}</span>
<span class="bd-inbox__date">${time(item.receivedAt, lang, { style: 'date' })}</span>
</a></li>
`;
}

function initial(name: string): string {
  return [...name.trim()][0]?.toUpperCase() ?? '?';
}
