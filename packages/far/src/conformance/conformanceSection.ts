import {
  badge,
  card,
  checklist,
  descriptionList,
  emptyState,
  formatDateTime,
  formatNumber,
  html,
  join,
  type Language,
  type SafeHtml,
  section,
  stack,
  table,
  time,
} from '@brevduva/ui';
import type { RefusedCall } from '../sql/requestLog.ts';
import { operationOf } from './checklist.ts';
import { faultAdvice } from './faultAdvice.ts';
import type { CheckedItem, Conformance } from './readConformance.ts';
import { conformanceTexts } from './texts.ts';

/** An actor's checklist with its refused calls, for its page; undefined where the technical test has not begun. */
export function conformanceSection(conformance: Conformance | undefined, lang: Language): SafeHtml {
  const texts = conformanceTexts(lang);
  if (conformance === undefined) {
    const empty = emptyState({ title: texts.notStarted, text: texts.notStartedText, icon: 'clock' });
    return section({ title: texts.title, content: empty, id: 'kontrollista' });
  }
  return section({
    title: texts.title,
    id: 'kontrollista',
    content: conformanceContent(conformance, lang, 3),
    actions: progressBadge(conformance, lang),
  });
}

/** The same without the section's heading; the cards have headings of the level given. */
export function conformanceContent(conformance: Conformance, lang: Language, headingLevel: 2 | 3): SafeHtml {
  const texts = conformanceTexts(lang);
  const { items, since, refusals } = conformance;
  const lists = [
    [texts.required, items.filter(({ item }) => item.isRequired)],
    [texts.optional, items.filter(({ item }) => !item.isRequired)],
  ] as const;
  return html`<p class="bd-muted">${texts.since(formatDateTime(since, lang, 'long'))}</p>
${lists.filter(([, list]) => list.length > 0).map(([title, list]) => listCard(title, list, { lang, headingLevel }))}
${card({
  title: texts.refusals,
  headingLevel,
  content: stack(
    html`<p class="bd-muted">${texts.refusalsLead}</p>`,
    refusalTable(refusals, lang),
    adviceList(refusals, lang),
  ),
})}`;
}

/** How far, in one word: "7 av 12 krav uppfyllda". */
export function progressBadge({ isDone, requiredDone, requiredCount }: Conformance, lang: Language): SafeHtml {
  const texts = conformanceTexts(lang);
  if (requiredCount === 0) return badge({ text: texts.nothingDemanded });
  if (isDone) return badge({ text: texts.done, tone: 'success' });
  const text = texts.progress(formatNumber(requiredDone, lang), formatNumber(requiredCount, lang));
  return badge({ text, tone: 'info', icon: 'clock' });
}

function listCard(
  title: string,
  items: readonly CheckedItem[],
  { lang, headingLevel }: { lang: Language; headingLevel: 2 | 3 },
): SafeHtml {
  const texts = conformanceTexts(lang);
  const entries = items.map(({ item, doneAt }) => ({
    text: item.text[lang],
    isDone: doneAt !== undefined,
    note: join(
      [
        html`<code>${operationOf(item)}</code>`,
        ...(doneAt === undefined ? [] : [texts.doneAt(formatDateTime(doneAt, lang))]),
        texts.clause(item.clause),
      ],
      ' · ',
    ),
  }));
  return card({ title, headingLevel, content: checklist({ lang, label: title, entries }) });
}

function refusalTable(refusals: readonly RefusedCall[], lang: Language): SafeHtml {
  const texts = conformanceTexts(lang);
  return table({
    caption: texts.refusals,
    captionHidden: true,
    rows: refusals,
    empty: html`<p>${texts.noRefusals}.</p>`,
    columns: [
      { header: texts.time, nowrap: true, rowHeader: true, cell: (row) => time(row.receivedAt, lang) },
      {
        header: texts.operation,
        cell: (row) => (row.operation === '' ? texts.unreadable : html`<code>${row.operation}</code>`),
      },
      { header: texts.code, align: 'end', cell: (row) => row.errorCode },
      { header: texts.meaning, cell: (row) => faultAdvice(row.errorCode, lang).name },
      { header: 'CallId', nowrap: true, cell: (row) => html`<code>${row.callId}</code>` },
    ],
  });
}

/** What to do about each code that was met. */
function adviceList(refusals: readonly RefusedCall[], lang: Language): SafeHtml | '' {
  const codes = [...new Set(refusals.map(({ errorCode }) => errorCode))].sort((a, b) => a - b);
  if (codes.length === 0) return '';
  const items = codes.map((code) => {
    const { name, advice } = faultAdvice(code, lang);
    return { term: `${code} ${name}`, description: advice };
  });
  return html`<p><strong>${conformanceTexts(lang).whatToDo}</strong></p>${descriptionList(items)}`;
}
