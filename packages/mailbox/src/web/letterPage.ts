import {
  badge,
  card,
  type Description,
  descriptionList,
  formatBytes,
  formatRecipientId,
  html,
  icon,
  type Language,
  link,
  messageFrame,
  pageHeading,
  pdfFrame,
  type SafeHtml,
  split,
  time,
} from '@brevduva/ui';
import type { Payment } from '../content/payment.ts';
import type { LetterForward } from '../content/readForward.ts';
import { mediaType } from '../deliver/mediaType.ts';
import type { AttachmentRow, LetterRow } from '../sql/inbox.ts';
import { letterHref } from './inboxPage.ts';
import { mailboxPage, type Shell } from './layout.ts';
import { forwardCard, noticeBadge, noticeOriginCard } from './letterKind.ts';
import { linkedText } from './linkedText.ts';
import { paymentCard } from './paymentCard.ts';
import { mailboxTexts } from './texts.ts';

export interface LetterView {
  letter: LetterRow;
  /** The letter's own text when it is plain; an HTML letter is shown in a frame with an address of its own. */
  plainText: string | undefined;
  attachments: readonly AttachmentRow[];
  /** Who passed it on, and with what words. */
  forward: LetterForward | undefined;
  /** What it asks to be paid. */
  payment: Payment | undefined;
}

/** One letter: text, attachments beside it, whom to ask, and why it can be trusted. */
export function letterPage(shell: Shell, view: LetterView): string {
  const { lang } = shell;
  const text = mailboxTexts(lang);
  const { letter } = view;
  const subject = letter.subject === '' ? text.noSubject : letter.subject;
  const content = html`${pageHeading({
    lang,
    title: subject,
    lead: letter.senderName,
    status:
      letter.kind === 'notice' ? noticeBadge(lang) : badge({ text: text.proofVerified, tone: 'success', icon: 'seal' }),
    breadcrumbs: [{ text: text.inbox, href: '/inbox' }],
  })}
${split({
  main: [
    view.forward && forwardCard(lang, view.forward),
    view.payment && paymentCard(lang, view.payment),
    letterText(shell, view, subject),
    ...view.attachments.filter(isShown).map((one) => shownPdf(shell, letter, one)),
  ],
  aside: [aboutCard(shell, letter), attachmentCard(shell, view), supportCard(shell, letter), proofCard(shell, letter)],
  asideLabel: text.aboutLetter,
})}`;
  return mailboxPage(shell, { title: subject, content });
}

/** The address of one attachment of a letter; `download` saves it instead of showing it. */
function attachmentHref(webId: string, position: number, how: 'show' | 'download'): string {
  return `${letterHref(webId)}/attachment/${position}${how === 'download' ? '?download=1' : ''}`;
}

/** The address of an HTML letter's text, for the frame. */
function letterBodyHref(webId: string): string {
  return `${letterHref(webId)}/body`;
}

/** Only PDF is ever shown in the page; every other kind of file is for downloading. */
export function isShown({ contentType }: Pick<AttachmentRow, 'contentType'>): boolean {
  return mediaType(contentType) === 'application/pdf';
}

/** The language a letter is written in, for those who hear it read: `svSE`, `sv-SE`, `en` (FACTS f). */
export function letterLanguage({ language }: Pick<LetterRow, 'language'>): Language {
  return language.toLowerCase().startsWith('en') ? 'en' : 'sv';
}

function letterText({ lang }: Shell, { letter, plainText }: LetterView, subject: string): SafeHtml {
  const text = mailboxTexts(lang);
  if (plainText === undefined) {
    const frame = messageFrame({ lang, title: text.letterFrame(subject), href: letterBodyHref(letter.webId) });
    const window = html`<a class="bd-quiet-button" href="${letterBodyHref(
      letter.webId,
    )}" target="_blank" rel="noopener">${icon('external')}${text.ownWindow}</a>`;
    return card({ title: text.letterText, aside: window, content: frame });
  }
  const words = plainText.trim() === '' ? html`<p>${text.emptyLetter}</p>` : linkedText(plainText);
  return card({
    title: text.letterText,
    content: html`<div class="bd-message-text" lang="${letterLanguage(letter)}">${words}</div>`,
  });
}

