import type { Fault } from '@brevduva/base';
import {
  actionForm,
  alert,
  buttonRow,
  card,
  checkbox,
  errorSummary,
  fileField,
  formatNumber,
  grid,
  html,
  link,
  messageText,
  pageHeading,
  type SafeHtml,
  section,
  select,
  stack,
  table,
  textArea,
  textField,
} from '@brevduva/ui';
import type { JudgedFile, LineFault } from '../../mailing/addressFile.ts';
import { RECIPIENT_COLUMN_KEYS, type RecipientColumns } from '../../mailing/recipientColumns.ts';
import type { TemplateSettings } from '../../organisation/configuration.ts';
import type { Table, TableRow } from '../../waysIn/files/table.ts';
import { tableUnderstoodAs } from '../../waysIn/files/understoodAs.ts';
import { errorText } from '../errorTexts.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { type NewMailingTexts, newMailingTexts } from './newTexts.ts';
import { mailingTexts } from './texts.ts';

const FAULTS_SHOWN_MAX = 100;
const ROWS_SHOWN = 5;

/** Step 1: the address file. */
export function uploadPage(request: ConsoleRequest, faults: readonly LineFault[]): string {
  const { lang } = request;
  const texts = newMailingTexts(lang);
  const errors = faults.map((fault) => ({ fieldId: 'file', text: faultText(fault, lang) }));
  return frame(request, '1', texts.uploadLead, errors, [
    card({
      content: actionForm({
        action: '/utskick/nytt',
        csrfToken: request.user.csrfToken,
        multipart: true,
        fields: fileField({
          name: 'file',
          label: texts.file,
          description: texts.fileHelp,
          accept: '.csv,.txt,.xlsx',
          required: true,
          error: errors[0]?.text,
        }),
        submit: { text: texts.upload },
      }),
    }),
  ]);
}

export interface ColumnsPageData {
  readonly id: string;
  readonly filename: string;
  readonly table: Table;
  /** What is chosen or guessed; undefined while no column is known to hold the recipient. */
  readonly columns: RecipientColumns | undefined;
  readonly judged: JudgedFile | undefined;
  readonly skipsFaulty: boolean;
  readonly templates: readonly Pick<TemplateSettings, 'code' | 'name'>[];
  readonly templateCode: string | undefined;
  /** She wanted to go on, and may not yet. */
  readonly isHeldBack: boolean;
}

/** Step 2: what each column holds, and which rows are sound. */
export function columnsPage(request: ConsoleRequest, data: ColumnsPageData): string {
  const { lang } = request;
  const texts = newMailingTexts(lang);
  const { judged, columns, id } = data;
  const held = data.isHeldBack ? heldBack(data, texts) : undefined;
  const fields = RECIPIENT_COLUMN_KEYS.map((key) =>
    select({
      name: key,
      label: texts[`column_${key}`],
      emptyText: texts.noColumn,
      value: columns?.[key],
      choices: data.table.columns.filter((column) => column !== '').map((column) => ({ value: column, text: column })),
      error: key === 'recipient' && held?.fieldId === key ? held.text : undefined,
    }),
  );
  const hasFaults = judged !== undefined && judged.faults.length > 0;
  const lacks = judged !== undefined && judged.missing.length > 0;
  const as = tableUnderstoodAs(data.table.understoodAs, lang);
  const lead = texts.columnsLead(data.filename, formatNumber(data.table.rows.length, lang), as);
  return frame(request, '2', lead, held ? [held] : [], [
    card({
      title: texts.columns,
      content: actionForm({
        action: `/utskick/nytt/${id}/kolumner`,
        csrfToken: request.user.csrfToken,
        fields: stack(
          data.templates.length > 0 && templateField(data, held, texts),
          grid(fields),
          lacks &&
            held?.fieldId !== 'mall' &&
            alert({ tone: 'danger', title: texts.missingTitle, content: texts.missing(judged.missing.join(', ')) }),
          judged &&
            !hasFaults &&
            !lacks &&
            alert({ tone: 'success', content: texts.allSound(formatNumber(judged.sound, lang)) }),
          hasFaults && faultTable(judged, lang),
          hasFaults &&
            judged.sound > 0 &&
            checkbox({
              name: 'skip',
              label: texts.skip,
              description: texts.skipHelp,
              checked: data.skipsFaulty,
              error: held?.fieldId === 'skip' ? held.text : undefined,
            }),
          html`<button type="submit" class="ds-button" data-variant="secondary" name="gor" value="visa">${texts.check}</button>`,
        ),
        submit: { text: texts.next, name: 'gor', value: 'vidare' },
      }),
    }),
    section({ title: texts.firstRows, content: firstRows(data.table, lang) }),
    html`<p>${link(texts.otherFile, '/utskick/nytt')}</p>`,
  ]);
}

