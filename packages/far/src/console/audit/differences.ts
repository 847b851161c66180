import type { Language } from '@brevduva/ui';
import type { AuditEventRow } from '../../sql/auditEvents.ts';
import { actorTexts } from '../actors/actorTexts.ts';
import { FACT_NAMES, factName, worded } from '../actors/auditWords.ts';

/** One fact as it stood before and after, in words; undefined where it did not stand there at all. */
export interface Difference {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly isChanged: boolean;
}

/** Every fact of an event, what was changed first, then in the order in which people name them. */
export function differencesOf(
  { before, after }: Pick<AuditEventRow, 'before' | 'after'>,
  lang: Language,
): Difference[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const texts = actorTexts(lang);
  const all = names
    .sort((a, b) => FACT_NAMES.indexOf(a) - FACT_NAMES.indexOf(b))
    .map((name) => {
      const isChanged = JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]);
      return {
        name: factName(name, texts),
        before: words(before, name, lang),
        after: words(after, name, lang),
        isChanged,
      };
    });
  return [...all.filter(({ isChanged }) => isChanged), ...all.filter(({ isChanged }) => !isChanged)];
}

function words(facts: AuditEventRow['before'], name: string, lang: Language): string | undefined {
  return facts !== null && Object.hasOwn(facts, name) ? worded(facts[name], lang) : undefined;
}
