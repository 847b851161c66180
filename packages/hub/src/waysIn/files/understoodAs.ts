import type { Table } from './table.ts';

const ENCODING_NAMES = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Windows-1252',
} as const;

const WORDS = {
  sv: { xlsx: 'Excelbok', in: 'i', with: 'med', ';': 'semikolon', ',': 'komma', '\t': 'tabb', '|': 'lodstreck' },
  en: { xlsx: 'Excel workbook', in: 'in', with: 'with', ';': 'semicolons', ',': 'commas', '\t': 'tabs', '|': 'bars' },
} as const;

/** What a table's file was taken for, for whoever handed it in: "CSV i Windows-1252 med semikolon". */
export function tableUnderstoodAs(as: Table['understoodAs'], lang: 'sv' | 'en' = 'sv'): string {
  const words = WORDS[lang];
  if (as.kind === 'xlsx') return words.xlsx;
  const separator = words[as.separator as ';' | ',' | '\t' | '|'] ?? as.separator;
  return `CSV ${words.in} ${ENCODING_NAMES[as.encoding]} ${words.with} ${separator}`;
}
