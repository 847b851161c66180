import { type ChartColour, chartCell, formatRecipientId, html, type Language, link, type SafeHtml } from '@brevduva/ui';
import { actorHref } from '../actors/actionPage.ts';
import type { DataColumn } from './dataset.ts';
import { statisticsTexts } from './texts.ts';

/** An organisation as the register names it; null where it has no name for it. */
export interface Caller {
  readonly caller: string;
  readonly name: string | null;
}

/** Who calls, led to its page. */
export function actorColumn(lang: Language): DataColumn<Caller> {
  return {
    header: statisticsTexts(lang).actor,
    kind: 'text',
    rowHeader: true,
    value: (row) => callerName(row, lang),
    cell: (row) => callerLink(row, lang),
  };
}

/** A bar beside the figures, as long as the row's part of the largest row. */
export function shareColumn<Row>(
  lang: Language,
  { of, largest, colour }: { of: (row: Row) => number; largest: number; colour?: ChartColour },
): DataColumn<Row> {
  return {
    header: statisticsTexts(lang).share,
    kind: 'text',
    isPicture: true,
    value: () => null,
    cell: (row) => chartCell(of(row) / largest, colour),
  };
}

export function callerLink(row: Caller, lang: Language): SafeHtml | string {
  return row.name === null ? callerName(row, lang) : link(row.name, actorHref(row.caller));
}

/** An operation of the contract as it is called there; empty for a request that could not be read. */
export function operationCell({ operation }: { readonly operation: string }, lang: Language): SafeHtml | string {
  return operation === '' ? statisticsTexts(lang).unreadable : html`<code>${operation}</code>`;
}

/** By its name; by its number where the register has none for it. */
function callerName({ caller, name }: Caller, lang: Language): string {
  if (caller === '0') return statisticsTexts(lang).noActor;
  return name ?? formatRecipientId(caller);
}
