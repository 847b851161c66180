import type { RecipientId } from '@brevduva/protocol';
import type { FindRule, NewLetterRule, PrinterSettings } from '../../organisation/waysIn/printer.ts';
import { findOnPage, linesOf, type PrintPage } from './printPage.ts';
import { recipientNumber } from './recipientNumber.ts';

/** One letter of a printout, as far as it could be read. */
export interface PrintedLetter {
  /** Its pages, counted from 1; both belong to it. */
  readonly from: number;
  readonly to: number;
  readonly recipient: PrintedRecipient;
  readonly subject: string | undefined;
  readonly reference: string | undefined;
  /** The lines in the address area of its first page. */
  readonly addressLines: readonly string[];
}

/** `none`: nothing was found; `invalid`: what was found is nobody's number; `several`: the numbers of several. The three go to a person. */
export type PrintedRecipient =
  | { readonly kind: 'found'; readonly id: RecipientId }
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly text: string }
  | { readonly kind: 'several'; readonly ids: readonly RecipientId[] };

/** All that the rules find on a page. Of a large printout this can be kept, and all its words not. */
export interface PageFindings {
  /** By rule for the recipient. */
  readonly recipient: readonly (readonly string[])[];
  readonly hasMark: boolean;
  readonly subject: string | undefined;
  readonly reference: string | undefined;
  readonly addressLines: readonly string[];
}

/** Tries every rule on a page. Pure. */
export function findingsOf(page: PrintPage, settings: PrinterSettings): PageFindings {
  const { newLetter, address } = settings;
  return {
    recipient: settings.recipient.map((rule) => findOnPage(page, rule)),
    hasMark: newLetter.at === 'mark' && findOnPage(page, newLetter.mark).length > 0,
    subject: firstOnPage(page, settings.subject),
    reference: firstOnPage(page, settings.reference),
    addressLines: address === undefined ? [] : linesOf(page, address),
  };
}

/**
 * Splits a printout into letters by the system's rules. Every page is in exactly one letter: nothing that was printed is passed over,
 * and nobody gets a page of another's letter because a rule did not fit. Pure.
 */
export function splitPrint(
  pages: readonly PageFindings[],
  { newLetter }: Pick<PrinterSettings, 'newLetter'>,
  today: Date,
): PrintedLetter[] {
  return letterStarts(pages, newLetter, today).map((start, n, starts) => {
    const end = starts[n + 1] ?? pages.length;
    const own = pages.slice(start, end);
    return {
      from: start + 1,
      to: end,
      recipient: recipientOf(own, today),
      subject: own.find(({ subject }) => subject !== undefined)?.subject,
      reference: own.find(({ reference }) => reference !== undefined)?.reference,
      addressLines: own[0]?.addressLines ?? [],
    };
  });
}

/** Indexes of the pages on which a letter begins; the first page always does. */
function letterStarts(pages: readonly PageFindings[], newLetter: NewLetterRule, today: Date): number[] {
  const begins = startRule(pages, newLetter, today);
  return pages.flatMap((page, index) => (index === 0 || begins(page, index) ? [index] : []));
}

function startRule(
  pages: readonly PageFindings[],
  newLetter: NewLetterRule,
  today: Date,
): (page: PageFindings, index: number) => boolean {
  switch (newLetter.at) {
    case 'job':
      return () => false;
    case 'pages':
      return (_page, index) => index % newLetter.pages === 0;
    case 'mark':
      return ({ hasMark }) => hasMark;
    case 'recipient': {
      const starts = recipientChanges(pages.map((page) => recipientOf([page], today)));
      return (_page, index) => starts.has(index);
    }
  }
}

/** A page without a number goes on with the letter before it, and so does one with the same number. */
function recipientChanges(recipients: readonly PrintedRecipient[]): Set<number> {
  const starts = new Set<number>();
  let last: string | undefined;
  recipients.forEach((recipient, index) => {
    if (recipient.kind === 'none') return;
    const own = JSON.stringify(recipient);
    if (own !== last) starts.add(index);
    last = own;
  });
  return starts;
}

/** The first rule that finds anything decides: a later one must not find a caseworker's number where the recipient's is illegible. */
function recipientOf(pages: readonly PageFindings[], today: Date): PrintedRecipient {
  const rules = pages[0]?.recipient.length ?? 0;
  for (let rule = 0; rule < rules; rule += 1) {
    const found = pages.flatMap((page) => page.recipient[rule] ?? []);
    const [first] = found;
    if (first === undefined) continue;
    const ids = [...new Set(found.flatMap((text) => recipientNumber(text, today) ?? []))];
    const [id, ...others] = ids;
    if (id === undefined) return { kind: 'invalid', text: first };
    return others.length === 0 ? { kind: 'found', id } : { kind: 'several', ids };
  }
  return { kind: 'none' };
}

function firstOnPage(page: PrintPage, rule: FindRule | undefined): string | undefined {
  const found = rule && findOnPage(page, rule)[0];
  return found?.replace(/\s+/g, ' ');
}
