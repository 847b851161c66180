import { pageRange } from '@brevduva/base';
import {
  alert,
  badge,
  button,
  buttonRow,
  card,
  descriptionList,
  emptyState,
  formatNumber,
  html,
  link,
  page,
  pageHeading,
  pagination,
  type SafeHtml,
  section,
  select,
  type Tone,
  table,
  time,
} from '@brevduva/ui';
import type { SetFault } from '../faults.ts';
import {
  isReturnReason,
  RETURN_REASON_TEXTS,
  type ShopBatch,
  type ShopLetter,
  type ShopLetterState,
} from './shopBatch.ts';
import { SHOP_FAULT_TEXTS } from './shopFaults.ts';

const LANG = 'sv';
const BRAND = { name: 'Utvecklingstryckeriet', home: '/', theme: 'slate', header: 'filled' } as const;
const LETTERS_PER_PAGE = 50;
const BATCHES_SHOWN_MAX = 100;
const UNTITLED = 'Utan namn';

export const LETTER_STATE_TEXTS: Readonly<Record<ShopLetterState, { readonly text: string; readonly tone: Tone }>> = {
  taken: { text: 'Hämtat', tone: 'info' },
  produced: { text: 'Tryckt och kuverterat', tone: 'info' },
  posted: { text: 'Postat', tone: 'success' },
  rejected: { text: 'Avvisat', tone: 'warning' },
  lost: { text: 'Borttappat', tone: 'danger' },
  returned: { text: 'Kom i retur', tone: 'warning' },
};

/** What a page is made of, besides what it shows. */
export interface ShopVisit {
  readonly nonce: string;
}

/** Every batch that the shop has taken, the newest first, and what it is told to do wrong. */
export function shopPage(
  visit: ShopVisit,
  { batches, fault }: { readonly batches: readonly ShopBatch[]; readonly fault: SetFault | undefined },
): string {
  const shown = batches.slice(0, BATCHES_SHOWN_MAX);
  const list = table({
    caption: 'Batcher',
    captionHidden: true,
    rows: shown,
    empty: emptyState({
      title: 'Inga batcher än',
      text: 'Skicka ett brev till någon utan digital brevlåda, så kommer det hit inom några sekunder.',
    }),
    columns: [
      { header: 'Hämtad', nowrap: true, cell: ({ takenAt }) => time(new Date(takenAt), LANG) },
      { header: 'Batch', rowHeader: true, nowrap: true, cell: (batch) => link(shortId(batch.id), batchHref(batch)) },
      { header: 'Kund', cell: ({ organisation }) => organisation.name || UNTITLED },
      { header: 'Brev', align: 'end', cell: ({ letters }) => formatNumber(letters.length, LANG) },
      { header: 'Blad', align: 'end', cell: ({ letters }) => formatNumber(sheetsOf(letters), LANG) },
      { header: 'Läge', cell: batchStatus },
    ],
  });
  const content = html`${pageHeading({
    lang: LANG,
    title: 'Utskriftsbatcher',
    lead: 'Här hamnar breven på papper. Tryckeriet är påhittat: bladen visas som bilder, och inget postas på riktigt.',
  })}
${section({ title: 'Låt det gå fel', content: faultForm(fault) })}
${section({ title: 'Batcher, den senaste först', content: list })}`;
  return whole(visit, 'Utskriftsbatcher', content);
}

function faultForm(fault: SetFault | undefined): SafeHtml {
  const choices = [
    { value: '', text: 'Allt går bra' },
    ...Object.entries(SHOP_FAULT_TEXTS).map(([value, text]) => ({ value, text })),
  ];
  const field = select({
    label: 'Med brev som hämtas från och med nu',
    name: 'kind',
    choices,
    value: fault?.kind ?? '',
  });
  return html`<form class="bd-form" method="post" action="/fel">${field}
${buttonRow([button({ text: 'Ändra', variant: 'secondary' })])}</form>`;
}

/** One batch: its job ticket, and its letters. */
export function batchPage(visit: ShopVisit, batch: ShopBatch, wantedPage: string | undefined): string {
  const { id, organisation, letters, parts } = batch;
  const range = pageRange(wantedPage, { total: letters.length, perPage: LETTERS_PER_PAGE });
  const facts = [
    { term: 'Kund', description: `${organisation.name || UNTITLED} (${organisation.number})` },
    { term: 'Stängd', description: whenOf(batch.closedAt) },
    { term: 'Hämtad', description: whenOf(batch.takenAt) },
    { term: 'Filer', description: batch.files === 'one' ? 'En för varje del av jobbet' : 'En för varje brev' },
    { term: 'Kunden vill veta', description: RECEIPTS_TEXTS[batch.receipts] ?? batch.receipts },
    { term: 'Batch', description: id },
  ];
  const content = html`${pageHeading({
    ...{ lang: LANG, title: `Batch ${shortId(id)}`, status: batchStatus(batch), breadcrumbs: [HOME] },
  })}
${batch.fault !== undefined && alert({ tone: 'danger', title: 'Batchen går inte att trycka', content: batch.fault })}
${card({ content: descriptionList(facts, { layout: 'columns' }) })}
${section({ title: 'Jobbsedel', content: partsTable(parts) })}
${section({ title: 'Brev', content: html`${lettersTable(batch, letters.slice(range.offset, range.offset + range.max))}${pagination({ lang: LANG, ...range, href: (n) => `${batchHref(batch)}?sida=${n}` })}` })}
${section({ title: 'Skicka en felaktig kvittens', content: oddReceipts(batch) })}`;
  return whole(visit, `Batch ${shortId(id)}`, content);
}

