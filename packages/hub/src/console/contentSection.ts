import {
  alert,
  card,
  descriptionList,
  formatBytes,
  html,
  linkButton,
  messageFrame,
  messageText,
  pdfFrame,
  type SafeHtml,
  section,
  stack,
  xmlView,
} from '@brevduva/ui';
import type { LetterStory } from '../sql/letterStory.ts';
import type { ConsoleRequest } from './shell.ts';
import { type ConsoleTexts, consoleTexts } from './texts.ts';

export interface SealedXml {
  readonly xml: string;
  readonly sha256: string;
}

/** Beyond this the page would be slow to read and to load; the file can always be downloaded. */
const XML_SHOWN_BYTES_MAX = 512 * 1024;

/** Message, attachments and print. Of a letter to a protected person nothing, for any of it may tell who and where she is. */
export function contentSection(
  request: ConsoleRequest,
  { letter, attachments }: LetterStory,
  bodyText: string | undefined,
): SafeHtml {
  const { lang } = request;
  const texts = consoleTexts(lang);
  if (letter.erasedAt !== null) {
    const erased = alert({ tone: 'info', title: texts.erased, content: texts.erasedText });
    return section({ title: texts.content, content: erased });
  }
  if (letter.protectedIdentity) {
    return section({ title: texts.content, content: alert({ tone: 'info', content: texts.protectedContent }) });
  }
  const files = attachments.map((file) =>
    pdfFrame({
      lang,
      title: `${texts.attachments}: ${file.filename}`,
      href: `/brev/${letter.id}/bilagor/${file.position}`,
      fileName: file.filename,
      bytes: file.plainBytes,
    }),
  );
  const print =
    letter.printHash &&
    pdfFrame({ lang, title: texts.printSheet, href: `/brev/${letter.id}/utskrift`, fileName: texts.printFile });
  return section({
    title: texts.content,
    content: stack(messageCard(request, letter.id, bodyText, texts), ...files, print),
  });
}

function messageCard({ lang }: ConsoleRequest, letterId: string, text: string | undefined, texts: ConsoleTexts) {
  const href = `/brev/${letterId}/text`;
  const content = text === undefined ? messageFrame({ lang, title: texts.message, href }) : messageText(text);
  return card({ title: texts.message, headingLevel: 3, content });
}

/** The exact request to the operator. */
export function xmlSection({ lang }: ConsoleRequest, letterId: string, { xml, sha256 }: SealedXml): SafeHtml {
  const texts = consoleTexts(lang);
  const downloadHref = `/brev/${letterId}/deliverSecure.xml`;
  const bytes = Buffer.byteLength(xml);
  const size = formatBytes(bytes, lang);
  const view =
    bytes > XML_SHOWN_BYTES_MAX
      ? stack(
          html`<p>${texts.xmlTooLarge(size)}</p>`,
          linkButton({
            text: texts.downloadXml,
            href: downloadHref,
            variant: 'secondary',
            icon: 'download',
            download: 'deliverSecure.xml',
          }),
        )
      : xmlView({ lang, label: 'deliverSecure', xml, downloadHref });
  const checksum = html`<code class="bd-code-inline">${sha256}</code>`;
  return section({
    title: texts.exactXml,
    content: stack(
      card({
        content: descriptionList([
          { term: texts.checksum, description: checksum },
          { term: texts.size, description: size },
        ]),
      }),
      view,
    ),
  });
}
