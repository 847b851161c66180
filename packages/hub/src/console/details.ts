import { codeBlock, descriptionList, disclosure, type Language, type SafeHtml, stack } from '@brevduva/ui';
import { detailLabel, detailValue } from './detailWords.ts';
import { consoleTexts } from './texts.ts';

/**
 * A record of what happened, for people: known keys with their names, values as one says them, nested records flattened; and folded
 * below it the record exactly as stored, for it is evidence.
 */
export function details(record: Readonly<Record<string, unknown>>, lang: Language, raw: RawLabel): SafeHtml {
  return stack(detailList(record, lang, 'columns'), rawRecord(record, lang, raw));
}

/** Names the exact record; both unique on the page. */
export interface RawLabel {
  readonly id: string;
  readonly label: string;
}

/** The same without the exact record. */
export function detailList(
  record: Readonly<Record<string, unknown>>,
  lang: Language,
  layout: 'rows' | 'columns',
): SafeHtml {
  const items = flatten(record).map(([key, value]) => ({
    term: detailLabel(key, lang),
    description: detailValue(key, value, lang),
  }));
  return descriptionList(items, { layout });
}

/** The exact record, folded away. */
export function rawRecord(
  record: Readonly<Record<string, unknown>>,
  lang: Language,
  { id, label }: RawLabel,
): SafeHtml {
  const code = JSON.stringify(record, null, 2);
  return disclosure({ summary: consoleTexts(lang).rawRecord, content: codeBlock({ lang, label, code, id }) });
}

/** `{ ServiceSupplier: { Name } }` becomes `ServiceSupplier.Name`; lists stay whole. */
function flatten(record: Readonly<Record<string, unknown>>, prefix = ''): [key: string, value: unknown][] {
  return Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
    if (value === '' || value === undefined) return [];
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isNested ? flatten(value as Record<string, unknown>, `${prefix}${key}.`) : [[`${prefix}${key}`, value]];
  });
}
