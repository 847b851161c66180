import type { Fault } from '@brevduva/base';
import {
  actionForm,
  alert,
  card,
  checkbox,
  disclosure,
  errorSummary,
  html,
  type SafeHtml,
  stack,
  textArea,
  textField,
} from '@brevduva/ui';
import { type AddressInput, parseAddressLines } from '../../paper/address.ts';
import type { HandInCase } from '../../sql/handInCases.ts';
import { errorText } from '../errorTexts.ts';
import type { ConsoleRequest } from '../shell.ts';
import { handInTexts } from './texts.ts';

/** What came back with faults, to be shown again as it was written. */
export interface HandInFormState {
  readonly form: 'handIn' | 'discard';
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
}

export const HAND_IN_FIELDS = [
  'recipient',
  'subject',
  'reference',
  'name',
  'careOf',
  'street',
  'postalCode',
  'city',
  'country',
  'protectedIdentity',
] as const;
type FieldName = (typeof HAND_IN_FIELDS)[number] | 'note';

/** A fault of what the form has no field for: the PDF, the flow. */
const BEYOND_ID = 'hinder';
const LINE = { maxLength: 255, autocomplete: 'off' };

/** Every fault, each leading to its field, for the top of the page. */
export function handInErrorSummary({ lang }: ConsoleRequest, form: HandInFormState | undefined): SafeHtml | '' {
  const errors = (form?.faults ?? []).map(({ code, path, text }) => ({
    fieldId: fieldOf(path) ?? BEYOND_ID,
    text: errorText(code, text, lang),
  }));
  return errorSummary({ lang, errors });
}

/** Whom the letter is for, and all else that a letter has; what was read stands there already. */
export function handInCard(request: ConsoleRequest, handIn: HandInCase, state: HandInFormState | undefined): SafeHtml {
  const texts = handInTexts(request.lang);
  const form = state?.form === 'handIn' ? state : undefined;
  return card({
    title: texts.handInTitle,
    headingLevel: 2,
    content: stack(
      beyondForm(request, form),
      actionForm({
        action: `/att-reda-ut/${handIn.id}/lamna-in`,
        csrfToken: request.user.csrfToken,
        fields: letterFields(request, handIn, form),
        submit: { text: texts.handIn },
      }),
    ),
  });
}

/** Ends it without a letter; folded, so that nobody presses it in passing. */
export function discardCard(request: ConsoleRequest, handIn: HandInCase, state: HandInFormState | undefined): SafeHtml {
  const { lang } = request;
  const texts = handInTexts(lang);
  const form = state?.form === 'discard' ? state : undefined;
  const note = textArea({ ...fieldState('note', texts.note, lang, form, ''), rows: 2, required: true });
  return disclosure({
    summary: html`<strong>${texts.discardTitle}</strong>`,
    open: form !== undefined,
    content: stack(
      html`<p>${texts.discardHelp}</p>`,
      actionForm({
        action: `/att-reda-ut/${handIn.id}/skicka-inte`,
        csrfToken: request.user.csrfToken,
        fields: note,
        submit: { text: texts.discard, danger: true },
      }),
    ),
  });
}

function letterFields({ lang }: ConsoleRequest, handIn: HandInCase, form: HandInFormState | undefined): SafeHtml {
  const texts = handInTexts(lang);
  const { detail, defaultSubject } = handIn;
  const address = readAddress(detail.addressLines ?? []);
  const state = (name: FieldName, label: string, value: string | undefined) =>
    fieldState(name, label, lang, form, value);
  const subject = defaultSubject === null ? { required: true } : { description: texts.subjectDefault(defaultSubject) };
  return stack(
    textField({
      ...state('recipient', texts.recipient, detail.recipient),
      ...LINE,
      size: 16,
      required: true,
      description: texts.recipientHelp,
    }),
    textField({ ...state('subject', texts.subject, detail.subject), ...LINE, ...subject }),
    textField({ ...state('reference', texts.reference, detail.reference), ...LINE, optionalIn: lang }),
    html`<fieldset class="ds-fieldset bd-fieldset"><legend class="bd-label">${texts.address}</legend><p class="bd-hint">${
      texts.addressHelp
    }</p>${stack(
      textField({ ...state('name', texts.name, address.name), ...LINE }),
      textField({ ...state('careOf', texts.careOf, address.careOf), ...LINE, optionalIn: lang }),
      textArea({ ...state('street', texts.street, address.lines?.join('\n')), description: texts.streetHelp, rows: 2 }),
      textField({ ...state('postalCode', texts.postalCode, address.postalCode), ...LINE, size: 10 }),
      textField({ ...state('city', texts.city, address.city), ...LINE }),
      textField({ ...state('country', texts.country, address.country), ...LINE, description: texts.countryHelp }),
    )}</fieldset>`,
    checkbox({
      name: 'protectedIdentity',
      label: texts.protectedIdentity,
      checked: form?.values['protectedIdentity'] === 'on',
    }),
  );
}

function fieldState(
  name: FieldName,
  label: string,
  lang: ConsoleRequest['lang'],
  form: HandInFormState | undefined,
  read: string | undefined,
) {
  const fault = form?.faults.find(({ path }) => fieldOf(path) === name);
  return {
    name,
    label,
    value: form === undefined ? read : form.values[name],
    error: fault && errorText(fault.code, fault.text, lang),
  };
}

/** What no field here can mend. */
function beyondForm({ lang }: ConsoleRequest, form: HandInFormState | undefined): SafeHtml | false {
  const beyond = (form?.faults ?? []).filter(({ path }) => fieldOf(path) === undefined);
  if (beyond.length === 0) return false;
  const texts = handInTexts(lang);
  const list = html`<ul class="bd-list">${beyond.map(({ code, text }) => html`<li>${errorText(code, text, lang)}</li>`)}</ul>`;
  return html`<div id="${BEYOND_ID}">${alert({
    tone: 'danger',
    title: texts.cannotTitle,
    content: stack(list, html`<p>${texts.cannot}</p>`),
  })}</div>`;
}

/** The address as it was read; where it is no address, its lines as they stood, to be put right. */
function readAddress(addressLines: readonly string[]): AddressInput {
  const read = parseAddressLines(addressLines.join('\n'));
  if (read.ok) return { ...read.address };
  const [name, ...lines] = addressLines;
  return { ...(name !== undefined && { name }), lines };
}

/** The form's field for a fault's path: `address/lines/0` is told at the address lines. */
function fieldOf(path: string): FieldName | undefined {
  if (path === 'address') return 'name';
  const name = path.replace(/^address\//, '').split('/')[0];
  if (name === 'lines') return 'street';
  return ([...HAND_IN_FIELDS, 'note'] as const).find((each) => each === name);
}
