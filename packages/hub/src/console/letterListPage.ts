import { cursorPagination, emptyState, filterForm, html, pageHeading, select, textField } from '@brevduva/ui';
import type { LetterLine } from '../sql/letters.ts';
import { CHANNELS, LETTER_STATES } from '../states.ts';
import { letterTable } from './letterTable.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { channelName } from './words.ts';

export interface LetterListData {
  readonly lines: readonly LetterLine[];
  readonly flows: readonly { code: string; name: string }[];
  readonly query: Readonly<Record<'state' | 'channel' | 'flow' | 'q' | 'after', string | undefined>>;
  /** Cursor of the next page, when there is one. */
  readonly next: string | undefined;
}

/** The list of letters with its filter. */
export function letterListPage(request: ConsoleRequest, data: LetterListData): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  const { state, channel, flow, q } = data.query;
  const filtered = [state, channel, flow, q].some((value) => value !== undefined);
  const empty = filtered
    ? emptyState({ title: texts.noHits, text: texts.noHitsText })
    : emptyState({ title: texts.noLetters, text: texts.noLettersText });
  const fields = [
    textField({
      name: 'q',
      label: texts.search,
      description: texts.searchHelp,
      type: 'search',
      value: q,
      maxLength: 255,
    }),
    select({
      name: 'state',
      label: texts.state,
      emptyText: texts.anyState,
      value: state,
      choices: LETTER_STATES.map((value) => ({ value, text: texts[`state_${value}`] })),
    }),
    select({
      name: 'channel',
      label: texts.channel,
      emptyText: texts.anyChannel,
      value: channel,
      choices: CHANNELS.map((value) => ({ value, text: channelName(value, texts) })),
    }),
    select({
      name: 'flow',
      label: texts.flow,
      emptyText: texts.anyFlow,
      value: flow,
      choices: data.flows.map(({ code, name }) => ({ value: code, text: name })),
    }),
  ];
  return consolePage(request, {
    title: texts.letters,
    area: 'letters',
    content: html`${pageHeading({ lang, title: texts.letters, lead: texts.lettersLead })}
${filterForm({ lang, action: '/brev', label: texts.filter, fields, ...(filtered ? { resetHref: '/brev' } : {}) })}
${letterTable(data.lines, lang, texts.letters, empty)}
${cursorPagination({
  lang,
  previousHref: data.query.after === undefined ? undefined : pageHref(data.query, undefined),
  nextHref: data.next === undefined ? undefined : pageHref(data.query, data.next),
})}`,
  });
}

/** The same filter on another page; without a cursor, the first page. */
function pageHref(query: LetterListData['query'], after: string | undefined): string {
  const parameters = new URLSearchParams();
  for (const name of ['state', 'channel', 'flow', 'q'] as const) {
    if (query[name] !== undefined) parameters.set(name, query[name]);
  }
  if (after !== undefined) parameters.set('after', after);
  return `/brev?${parameters}`;
}
