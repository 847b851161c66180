import { smsLength } from '@brevduva/base';
import {
  card,
  type Description,
  descriptionList,
  formatNumber,
  html,
  type Language,
  messageFrame,
  messageText,
  pdfFrame,
  type SafeHtml,
  stack,
} from '@brevduva/ui';
import type { LetterPreview } from '../../sql/mailingPreviews.ts';
import type { ConsoleRequest } from '../shell.ts';
import { mailingTexts } from './texts.ts';
import { maskedRecipient } from './words.ts';

export interface ShownPreview {
  readonly preview: LetterPreview;
  /** Undefined when it is HTML. */
  readonly bodyText: string | undefined;
}

/** One letter as its recipient would get it: the text filled, and the files. `showsDocument` draws its own PDF in the card. */
export function previewCard(
  { lang }: ConsoleRequest,
  mailingId: string,
  { preview, bodyText }: ShownPreview,
  showsDocument = false,
): SafeHtml {
  const texts = mailingTexts(lang);
  const { id, recipient, subject, reference, attachments, document } = preview;
  const path = `/utskick/${mailingId}/mottagare/${id}`;
  const title = texts.previewTo(maskedRecipient(recipient));
  const files = [
    ...(document === undefined ? [] : [fileLink(`${path}/dokument`, document.filename)]),
    ...attachments.map((file, n) => fileLink(`${path}/bilagor/${n}`, file.filename)),
  ];
  const message =
    bodyText === undefined
      ? messageFrame({ lang, title: `${texts.message}: ${title}`, href: `${path}/text` })
      : messageText(bodyText);
  return card({
    title,
    headingLevel: showsDocument ? 2 : 3,
    content: stack(
      descriptionList([
        { term: texts.subject, description: subject },
        ...(reference === undefined ? [] : [{ term: texts.reference, description: reference }]),
        ...smsFacts(preview, bodyText, lang),
        { term: texts.attachments, description: files.length === 0 ? texts.noAttachments : html`${files}` },
      ]),
      message,
      showsDocument &&
        document !== undefined &&
        pdfFrame({ lang, title: document.filename, href: `${path}/dokument`, fileName: document.filename }),
    ),
  });
}

/** A notice is paid by the part, and one odd sign may double them. */
function smsFacts({ isNotice }: LetterPreview, bodyText: string | undefined, lang: Language): Description[] {
  if (!isNotice || bodyText === undefined) return [];
  const texts = mailingTexts(lang);
  const { parts, units, alphabet, notInGsm7 } = smsLength(bodyText);
  const length = texts.smsParts(formatNumber(parts, lang), formatNumber(units, lang), alphabet);
  const why = notInGsm7.length === 0 ? '' : ` ${texts.smsBecauseOf(notInGsm7.slice(0, SIGNS_SHOWN_MAX).join(' '))}`;
  return [{ term: texts.asSms, description: `${length}${why}` }];
}

const SIGNS_SHOWN_MAX = 10;

function fileLink(href: string, filename: string): SafeHtml {
  return html`<a class="bd-link" href="${href}" target="_blank" rel="noopener">${filename}</a><br>`;
}
