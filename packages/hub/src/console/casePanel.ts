import type { Fault } from '@brevduva/base';
import {
  actionForm,
  buttonRow,
  card,
  checkbox,
  errorSummary,
  html,
  type SafeHtml,
  stack,
  textField,
} from '@brevduva/ui';
import { CASE_REASONS } from '../caseReasons.ts';
import type { LetterStory, StoryCase } from '../sql/letterStory.ts';
import type { ConsoleRequest } from './shell.ts';
import { consoleTexts } from './texts.ts';

/** What came back with faults, to be shown again as it was written. */
export interface CaseFormState {
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
}

/** The open case on the letter's page: what happened, what can be done, and the forms that do it. */
export function casePanel(
  request: ConsoleRequest,
  { letter }: LetterStory,
  openCase: StoryCase,
  form: CaseFormState | undefined,
): SafeHtml {
  const texts = consoleTexts(request.lang);
  const { csrfToken } = request.user;
  const path = `/arenden/${openCase.id}`;
  const { owner } = openCase;
  return card({
    title: `${texts.caseOf}: ${owner}`,
    content: html`<div id="arende">${stack(
      html`<p><strong>${texts.whatHappened}:</strong> ${CASE_REASONS[openCase.reason].text}</p>`,
      html`<p><strong>${texts.whatToDo}:</strong> ${openCase.nextAction}</p>`,
      form &&
        errorSummary({
          lang: request.lang,
          errors: form.faults.map(({ path: at, text }) => ({ fieldId: fieldOf(at), text })),
        }),
      !letter.protectedIdentity &&
        actionForm({
          action: `${path}/papper`,
          csrfToken,
          fields: paperFields(request, letter, openCase, form),
          submit: { text: texts.sendOnPaper },
        }),
      buttonRow([
        actionForm({
          action: `${path}/forsok-igen`,
          csrfToken,
          submit: { text: texts.tryAgain, variant: 'secondary' },
        }),
        actionForm({
          action: `${path}/avbryt`,
          csrfToken,
          submit: { text: texts.cancel, variant: 'tertiary', danger: true },
        }),
      ]),
    )}</div>`,
  });
}

function paperFields(
  request: ConsoleRequest,
  letter: LetterStory['letter'],
  openCase: StoryCase,
  form: CaseFormState | undefined,
): SafeHtml {
  const texts = consoleTexts(request.lang);
  const { address } = letter;
  const stored: Record<string, string | undefined> = {
    name: address?.name,
    careOf: address?.careOf,
    street: address?.lines.join(', '),
    postalCode: address?.postalCode,
    city: address?.city,
  };
  const field = (
    name: string,
    label: string,
    more: { required?: boolean; size?: number; autocomplete?: string } = {},
  ) =>
    textField({
      name,
      label,
      value: form?.values[name] ?? stored[name],
      error: form?.faults.find((each) => fieldOf(each.path) === name)?.text,
      maxLength: 100,
      autocomplete: 'off',
      ...(more.required === false ? { optionalIn: request.lang } : { required: true }),
      ...(more.size === undefined ? {} : { size: more.size }),
    });
  return stack(
    html`<p class="bd-hint">${texts.addressHelp}</p>`,
    field('name', texts.name),
    field('careOf', texts.careOf, { required: false }),
    field('street', texts.street),
    field('postalCode', texts.postalCode, { size: 8 }),
    field('city', texts.city),
    openCase.reason === 'outcomeUnknownTooLong' &&
      checkbox({
        name: 'riskConfirmed',
        label: texts.riskLabel,
        error: form?.faults.find((each) => each.path === 'riskConfirmed')?.text,
      }),
  );
}

/** The form's field for a fault's path: `address/lines/0` is told at the street. */
function fieldOf(path: string): string {
  const name = path.replace(/^address\/?/, '').split('/')[0];
  if (name === 'lines') return 'street';
  return name === undefined || name === '' ? 'name' : name;
}