function templateField(
  { templates, templateCode }: ColumnsPageData,
  held: { fieldId: string; text: string } | undefined,
  texts: NewMailingTexts,
): SafeHtml {
  return select({
    name: 'mall',
    label: texts.template,
    description: texts.templateHelp,
    emptyText: texts.noTemplate,
    value: templateCode,
    choices: templates.map(({ code, name }) => ({ value: code, text: name })),
    error: held?.fieldId === 'mall' ? held.text : undefined,
  });
}

function heldBack({ judged }: ColumnsPageData, texts: NewMailingTexts) {
  if (judged === undefined) return { fieldId: 'recipient', text: texts.recipientMissing };
  if (judged.missing.length > 0) return { fieldId: 'mall', text: texts.missing(judged.missing.join(', ')) };
  if (judged.sound === 0) return { fieldId: 'recipient', text: texts.noneSound };
  return { fieldId: 'skip', text: texts.skipMissing };
}

function faultTable({ faults, sound }: JudgedFile, lang: ConsoleRequest['lang']): SafeHtml {
  const texts = newMailingTexts(lang);
  const count = (n: number) => formatNumber(n, lang);
  return stack(
    alert({ tone: 'warning', content: texts.faultsCount(count(faults.length), count(sound)) }),
    lineFaults(faults, lang),
    faults.length > FAULTS_SHOWN_MAX && html`<p class="bd-hint">${texts.faultsMore(count(FAULTS_SHOWN_MAX))}</p>`,
  );
}

function lineFaults(faults: readonly LineFault[], lang: ConsoleRequest['lang']): SafeHtml {
  const texts = newMailingTexts(lang);
  return table<LineFault>({
    caption: texts.faults,
    rows: faults.slice(0, FAULTS_SHOWN_MAX),
    columns: [
      { header: texts.line, cell: ({ line }) => line ?? '–', align: 'end', nowrap: true },
      { header: texts.fault, cell: ({ code, text }) => errorText(code, text, lang), rowHeader: true },
    ],
  });
}

function firstRows({ columns, rows }: Table, lang: ConsoleRequest['lang']): SafeHtml {
  const texts = newMailingTexts(lang);
  return table<TableRow>({
    caption: texts.firstRows,
    captionHidden: true,
    rows: rows.slice(0, ROWS_SHOWN),
    columns: [
      { header: texts.line, cell: ({ line }) => line, align: 'end', rowHeader: true },
      ...columns
        .filter((column) => column !== '')
        .map((column) => ({
          header: column,
          cell: ({ cells }: TableRow) => cells.get(column) ?? '',
          nowrap: true,
        })),
    ],
  });
}

export const LETTER_FIELDS = ['name', 'flow', 'subject', 'text'] as const;

export interface NewLetterPageData {
  readonly id: string;
  readonly recipients: number;
  readonly flows: readonly { readonly code: string; readonly name: string }[];
  readonly values: Readonly<Record<string, string>>;
  /** What gives subject and text; undefined: she writes them. */
  readonly template: TemplateSettings | undefined;
  /** What the text may be filled with. */
  readonly columns: readonly string[];
  /** Of what all get. */
  readonly faults: readonly Fault[];
  /** Of recipients that the chosen flow cannot take. */
  readonly lineFaults: readonly LineFault[];
}

