import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import { icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';

export interface FieldOptions {
  name: string;
  label: string;
  /** Unless given, the name. Must be unique on the page; `errorSummary` links to it. */
  id?: string;
  description?: HtmlValue;
  error?: string | undefined;
  required?: boolean;
  /** Written after the label of a field that may be empty, in the page's language. */
  optionalIn?: Language;
}

export interface TextFieldOptions extends FieldOptions {
  value?: string | undefined;
  type?: 'text' | 'search' | 'email' | 'tel' | 'date' | 'number' | 'password';
  inputMode?: 'numeric' | 'decimal' | 'text';
  autocomplete?: string;
  /** Width in characters, when the answer's length is known. */
  size?: number;
  maxLength?: number;
  placeholder?: string;
  /** Where the page is there for this field alone, as when a wand types into it. */
  autofocus?: boolean;
}

/** One line of text. */
export function textField(options: TextFieldOptions): SafeHtml {
  const { value, size, placeholder } = options;
  const more = attributes({
    type: options.type ?? 'text',
    value,
    size,
    placeholder,
    maxlength: options.maxLength,
    inputmode: options.inputMode,
    autocomplete: options.autocomplete,
    autofocus: options.autofocus,
  });
  return field(options, html`<input class="ds-input"${control(options)}${more}>`);
}

/** Several lines of text. */
export function textArea(options: FieldOptions & { value?: string | undefined; rows?: number }): SafeHtml {
  const rows = attributes({ rows: options.rows ?? 4 });
  // A newline right after the tag is dropped by the parser, so one is spent there on purpose.
  return field(
    options,
    html`<textarea class="ds-input"${control(options)}${rows}>
${options.value}</textarea>`,
  );
}

export interface Choice {
  value: string;
  text: string;
}

/** One of many, in a list that unfolds. */
export function select(
  options: FieldOptions & { choices: readonly Choice[]; value?: string | undefined; emptyText?: string },
): SafeHtml {
  const first = options.emptyText === undefined ? [] : [{ value: '', text: options.emptyText }];
  const choices = [...first, ...options.choices].map((choice) => {
    const chosen = attributes({ value: choice.value, selected: choice.value === (options.value ?? '') });
    return html`<option${chosen}>${choice.text}</option>`;
  });
  return field(options, html`<select class="ds-input"${control(options)}>${choices}</select>`);
}

/** Yes or no. */
export function checkbox(options: FieldOptions & { checked?: boolean; value?: string }): SafeHtml {
  const more = attributes({ type: 'checkbox', value: options.value ?? 'on', checked: options.checked });
  return html`<div class="ds-field bd-field bd-field--choice"><input class="ds-input"${control(options)}${more}><label
 for="${idOf(options)}">${options.label}</label>${description(options)}${error(options)}</div>`;
}

/** One of a few, all visible. */
export function radioGroup(
  options: FieldOptions & { choices: readonly (Choice & { description?: HtmlValue })[]; value?: string | undefined },
): SafeHtml {
  const id = idOf(options);
  // The summary's link leads to the group's name, which is the id of its first choice.
  const choices = options.choices.map((choice, index) => {
    const choiceId = index === 0 ? id : `${id}-${index + 1}`;
    const described = choice.description === undefined ? undefined : `${choiceId}-description`;
    const marks = attributes({
      id: choiceId,
      name: options.name,
      value: choice.value,
      checked: choice.value === options.value,
      'aria-describedby': described,
      'aria-invalid': options.error === undefined ? undefined : 'true',
    });
    const more = described && html`<div data-field="description" id="${described}">${choice.description}</div>`;
    return html`<div class="ds-field bd-field bd-field--choice"><input class="ds-input" type="radio"${marks}><label
 for="${choiceId}">${choice.text}</label>${more}</div>`;
  });
  const describedBy = attributes({ 'aria-describedby': describedByOf(options) });
  return html`<fieldset class="ds-fieldset bd-fieldset"${describedBy}><legend
 class="bd-label">${options.label}${optional(options)}</legend>${description(options)}${error(options)}${choices}</fieldset>`;
}

/** One or several files. */
export function fileField(options: FieldOptions & { accept?: string; multiple?: boolean }): SafeHtml {
  const more = attributes({ type: 'file', accept: options.accept, multiple: options.multiple });
  return field(options, html`<input class="bd-file"${control(options)}${more}>`);
}

export interface FieldError {
  fieldId: string;
  text: string;
}

/** All faults of a form on top, each leading to its field. The script moves focus here when the page has loaded. */
export function errorSummary(options: {
  errors: readonly FieldError[];
  lang: Language;
  title?: string;
}): SafeHtml | '' {
  if (options.errors.length === 0) return '';
  const items = options.errors.map((item) => html`<li><a href="${`#${item.fieldId}`}">${item.text}</a></li>`);
  const title = options.title ?? uiTexts(options.lang).errorSummaryTitle;
  return html`<div class="bd-error-summary" role="group" aria-labelledby="error-summary-title" tabindex="-1" data-focus>
<h2 id="error-summary-title" class="bd-error-summary__title">${icon('crossCircle')}${title}</h2>
<ul>${items}</ul>
</div>`;
}

function field(options: FieldOptions, input: SafeHtml): SafeHtml {
  return html`<div class="ds-field bd-field"><label class="bd-label" for="${idOf(options)}">${options.label}${optional(
    options,
  )}</label>${description(options)}${error(options)}${input}</div>`;
}

function control(options: FieldOptions): SafeHtml {
  return attributes({
    id: idOf(options),
    name: options.name,
    required: options.required,
    'aria-describedby': describedByOf(options),
    'aria-invalid': options.error === undefined ? undefined : 'true',
  });
}

function idOf(options: FieldOptions): string {
  return options.id ?? options.name;
}

function describedByOf(options: FieldOptions): string | undefined {
  const ids = [
    options.description !== undefined && `${idOf(options)}-description`,
    options.error !== undefined && `${idOf(options)}-error`,
  ].filter((id) => id !== false);
  return ids.length === 0 ? undefined : ids.join(' ');
}

function description(options: FieldOptions): SafeHtml | false {
  if (options.description === undefined) return false;
  return html`<div data-field="description" id="${`${idOf(options)}-description`}">${options.description}</div>`;
}

function error(options: FieldOptions): SafeHtml | false {
  if (options.error === undefined) return false;
  return html`<p class="bd-field__error" id="${`${idOf(options)}-error`}">${icon('crossCircle')}<span>${options.error}</span></p>`;
}

function optional(options: FieldOptions): SafeHtml | false {
  if (options.optionalIn === undefined) return false;
  return html` <span class="bd-optional">(${uiTexts(options.optionalIn).optional})</span>`;
}
