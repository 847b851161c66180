import {
  alert,
  button,
  buttonRow,
  card,
  descriptionList,
  formatNumber,
  grid,
  html,
  linkButton,
  pageHeading,
  pagePictures,
  type SafeHtml,
  section,
  select,
  textField,
} from '@brevduva/ui';
import {
  batchHref,
  colourText,
  envelopeText,
  HOME,
  letterHref,
  postageText,
  reasonText,
  type ShopVisit,
  shortId,
  sidesText,
  stateBadge,
  whole,
} from './pages.ts';
import { REJECT_REASON } from './press.ts';
import { readMark, type ShopSheet } from './sheets.ts';
import { RETURN_REASON_TEXTS, type ShopBatch, type ShopLetter } from './shopBatch.ts';

const LANG = 'sv';
export const REASON_CHARACTERS_MAX = 255;

/** One letter: how it is made, what can be done to it, and its sheets as pictures with their marks in text beside. */
export function shopLetterPage(
  visit: ShopVisit,
  { batch, letter, sheets }: { batch: ShopBatch; letter: ShopLetter; sheets: readonly ShopSheet[] | string },
): string {
  const title = `Brev ${shortId(letter.letter)}`;
  const facts = [
    { term: 'Brev', description: letter.letter },
    { term: 'Kuvert', description: envelopeText(letter) },
    { term: 'Porto', description: `${postageText(letter.postage)}, ${letter.country}` },
    { term: 'Vikt', description: `${formatNumber(letter.weightGrams, LANG)} g` },
    { term: 'Sidor', description: `${formatNumber(letter.pages, LANG)}, ${sidesText(letter.duplex).toLowerCase()}` },
    { term: 'Färg', description: colourText(letter.colour) },
    { term: 'Enhet och flöde', description: `${letter.unit}, ${letter.flow}` },
    { term: 'Kontrollsumma', description: letter.sha256 },
    ...(letter.reason === undefined ? [] : [{ term: 'Skäl', description: reasonText(letter.reason) }]),
  ];
  const pdf = linkButton({ href: `${letterHref(batch, letter)}/pdf`, text: 'Öppna PDF:en', variant: 'secondary' });
  const content = html`${pageHeading({
    ...{ lang: LANG, title, status: stateBadge(letter.state), actions: [pdf] },
    breadcrumbs: [HOME, { text: `Batch ${shortId(batch.id)}`, href: batchHref(batch) }],
  })}
${card({ content: descriptionList(facts, { layout: 'columns' }) })}
${section({ title: 'Vad händer med brevet?', content: actions(batch, letter) })}
${
  typeof sheets === 'string'
    ? alert({ tone: 'warning', title: 'Bladen kan inte visas', content: sheets })
    : sheets.map((sheet) => sheetSection(sheet, sheets.length, batch, letter))
}`;
  return whole(visit, title, content);
}

function actions(batch: ShopBatch, letter: ShopLetter): SafeHtml {
  const act = (value: string, text: string) => button({ text, variant: 'secondary', name: 'act', value });
  const isUnderWay = letter.state === 'taken' || letter.state === 'produced';
  const buttons = [
    ...(letter.state === 'posted' || letter.state === 'rejected' ? [act('again', 'Skicka kvittensen igen')] : []),
    ...(isUnderWay || letter.state === 'lost' ? [act('post', 'Posta nu')] : []),
    ...(isUnderWay ? [act('lose', 'Tappa bort')] : []),
  ];
  const reason = textField({ label: 'Skäl', name: 'reason', value: REJECT_REASON, maxLength: REASON_CHARACTERS_MAX });
  const reject =
    isUnderWay &&
    html`<form class="bd-form" method="post" action="${letterHref(batch, letter)}">${reason}${buttonRow([act('reject', 'Avvisa')])}</form>`;
  const comesBack = letter.state === 'posted' && returnForm(batch, letter, act);
  return html`<form method="post" action="${letterHref(batch, letter)}">${buttonRow(buttons)}</form>${reject}${comesBack}`;
}

/** Mail that nobody took comes to the shop, which tells; or to the customer, who reads the mark on it. */
function returnForm(batch: ShopBatch, letter: ShopLetter, act: (value: string, text: string) => SafeHtml): SafeHtml {
  const choices = Object.entries(RETURN_REASON_TEXTS).map(([value, text]) => ({ value, text }));
  const reason = select({ label: 'Posten skickar tillbaka brevet', name: 'reason', id: 'return-reason', choices });
  return html`<form class="bd-form" method="post" action="${letterHref(batch, letter)}">${reason}${buttonRow([
    act('return', 'I retur till tryckeriet'),
    act('returnHome', 'I retur till kunden'),
  ])}</form>`;
}

function sheetSection(sheet: ShopSheet, sheets: number, batch: ShopBatch, letter: ShopLetter): SafeHtml {
  const name = `Blad ${sheet.sheet} av ${sheets}`;
  const picture = (page: number, side: string) => ({
    href: `${letterHref(batch, letter)}/sidor/${page}.png`,
    alt: `${name}, ${side}. Texten finns i PDF:en.`,
  });
  const side = (title: string, page: number) =>
    card({ title, headingLevel: 3, content: pagePictures([picture(page, title.toLowerCase())]) });
  const sides = [
    side('Framsidan', sheet.front),
    ...(sheet.back === undefined ? [] : [side('Baksidan', sheet.back)]),
    card({ title: 'Bladmärket', headingLevel: 3, content: markFacts(sheet, letter) }),
  ];
  return section({ title: name, content: grid(sides) });
}

/** What the machine reads on the sheet, and whether it belongs here. */
function markFacts({ mark, sheet }: ShopSheet, { letter, sheets }: ShopLetter): SafeHtml {
  const read = mark === undefined ? undefined : readMark(mark);
  if (mark === undefined || read === undefined) {
    return alert({ tone: 'warning', content: 'Bladet har inget märke som går att läsa.' });
  }
  const isRight = read.letter === letter && read.sheet === sheet && read.sheets === sheets;
  return html`${descriptionList([
    { term: 'Märket (Data Matrix)', description: html`<code>${mark}</code>` },
    { term: 'Det säger', description: `${read.letter} blad ${read.sheet}/${read.sheets}` },
  ])}${!isRight && alert({ tone: 'danger', content: 'Märket hör till ett annat brev eller blad.' })}`;
}