const RECEIPTS_TEXTS: Readonly<Record<string, string>> = {
  none: 'Ingenting',
  acknowledged: 'Att batchen är hämtad',
  posted: 'Att varje brev är postat',
};

function partsTable(parts: ShopBatch['parts']): SafeHtml {
  return table({
    caption: 'Jobbsedel',
    captionHidden: true,
    rows: parts,
    empty: emptyState({ title: 'Ingen jobbsedel' }),
    columns: [
      { header: 'Kuvert', rowHeader: true, cell: envelopeText },
      { header: 'Porto', cell: ({ postage }) => postageText(postage) },
      { header: 'Sidor', cell: ({ sides }) => sidesText(sides !== 'OneSided') },
      { header: 'Färg', cell: ({ colour }) => colourText(colour) },
      { header: 'Brev', align: 'end', cell: ({ letters }) => formatNumber(letters, LANG) },
      { header: 'Blad', align: 'end', cell: ({ sheets }) => formatNumber(sheets, LANG) },
    ],
  });
}

function lettersTable(batch: ShopBatch, letters: readonly ShopLetter[]): SafeHtml {
  return table({
    caption: 'Brev',
    captionHidden: true,
    rows: letters,
    empty: emptyState({ title: 'Inga brev' }),
    columns: [
      {
        ...{ header: 'Brev', rowHeader: true, nowrap: true },
        cell: (letter) => link(shortId(letter.letter), letterHref(batch, letter)),
      },
      { header: 'Enhet', cell: ({ unit }) => unit },
      { header: 'Kuvert', cell: envelopeText },
      { header: 'Blad', align: 'end', cell: ({ sheets }) => formatNumber(sheets, LANG) },
      { header: 'Vikt', align: 'end', nowrap: true, cell: ({ weightGrams }) => `${formatNumber(weightGrams, LANG)} g` },
      {
        header: 'Läge',
        cell: ({ state, reason }) => html`${stateBadge(state)}${reason && html`<br>${reasonText(reason)}`}`,
      },
    ],
  });
}

function oddReceipts(batch: ShopBatch): SafeHtml {
  return html`<form method="post" action="${batchHref(batch)}/kvittens">${buttonRow([
    button({ text: 'Om ett okänt brev', variant: 'secondary', name: 'kind', value: 'unknown' }),
    button({ text: 'En trasig fil', variant: 'secondary', name: 'kind', value: 'broken' }),
  ])}</form>`;
}

function batchStatus({ letters, fault }: ShopBatch): SafeHtml {
  if (fault !== undefined) return badge({ text: 'Går inte att trycka', tone: 'danger' });
  const counts = (Object.keys(LETTER_STATE_TEXTS) as ShopLetterState[])
    .map((state) => ({ state, count: letters.filter((letter) => letter.state === state).length }))
    .filter(({ count }) => count > 0);
  const [only] = counts;
  if (counts.length === 1 && only !== undefined) return stateBadge(only.state);
  return html`${counts.map(({ state, count }) => {
    const { text, tone } = LETTER_STATE_TEXTS[state];
    return html`${badge({ text: `${text}: ${formatNumber(count, LANG)}`, tone })} `;
  })}`;
}

export function stateBadge(state: ShopLetterState): SafeHtml {
  return badge(LETTER_STATE_TEXTS[state]);
}

/** What was said of it, in words. */
export const reasonText = (reason: string) => (isReturnReason(reason) ? RETURN_REASON_TEXTS[reason] : reason);

export const HOME = { text: 'Utskriftsbatcher', href: '/' };
export const shortId = (id: string) => id.slice(-12);
export const batchHref = ({ id }: Pick<ShopBatch, 'id'>) => `/batcher/${id}`;
export const letterHref = (batch: ShopBatch, { letter }: ShopLetter) => `${batchHref(batch)}/brev/${letter}`;
export function envelopeText({ envelope, envelopeCode }: Pick<ShopLetter, 'envelope' | 'envelopeCode'>): string {
  if (envelope === 'none') return 'Vykort utan kuvert';
  return envelopeCode === undefined ? envelope : `${envelope}, enhetens eget med streckkod ${envelopeCode}`;
}
export const postageText = (postage: string) => (postage === 'priority' ? 'A, första klass' : 'B, ekonomi');
export const sidesText = (isDuplex: boolean) => (isDuplex ? 'Dubbelsidigt' : 'Enkelsidigt');
export const colourText = (isColour: boolean) => (isColour ? 'Färg' : 'Svartvitt');
const sheetsOf = (letters: readonly ShopLetter[]) => letters.reduce((sum, { sheets }) => sum + sheets, 0);
const whenOf = (at: string) => (Number.isNaN(Date.parse(at)) ? 'Okänt' : time(new Date(at), LANG));

/** A page of the shop's. */
export function whole({ nonce }: ShopVisit, title: string, content: SafeHtml): string {
  return page({ lang: LANG, title, brand: BRAND, nonce, content });
}
