import {
  actionForm,
  alert,
  badge,
  card,
  emptyState,
  errorSummary,
  html,
  link,
  pageHeading,
  radioGroup,
  type SafeHtml,
  stack,
  table,
  textField,
  time,
} from '@brevduva/ui';
import type { Returned } from '../../returnedMail/registerReturn.ts';
import { RETURN_REASONS, type ReturnReason } from '../../returnedMail/returnReasons.ts';
import type { ReturnLine } from '../../sql/returnedMail.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { consoleTexts } from '../texts.ts';
import { recipientName, subjectOf } from '../words.ts';
import { returnTexts } from './texts.ts';

export interface ReturnPageData {
  readonly returns: readonly ReturnLine[];
  /** What was just registered. */
  readonly done: Returned | 'cleared' | undefined;
  /** Kept from letter to letter. */
  readonly reason: ReturnReason | undefined;
  /** What came back with faults. */
  readonly form: { readonly mark: string; readonly markFault?: string; readonly reasonFault?: string } | undefined;
}

/** Where mail that came back is registered: a wand types the mark and ends it with Enter, so the field has the focus and the reason stays. */
export function returnPage(request: ConsoleRequest, data: ReturnPageData): string {
  const { lang } = request;
  const texts = returnTexts(lang);
  const { markFault, reasonFault } = data.form ?? {};
  const errors = [
    ...(markFault === undefined ? [] : [{ fieldId: 'mark', text: markFault }]),
    ...(reasonFault === undefined ? [] : [{ fieldId: 'reason', text: reasonFault }]),
  ];
  return consolePage(request, {
    title: texts.returns,
    area: 'letters',
    hasErrors: errors.length > 0,
    notices: data.done === undefined ? [] : [doneAlert(request, data.done)],
    content: html`${errorSummary({ lang, errors })}
${pageHeading({ lang, title: texts.returns, lead: texts.lead, breadcrumbs: [{ text: consoleTexts(lang).letters, href: '/brev' }] })}
${stack(request.mayAct && registerCard(request, data), returnTable(request, data.returns))}`,
  });
}

function doneAlert({ lang }: ConsoleRequest, done: Returned | 'cleared'): SafeHtml {
  const texts = returnTexts(lang);
  if (done === 'cleared') return alert({ tone: 'success', content: texts.cleared, live: true });
  const words = done.isNew
    ? [texts.registered, done.hasCase ? texts.hasCase : texts.noCase, ...(done.isFlagged ? [texts.flagged] : [])]
    : [texts.already];
  const content = html`${words.join(' ')} ${link(texts.showLetter, `/brev/${done.letterId}`)}`;
  return alert({ tone: done.isNew ? 'success' : 'info', content, live: true });
}

function registerCard({ lang, user }: ConsoleRequest, { reason, form }: ReturnPageData): SafeHtml {
  const texts = returnTexts(lang);
  return card({
    title: texts.register,
    content: actionForm({
      action: '/returer',
      csrfToken: user.csrfToken,
      fields: stack(
        textField({
          ...{ name: 'mark', label: texts.mark, description: texts.markHelp, required: true },
          ...{ maxLength: MARK_CHARS_MAX, autocomplete: 'off', autofocus: form === undefined },
          ...(form === undefined ? {} : { value: form.mark }),
          error: form?.markFault,
        }),
        radioGroup({
          ...{ name: 'reason', label: texts.reason, description: texts.reasonHelp, required: true, value: reason },
          choices: Object.entries(RETURN_REASONS).map(([value, { text, en }]) => ({
            value,
            text: lang === 'en' ? en : text,
          })),
          error: form?.reasonFault,
        }),
      ),
      submit: { text: texts.submit },
    }),
  });
}

const MARK_CHARS_MAX = 100;

function returnTable(request: ConsoleRequest, returns: readonly ReturnLine[]): SafeHtml {
  const { lang, mayAct } = request;
  const texts = returnTexts(lang);
  const words = consoleTexts(lang);
  const isAny = returns.some(({ isFlagged }) => isFlagged);
  return table({
    caption: texts.latest,
    rows: returns,
    empty: emptyState({ title: texts.none, text: texts.noneText, icon: 'inbox' }),
    columns: [
      { header: texts.letter, cell: (line) => link(subjectOf(line, words), `/brev/${line.letterId}`), rowHeader: true },
      { header: texts.recipient, cell: (line) => recipientName(line, words), nowrap: true },
      { header: texts.why, cell: ({ reason }) => RETURN_REASONS[reason][lang === 'en' ? 'en' : 'text'] },
      { header: texts.when, cell: ({ registeredAt }) => time(registeredAt, lang), nowrap: true },
      { header: texts.by, cell: ({ source, registeredBy }) => texts[`source_${source}`](registeredBy) },
      {
        header: texts.address,
        cell: ({ isFlagged }) => (isFlagged ? badge({ tone: 'warning', text: texts.isFlagged }) : '–'),
        nowrap: true,
      },
      ...(mayAct && isAny ? [{ header: texts.clear, cell: (line: ReturnLine) => clearForm(request, line) }] : []),
    ],
  });
}

function clearForm({ lang, user }: ConsoleRequest, line: ReturnLine): SafeHtml | string {
  if (!line.isFlagged) return '';
  const texts = returnTexts(lang);
  return actionForm({
    action: `/returer/${line.letterId}/adressen-stammer`,
    csrfToken: user.csrfToken,
    submit: { text: texts.clear, context: subjectOf(line, consoleTexts(lang)), variant: 'secondary' },
  });
}
