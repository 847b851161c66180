import type { Fault } from '@brevduva/base';
import {
  actionForm,
  alert,
  card,
  type Description,
  descriptionList,
  disclosure,
  errorSummary,
  formatBytes,
  formatNumber,
  html,
  link,
  pageHeading,
  type SafeHtml,
  section,
  split,
  stack,
  table,
  textArea,
  time,
  timeline,
} from '@brevduva/ui';
import type { AnsweringLetter, FormEvent, FormMessage, FormPart } from '../../sql/formMessages.ts';
import { FORM_FAILURE_TEXTS } from '../../waysIn/forms/formFailures.ts';
import type { FormFailure } from '../../waysIn/forms/formStates.ts';
import type { FormLine } from '../../waysIn/forms/formXml.ts';
import { errorText } from '../errorTexts.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { consoleTexts } from '../texts.ts';
import { formStateBadge, formTitle } from './formListPage.ts';
import { type FormPageTexts, formPageTexts } from './texts.ts';

export interface FormPageData {
  readonly form: FormMessage;
  readonly parts: readonly FormPart[];
  readonly events: readonly FormEvent[];
  readonly letters: readonly AnsweringLetter[];
  readonly content: { readonly lines: readonly FormLine[]; readonly omitted: boolean };
  readonly settling: { readonly note: string; readonly faults: readonly Fault[] } | undefined;
  readonly done: 'triedAgain' | 'settled' | undefined;
  /** The person acted on what somebody else had just ended. */
  readonly isConflict: boolean;
}

/** One form: what it says, its files, what has become of it, and what a person can do when it did not arrive. */
export function formPage(request: ConsoleRequest, data: FormPageData): string {
  const { lang } = request;
  const texts = formPageTexts(lang);
  const { form } = data;
  return consolePage(request, {
    title: formTitle(form),
    area: 'forms',
    hasErrors: (data.settling?.faults.length ?? 0) > 0,
    notices: notices(data, texts),
    content: html`${settleErrors(request, data)}
${pageHeading({
  lang,
  title: formTitle(form),
  lead: `${form.productName} · ${form.portalName}`,
  status: formStateBadge(form.state, lang),
  breadcrumbs: [{ text: texts.forms, href: '/formular' }],
})}
${form.state === 'failed' && failed(request, form)}
${split({
  main: stack(contentSection(request, data), filesSection(request, data), storySection(request, data.events)),
  aside: stack(
    form.state === 'failed' && request.mayAct && actionsCard(request, data),
    factsCard(request, form),
    lettersCard(request, data.letters),
  ),
  asideLabel: texts.facts,
})}`,
  });
}

function notices({ done, isConflict }: FormPageData, texts: FormPageTexts): SafeHtml[] {
  if (isConflict) return [alert({ tone: 'danger', title: texts.conflictTitle, content: texts.conflict, live: true })];
  return done === undefined ? [] : [alert({ tone: 'success', content: texts[`${done}Notice`], live: true })];
}

const NOTE_ID = 'note';

function settleErrors({ lang }: ConsoleRequest, { settling }: FormPageData): SafeHtml | '' {
  const errors = (settling?.faults ?? []).map(({ code, text }) => ({
    fieldId: NOTE_ID,
    text: errorText(code, text, lang),
  }));
  return errorSummary({ lang, errors });
}

/** Why it lies with a person, and what she can do. */
function failed({ lang, mayAct }: ConsoleRequest, { failure, deadline }: FormMessage): SafeHtml {
  const texts = formPageTexts(lang);
  const words = failureWords(failure, lang);
  return alert({
    tone: 'warning',
    title: words.text,
    content: stack(
      html`<p>${words.nextAction}</p>`,
      deadline !== null && html`<p>${texts.deadline}: ${time(deadline, lang)}</p>`,
      !mayAct && html`<p>${texts.readerHint}</p>`,
    ),
  });
}

function actionsCard(request: ConsoleRequest, { form, settling }: FormPageData): SafeHtml {
  const texts = formPageTexts(request.lang);
  return card({
    title: texts.actions,
    content: stack(
      actionForm({
        action: `/formular/${form.id}/forsok-igen`,
        csrfToken: request.user.csrfToken,
        submit: { text: texts.tryAgain },
      }),
      settleForm(request, form, settling),
    ),
  });
}

function failureWords(failure: FormFailure | null, lang: ConsoleRequest['lang']) {
  const words = FORM_FAILURE_TEXTS[failure ?? 'unreachable'];
  return lang === 'en' ? words.en : words;
}

function settleForm({ lang, user }: ConsoleRequest, { id }: FormMessage, settling: FormPageData['settling']): SafeHtml {
  const texts = formPageTexts(lang);
  const [error] = (settling?.faults ?? []).map(({ code, text }) => errorText(code, text, lang));
  return disclosure({
    summary: html`<strong>${texts.settleTitle}</strong>`,
    open: settling !== undefined,
    content: stack(
      html`<p>${texts.settleHelp}</p>`,
      actionForm({
        action: `/formular/${id}/avsluta`,
        csrfToken: user.csrfToken,
        fields: textArea({
          name: NOTE_ID,
          label: texts.note,
          rows: 2,
          required: true,
          value: settling?.note ?? '',
          ...(error === undefined ? {} : { error }),
        }),
        submit: { text: texts.settle },
      }),
    ),
  });
}

