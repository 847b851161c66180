import { card, formatNumber, html, type Language, linkButton, pagePictures, type SafeHtml, stack } from '@brevduva/ui';
import { type FaultyPage, faultyPages } from '../paper/paperFault.ts';
import type { RectangleMm } from '../paper/printLayout.ts';
import type { LetterStory, StoryCase } from '../sql/letterStory.ts';
import { errorText } from './errorTexts.ts';
import { type ConsoleTexts, consoleTexts } from './texts.ts';

/** The pages that cannot be printed as they are, with what is wrong framed and told in words. Nothing where the letter may not be shown. */
export function faultyPagesCard(
  lang: Language,
  { letter, attachments }: LetterStory,
  { detail }: StoryCase,
): SafeHtml | '' {
  const pages = letter.protectedIdentity || letter.erasedAt !== null ? [] : faultyPages(detail);
  const texts = consoleTexts(lang);
  const shown = pages.flatMap((page) => {
    const file = attachments[page.attachment];
    return file === undefined ? [] : [onePage(letter.id, page, file, lang, texts)];
  });
  return shown.length === 0 ? '' : card({ title: texts.faultyPages, headingLevel: 3, content: stack(...shown) });
}

function onePage(
  letterId: string,
  { attachment, page, faults }: FaultyPage,
  file: LetterStory['attachments'][number],
  lang: Language,
  texts: ConsoleTexts,
): SafeHtml {
  const name = texts.faultyPage(file.filename, formatNumber(page, lang));
  return stack(
    html`<h4>${name}</h4><ul class="bd-list">${faults.map(
      ({ code, text, areas = [] }) =>
        html`<li>${errorText(code, text, lang)} ${texts.faultyPlaces(areas.map((area) => placeText(area, lang)).join('; '))}</li>`,
    )}</ul>`,
    pagePictures([{ href: `/brev/${letterId}/fel/${attachment}/${page}`, alt: texts.faultyAlt(name) }]),
    linkButton({
      text: texts.openFile,
      context: file.filename,
      href: `/brev/${letterId}/bilagor/${file.position}`,
      variant: 'secondary',
      icon: 'document',
    }),
  );
}

function placeText({ left, top, width, height }: RectangleMm, lang: Language): string {
  const [x, y, w, h] = [left, top, width, height].map((mm) => formatNumber(mm, lang, 1));
  return `${x}, ${y}: ${w} × ${h} mm`;
}