function shownPdf({ lang }: Shell, letter: LetterRow, attachment: AttachmentRow): SafeHtml {
  const { position, fileName, contentBytes } = attachment;
  return pdfFrame({
    lang,
    title: mailboxTexts(lang).shownAttachment(fileName),
    // Chromium and Firefox read what follows the #: the whole width for the page, no list of thumbnails.
    href: `${attachmentHref(letter.webId, position, 'show')}#view=FitH&navpanes=0`,
    downloadHref: attachmentHref(letter.webId, position, 'download'),
    fileName,
    bytes: contentBytes,
  });
}

function aboutCard({ lang }: Shell, letter: LetterRow): SafeHtml {
  const text = mailboxTexts(lang);
  const rows: (Description | undefined)[] = [
    { term: text.from, description: letter.senderName },
    described(text.senderAttention, letter.senderAttention),
    { term: text.received, description: time(letter.receivedAt, lang, { style: 'long' }) },
    described(text.attention, letter.attention),
    described(text.reference, letter.reference),
  ];
  return card({ title: text.aboutLetter, content: descriptionList(rows.filter((row) => row !== undefined)) });
}

function attachmentCard({ lang }: Shell, { letter, attachments }: LetterView): SafeHtml | '' {
  const text = mailboxTexts(lang);
  if (attachments.length === 0) return '';
  const items = attachments.map(({ position, fileName, contentBytes }) => ({
    term: fileName,
    description: html`${formatBytes(contentBytes, lang)} · <a class="bd-link" href="${attachmentHref(
      letter.webId,
      position,
      'download',
    )}">${text.download}<span class="ds-sr-only"> ${fileName}</span></a>`,
  }));
  return card({ title: text.attachments, aside: icon('attachment'), content: descriptionList(items) });
}

function supportCard({ lang }: Shell, letter: LetterRow): SafeHtml {
  const text = mailboxTexts(lang);
  const rows: (Description | undefined)[] = [
    described(text.phone, letter.supportPhone, phoneLink),
    described(text.email, letter.supportEmail, emailLink),
    described(text.web, letter.supportUrl, webLink),
  ];
  const words = letter.supportText.trim() === '' ? text.supportText : letter.supportText;
  return card({
    title: text.support,
    content: html`<p>${words}</p>${descriptionList(rows.filter((row) => row !== undefined))}`,
  });
}

function proofCard({ lang }: Shell, letter: LetterRow): SafeHtml {
  const text = mailboxTexts(lang);
  const { signedByNumber, sealedByNumber } = letter;
  if (signedByNumber === null || sealedByNumber === null) return noticeOriginCard(lang, letter.senderName);
  const party = (name: string | null, number: string) =>
    html`${name}<br><span class="bd-muted">${text.organizationNumber(formatRecipientId(number))}</span>`;
  return card({
    title: text.proof,
    aside: icon('seal'),
    content: html`<p>${text.proofText}</p>${descriptionList([
      { term: text.signedBy, description: party(letter.signedByName, signedByNumber) },
      { term: text.sealedBy, description: party(letter.sealedByName, sealedByNumber) },
      { term: text.checkedAt, description: time(letter.receivedAt, lang) },
    ])}`,
  });
}

function described(
  term: string,
  value: string | null,
  shown: (value: string) => SafeHtml | string = (words) => words,
): Description | undefined {
  return value === null || value.trim() === '' ? undefined : { term, description: shown(value.trim()) };
}

function phoneLink(number: string): SafeHtml | string {
  const digits = number.replaceAll(/[\s()\-–]/g, '');
  return /^\+?\d{3,15}$/.test(digits) ? link(number, `tel:${digits}`) : number;
}

function emailLink(address: string): SafeHtml | string {
  return /^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(address) ? link(address, `mailto:${address}`) : address;
}

/** The sender wrote it: only an ordinary web address becomes a link. */
function webLink(address: string): SafeHtml | string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isWeb = url !== undefined && (url.protocol === 'https:' || url.protocol === 'http:');
  if (!isWeb) return address;
  return html`<a class="bd-link" href="${url.href}" target="_blank" rel="noopener noreferrer nofollow">${address}</a>`;
}
