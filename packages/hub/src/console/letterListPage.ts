import {
  cursorPagination,
  emptyState,
  filterForm,
  type HtmlValue,
  href,
  html,
  link,
  linkButton,
  pageHeading,
  type SafeHtml,
  select,
  textField,
} from '@brevduva/ui';
import type { LetterLine } from '../sql/letters.ts';
import { CHANNELS, LETTER_STATES } from '../states.ts';
import { fileTexts } from './files/texts.ts';
import { letterTable } from './letterTable.ts';
import { printShopTexts } from './printShops/texts.ts';
import { returnTexts } from './returns/texts.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { type ConsoleTexts, consoleTexts } from './texts.ts';
import { channelName } from './words.ts';

export type ListQuery = Readonly<Record<'state' | 'channel' | 'flow' | 'q' | 'utskick', string | undefined>>;

export interface LetterListData {
  readonly lines: readonly LetterLine[];
  readonly flows: readonly { code: string; name: string }[];
  readonly query: ListQuery;
  /** The letters of this mailing alone. */
  readonly mailing: { readonly id: string; readonly name: string } | undefined;
  /** Ids of the letters beside which the pages before and after begin, where there are such pages. */
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

/** The list of letters with its filter. */
export function letterListPage(request: ConsoleRequest, data: LetterListData): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  const { query, previous, next } = data;
  const isFiltered = Object.values(query).some((value) => value !== undefined);
  const empty = isFiltered
    ? emptyState({ title: texts.noHits, text: texts.noHitsText, icon: 'search' })
    : emptyState({ title: texts.noLetters, text: texts.noLettersText, icon: 'letter' });
  return consolePage(request, {
    title: texts.letters,
    area: 'letters',
    content: html`${pageHeading({
      lang,
      title: texts.letters,
      lead: leadOf(data, texts),
      actions: [
        linkButton({ text: fileTexts(lang).files, href: '/filinlamningar', variant: 'secondary' }),
        linkButton({ text: printShopTexts(lang).batches, href: '/utskriftsbatcher', variant: 'secondary' }),
        linkButton({ text: returnTexts(lang).returns, href: '/returer', variant: 'secondary' }),
      ],
    })}
${filterForm({
  lang,
  action: '/brev',
  label: texts.filter,
  fields: filterFields(data, texts),
  ...(isFiltered ? { resetHref: '/brev' } : {}),
})}
${letterTable(data.lines, lang, texts.letters, empty)}
${cursorPagination({
  lang,
  previousHref: previous && href('/brev', { ...query, before: previous }),
  nextHref: next && href('/brev', { ...query, after: next }),
})}`,
  });
}

function leadOf({ mailing }: LetterListData, texts: ConsoleTexts): HtmlValue {
  if (mailing === undefined) return texts.lettersLead;
  return html`${texts.lettersOf} ${link(mailing.name, `/utskick/${mailing.id}`)}.`;
}

function filterFields({ query, flows, mailing }: LetterListData, texts: ConsoleTexts): SafeHtml[] {
  return [
    // Kept when the filter changes; cleared with it.
    ...(mailing === undefined ? [] : [html`<input type="hidden" name="utskick" value="${mailing.id}">`]),
    textField({ name: 'q', label: texts.search, type: 'search', value: query.q, maxLength: 255, autocomplete: 'off' }),
    select({
      name: 'state',
      label: texts.state,
      emptyText: texts.anyState,
      value: query.state,
      choices: LETTER_STATES.map((value) => ({ value, text: texts[`state_${value}`] })),
    }),
    select({
      name: 'channel',
      label: texts.channel,
      emptyText: texts.anyChannel,
      value: query.channel,
      choices: CHANNELS.map((value) => ({ value, text: channelName(value, texts) })),
    }),
    select({
      name: 'flow',
      label: texts.flow,
      emptyText: texts.anyFlow,
      value: query.flow,
      choices: flows.map(({ code, name }) => ({ value: code, text: name })),
    }),
  ];
}