/** Step 3: what all get. */
export function newLetterPage(request: ConsoleRequest, data: NewLetterPageData): string {
  const { lang } = request;
  const texts = newMailingTexts(lang);
  const { values, faults } = data;
  const errors = faults.map(({ code, path, text }) => ({ fieldId: fieldOf(path), text: errorText(code, text, lang) }));
  const state = (name: (typeof LETTER_FIELDS)[number]) => ({
    name,
    label: texts[name],
    value: values[name],
    required: true,
    error: errors.find(({ fieldId }) => fieldId === name)?.text,
  });
  const lead = data.template === undefined ? texts.letterLead : texts.templateLead;
  return frame(request, '3', lead(formatNumber(data.recipients, lang)), errors, [
    data.lineFaults.length > 0 && card({ content: lineFaults(data.lineFaults, lang) }),
    card({
      title: texts.letter,
      content: actionForm({
        action: `/utskick/nytt/${data.id}/brev`,
        csrfToken: request.user.csrfToken,
        multipart: true,
        fields: stack(
          textField({ ...state('name'), description: texts.nameHelp, maxLength: 255, autocomplete: 'off' }),
          select({
            ...state('flow'),
            emptyText: texts.chooseFlow,
            choices: data.flows.map(({ code, name }) => ({ value: code, text: name })),
          }),
          ...(data.template === undefined ? ownText(state, data, texts) : [templateText(data.template, texts)]),
          fileField({
            name: 'attachment',
            label: texts.attachments,
            description: texts.attachmentsHelp,
            accept: 'application/pdf',
            multiple: true,
            optionalIn: lang,
            error: errors.find(({ fieldId }) => fieldId === 'attachment')?.text,
          }),
        ),
        submit: { text: texts.toReview },
      }),
    }),
    buttonRow([link(texts.backToColumns, `/utskick/nytt/${data.id}`)]),
  ]);
}

function ownText(
  state: (name: 'subject' | 'text') => Parameters<typeof textField>[0],
  { columns }: NewLetterPageData,
  texts: NewMailingTexts,
): SafeHtml[] {
  const [first = ''] = columns;
  const names = columns.map((column) => `{${column}}`).join(' ');
  const help = first === '' ? texts.textHelp : `${texts.textHelp} ${texts.placeholderHelp(`{${first}}`)}`;
  return [
    textField({ ...state('subject'), maxLength: 255, autocomplete: 'off' }),
    textArea({ ...state('text'), description: help, rows: 10 }),
    html`${first !== '' && html`<p class="bd-hint">${texts.placeholders} ${names}</p>`}`,
  ];
}

/** What the template says, to be read and not changed. */
function templateText(
  { name, subject, contentType, message, document }: TemplateSettings,
  texts: NewMailingTexts,
): SafeHtml {
  return card({
    title: texts.fromTemplate(name),
    headingLevel: 3,
    content: stack(
      html`<p><strong>${subject}</strong></p>`,
      contentType === 'text/html' ? html`<p>${texts.htmlMessage}</p>` : messageText(message),
      document !== undefined && html`<p class="bd-hint">${texts.templateDocument}</p>`,
    ),
  });
}

/** The form's field of a fault's path. */
function fieldOf(path: string): string {
  const [first = ''] = path.split('/');
  if (first === 'body') return 'text';
  if (first === 'attachments') return 'attachment';
  return LETTER_FIELDS.find((field) => field === first) ?? 'name';
}

function faultText({ code, line, text }: LineFault, lang: ConsoleRequest['lang']): string {
  const said = errorText(code, text, lang);
  return line === undefined ? said : `${newMailingTexts(lang).line} ${line}: ${said}`;
}

function frame(
  request: ConsoleRequest,
  step: string,
  lead: string,
  errors: readonly { fieldId: string; text: string }[],
  content: readonly (SafeHtml | false)[],
): string {
  const { lang } = request;
  const texts = newMailingTexts(lang);
  return consolePage(request, {
    title: texts.title,
    area: 'mailings',
    hasErrors: errors.length > 0,
    content: html`${errorSummary({ lang, errors })}
${pageHeading({
  lang,
  title: texts.title,
  lead: html`<strong>${texts.step(step)}</strong> · ${lead}`,
  breadcrumbs: [{ text: mailingTexts(lang).mailings, href: '/utskick' }],
})}
${stack(...content)}`,
  });
}
