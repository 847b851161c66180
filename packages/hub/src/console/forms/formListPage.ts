import {
  badge,
  emptyState,
  filterForm,
  href,
  html,
  link,
  pageHeading,
  pagination,
  type SafeHtml,
  select,
  type Tone,
  table,
  time,
} from '@brevduva/ui';
import type { FormMessage } from '../../sql/formMessages.ts';
import { FORM_STATES, type FormState } from '../../waysIn/forms/formStates.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { formPageTexts } from './texts.ts';

export interface FormListData {
  readonly forms: readonly FormMessage[];
  readonly state: FormState | undefined;
  readonly page: number;
  readonly pageCount: number;
}

const TONES: Readonly<Record<FormState, Tone>> = {
  received: 'info',
  handedOver: 'success',
  acknowledged: 'success',
  failed: 'danger',
  settled: 'neutral',
};

export function formStateBadge(state: FormState, lang: ConsoleRequest['lang']): SafeHtml {
  return badge({ tone: TONES[state], text: formPageTexts(lang)[`state_${state}`] });
}

/** What a form is called where it has to be called something. */
export function formTitle({ subject, productName }: Pick<FormMessage, 'subject' | 'productName'>): string {
  return subject ?? productName;
}

/** The forms that portals have handed in: those that lie with a person first. */
export function formListPage(request: ConsoleRequest, { forms, state, page, pageCount }: FormListData): string {
  const { lang } = request;
  const texts = formPageTexts(lang);
  return consolePage(request, {
    title: texts.forms,
    area: 'forms',
    content: html`${pageHeading({ lang, title: texts.forms, lead: texts.lead })}
${filterForm({
  lang,
  action: '/formular',
  label: texts.filter,
  fields: [
    select({
      name: 'state',
      label: texts.state,
      emptyText: texts.anyState,
      value: state,
      choices: FORM_STATES.map((value) => ({ value, text: texts[`state_${value}`] })),
    }),
  ],
  ...(state === undefined ? {} : { resetHref: '/formular' }),
})}
${formTable(request, forms, state)}
${pagination({ lang, page, pageCount, href: (n) => href('/formular', { state, sida: String(n) }) })}`,
  });
}

function formTable({ lang }: ConsoleRequest, forms: readonly FormMessage[], state: FormState | undefined): SafeHtml {
  const texts = formPageTexts(lang);
  const empty =
    state === undefined
      ? emptyState({ title: texts.none, text: texts.noneText, icon: 'inbox' })
      : emptyState({ title: texts.noneInState, text: texts.noneInStateText, icon: 'search' });
  return table({
    caption: texts.forms,
    captionHidden: true,
    rows: forms,
    empty,
    emphasize: (line) => line.state === 'failed',
    columns: [
      { header: texts.subject, cell: (line) => link(formTitle(line), `/formular/${line.id}`), rowHeader: true },
      { header: texts.product, cell: ({ productName }) => productName },
      { header: texts.portal, cell: ({ portalName }) => portalName },
      { header: texts.receiver, cell: ({ receiverName }) => receiverName },
      { header: texts.received, cell: ({ receivedAt }) => time(receivedAt, lang), nowrap: true },
      { header: texts.state, cell: (line) => formStateBadge(line.state, lang), nowrap: true },
    ],
  });
}