/** The form as lines of field and value; whatever a stranger has written there is text here. */
function contentSection({ lang }: ConsoleRequest, { form, content }: FormPageData): SafeHtml {
  const texts = formPageTexts(lang);
  if (form.erasedAt !== null) {
    return section({
      title: texts.content,
      content: alert({ tone: 'info', title: texts.erased, content: texts.erasedText }),
    });
  }
  const list = table({
    caption: texts.content,
    captionHidden: true,
    rows: content.lines,
    empty: html`<p>${texts.contentNone}</p>`,
    columns: [
      { header: texts.field, cell: ({ path }) => fieldName(path), rowHeader: true },
      { header: texts.value, cell: ({ value }) => value },
    ],
  });
  return section({
    title: texts.content,
    content: html`${list}${content.omitted && html`<p class="bd-hint">${texts.contentOmitted}</p>`}`,
  });
}

/** `SokandeNamn` is easier read as words, and what it stands in tells whose it is. */
function fieldName(path: readonly string[]): string {
  const words = path.map((name) => name.replace(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ' ').replace(/[_.-]+/g, ' '));
  return words.join(' › ');
}

function filesSection({ lang }: ConsoleRequest, { form, parts }: FormPageData): SafeHtml | false {
  if (form.erasedAt !== null) return false;
  const texts = formPageTexts(lang);
  const list = table({
    caption: texts.files,
    captionHidden: true,
    rows: parts,
    empty: html`<p>${texts.nothing}</p>`,
    columns: [
      {
        header: texts.filename,
        cell: ({ filename, position }) => link(filename, `/formular/${form.id}/filer/${position}`),
        rowHeader: true,
      },
      { header: texts.kind, cell: ({ kind }) => texts[`kind_${kind}`] },
      { header: texts.size, cell: ({ plainBytes }) => formatBytes(plainBytes, lang), nowrap: true },
    ],
  });
  return section({ title: texts.files, content: html`${list}<p class="bd-hint">${texts.filesHint}</p>` });
}

const EVENTS = [
  'received',
  'attemptFailed',
  'handedOver',
  'acknowledged',
  'failed',
  'triedAgain',
  'settled',
  'erased',
] as const;
const EVENT_TONES = {
  attemptFailed: 'warning',
  failed: 'danger',
  handedOver: 'success',
  acknowledged: 'success',
} as const;

function storySection({ lang }: ConsoleRequest, events: readonly FormEvent[]): SafeHtml {
  const texts = formPageTexts(lang);
  const entries = events.map(({ at, kind, actor, detail }) => {
    const known = EVENTS.find((each) => each === kind);
    const text = eventDetail(detail, lang);
    return {
      at,
      actor,
      title: known === undefined ? kind : texts[`event_${known}`],
      ...(kind in EVENT_TONES && { tone: EVENT_TONES[kind as keyof typeof EVENT_TONES] }),
      ...(text === '' ? {} : { text }),
    };
  });
  return section({
    title: texts.story,
    content: card({ content: timeline({ label: texts.story, entries, lang }) }),
  });
}

function eventDetail(detail: FormEvent['detail'], lang: ConsoleRequest['lang']): string {
  const { failure, answer, caseReference, note } = detail;
  const isKnown = typeof failure === 'string' && failure in FORM_FAILURE_TEXTS;
  return [isKnown && failureWords(failure as FormFailure, lang).text, answer, caseReference, note]
    .filter((text) => typeof text === 'string' && text !== '')
    .join(' ');
}

function factsCard({ lang }: ConsoleRequest, form: FormMessage): SafeHtml {
  const texts = formPageTexts(lang);
  const { sender, sentAt, correlationId, caseReference, attempts, dueAt } = form;
  const next = attempts > 0 ? texts.nextTry : texts.fetchBefore;
  const items: (Description | false)[] = [
    ...form.fields.map(({ name, value }) => ({ term: name, description: value ?? texts.nothing })),
    form.isTest && { term: texts.test, description: texts.testText },
    { term: texts.portal, description: form.portalName },
    sender !== null && { term: texts.from, description: sender },
    { term: texts.receiver, description: form.receiverName },
    caseReference !== null && { term: texts.caseReference, description: caseReference },
    sentAt !== null && { term: texts.sentAt, description: time(sentAt, lang) },
    { term: texts.received, description: time(form.receivedAt, lang) },
    attempts > 0 &&
      form.failure !== 'notFetched' && { term: texts.attempts, description: formatNumber(attempts, lang) },
    dueAt !== null && { term: next, description: time(dueAt, lang) },
    { term: texts.eraseAt, description: time(form.erasedAt ?? form.eraseAt, lang) },
    { term: texts.transactionId, description: html`<code class="bd-code-inline">${form.transactionId}</code>` },
    correlationId !== null && {
      term: texts.correlationId,
      description: html`<code class="bd-code-inline">${correlationId}</code>`,
    },
    { term: texts.formId, description: html`<code class="bd-code-inline">${form.id}</code>` },
  ];
  return card({ title: texts.facts, content: descriptionList(items.filter((item) => item !== false)) });
}

function lettersCard({ lang }: ConsoleRequest, letters: readonly AnsweringLetter[]): SafeHtml {
  const texts = formPageTexts(lang);
  const items = letters.map(
    ({ id, subject, createdAt }) =>
      html`<li>${link(subject ?? consoleTexts(lang).erasedSubject, `/brev/${id}`)}, ${time(createdAt, lang)}</li>`,
  );
  const content = items.length === 0 ? html`<p class="bd-hint">${texts.noLetters}</p>` : html`<ul>${items}</ul>`;
  return card({ title: texts.letters, content });
}
