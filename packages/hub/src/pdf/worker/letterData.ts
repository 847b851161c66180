import { type PdfFault, pdfFault } from '../faults.ts';
import { LETTER_CHARS_MAX, type LetterPayment, type LetterSender, type TextLetter } from '../letter.ts';
import { type Inline, type LetterContent, letterContent } from './letterBlocks.ts';
import { printableText } from './letterFont.ts';
import type { LetterData, WindowData } from './typeset.ts';

export interface PreparedLetter {
  readonly data: LetterData;
  readonly images: LetterContent['images'];
  readonly faults: readonly PdfFault[];
}

const WORDS = {
  sv: {
    ...{ page: 'Sida', questions: 'Har du frågor?', date: 'Datum', reference: 'Referens' },
    ...{ toPay: 'Att betala', amount: 'Belopp', dueDate: 'Betalas senast', bankgiro: 'Bankgiro', plusgiro: 'Plusgiro' },
    ...{ ocr: 'OCR-nummer', message: 'Meddelande' },
  },
  en: {
    ...{ page: 'Page', questions: 'Questions?', date: 'Date', reference: 'Reference' },
    ...{ toPay: 'To pay', amount: 'Amount', dueDate: 'Pay by', bankgiro: 'Bankgiro', plusgiro: 'Plusgiro' },
    ...{ ocr: 'OCR number', message: 'Message' },
  },
} as const;
/** As many as help to find them. */
const MISSING_SHOWN_MAX = 10;

/** Turns a letter into what the template reads: blocks of text that the font can show. */
export function prepareLetter(letter: TextLetter, window: WindowData | null): PreparedLetter {
  if (letter.body.text.length > LETTER_CHARS_MAX)
    return prepared(letter, window, { blocks: [], images: [] }, [pdfFault('HUB_PDF_TEXT_TOO_LONG')]);
  return prepared(letter, window, letterContent(letter.body), []);
}

function prepared(
  letter: TextLetter,
  window: WindowData | null,
  content: LetterContent,
  faults: PdfFault[],
): PreparedLetter {
  const { words, ...head } = letterHead(letter);
  const raw: LetterData = {
    ...head,
    sender: letter.sender.name,
    footer: letter.sender.name,
    words: { page: words.page, questions: words.questions },
    blocks: content.blocks,
    payment: letter.payment === undefined ? null : paymentData(letter.payment, words),
    window,
  };
  const { data, faults: lacking } = printable(raw);
  return { data, images: content.images, faults: [...faults, ...lacking] };
}

/** What stands at the head and the foot of every letter, in its language. */
export function letterHead(letter: Pick<TextLetter, 'subject' | 'sender' | 'language' | 'date' | 'reference'>) {
  const [language, region] = languageOf(letter.language);
  const words = language === 'sv' ? WORDS.sv : WORDS.en;
  const [year = 0, month = 0, day = 0] = letter.date.split('-').map(Number);
  return {
    subject: letter.subject,
    unit: letter.sender.unit ?? '',
    ...{ language, region, year, month, day, words },
    facts: [
      `${words.date}: ${letter.date}`,
      ...(letter.reference === undefined ? [] : [`${words.reference}: ${letter.reference}`]),
    ],
    support: supportInlines(letter.sender),
  };
}

/** Every text of the tree as the font can show it, and what it cannot. */
export function printable<T>(raw: T): { data: T; faults: PdfFault[] } {
  const missing = new Set<string>();
  const data = showable(raw, (text) => {
    const shown = printableText(text);
    for (const each of shown.missing) missing.add(each);
    return shown.text;
  });
  const found = [...missing].slice(0, MISSING_SHOWN_MAX).join(' ');
  return { data, faults: missing.size === 0 ? [] : [pdfFault('HUB_PDF_CHARACTER', found)] };
}

function paymentData(payment: LetterPayment, words: (typeof WORDS)['sv' | 'en']): LetterData['payment'] {
  const { amount, dueDate, account, reference } = payment;
  const rows = [
    { term: words.amount, text: amount },
    { term: words.dueDate, text: dueDate },
    { term: words[account.kind], text: account.number },
    ...(reference === undefined ? [] : [{ term: words[reference.kind], text: reference.text }]),
  ];
  return { title: words.toPay, rows };
}

/** Every text of the tree through `show`; keys, numbers and flags stay. */
function showable<T>(value: T, show: (text: string) => string): T {
  if (typeof value === 'string') return show(value) as T;
  if (Array.isArray(value)) return value.map((each) => showable(each, show)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, showable(each, show)])) as T;
}

/** "sv-SE" of whatever a letter calls its language. */
export function languageTag(text: string): string {
  const [language, region] = languageOf(text);
  return region === null ? language : `${language}-${region}`;
}

/** "sv", "sv-SE" and the contract's "svSE" are the same. */
function languageOf(text: string): [language: string, region: string | null] {
  const parts = /^([A-Za-z]{2,3}?)[-_]?([A-Z]{2})?$/.exec(text);
  return [parts?.[1]?.toLowerCase() ?? 'sv', parts?.[2] ?? null];
}

function supportInlines({ support }: LetterSender): Inline[] {
  const text = (value: string): Inline => ({ kind: 'text', text: value, bold: false, italic: false });
  return [
    ...(support?.text ? [text(support.text)] : []),
    ...(support?.phone ? [text(support.phone)] : []),
    ...(support?.email ? [{ kind: 'link', text: support.email, href: `mailto:${support.email}` } as const] : []),
    ...(support?.url && /^https?:\/\//.test(support.url)
      ? [{ kind: 'link', text: support.url, href: support.url } as const]
      : []),
  ];
}
