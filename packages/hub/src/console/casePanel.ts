import type { Fault } from '@brevduva/base';
import {
  actionForm,
  alert,
  badge,
  card,
  checkbox,
  descriptionList,
  disclosure,
  errorSummary,
  html,
  type SafeHtml,
  section,
  stack,
  textArea,
  textField,
  time,
} from '@brevduva/ui';
import { CASE_REASONS, type CaseAction } from '../caseReasons.ts';
import type { LetterStory, StoryCase } from '../sql/letterStory.ts';
import { caseActions, wordsOf } from './caseList.ts';
import { detailList } from './details.ts';
import { errorText } from './errorTexts.ts';
import { faultyPagesCard } from './faultyPagesCard.ts';
import type { ConsoleRequest } from './shell.ts';
import { type ConsoleTexts, consoleTexts } from './texts.ts';

/** What came back with faults, to be shown again as it was written. */
export interface CaseFormState {
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
}

interface PanelParts {
  readonly request: ConsoleRequest;
  readonly texts: ConsoleTexts;
  readonly letter: LetterStory['letter'];
  readonly openCase: StoryCase;
  readonly form: CaseFormState | undefined;
}

/** The open case on the letter's page: what happened, what can be done, and the forms that do it. */
export function casePanel(
  request: ConsoleRequest,
  story: LetterStory,
  openCase: StoryCase,
  form: CaseFormState | undefined,
): SafeHtml {
  const texts = consoleTexts(request.lang);
  const { letter } = story;
  const parts = { request, texts, letter, openCase, form };
  const { protectedIdentity } = letter;
  const actions = caseActions({ reason: openCase.reason, protectedIdentity });
  const words = wordsOf(request, openCase);
  return section({
    title: texts.caseOf,
    id: 'arende',
    content: card({
      content: stack(
        alert({ tone: 'warning', title: words.text, content: words.nextAction }),
        caseFacts(parts, words.owner),
        faultyPagesCard(request.lang, story, openCase),
        request.mayAct
          ? actions.map((action) => choice(parts, action))
          : html`<p class="bd-hint">${texts.readerHint}</p>`,
      ),
    }),
  });
}

/** The faults of the form, for the top of the page. */
export function caseErrorSummary({ lang }: ConsoleRequest, form: CaseFormState | undefined): SafeHtml | '' {
  const faults = form?.faults ?? [];
  const errors = faults.map(({ code, path, text }) => ({ fieldId: fieldOf(path), text: errorText(code, text, lang) }));
  return errorSummary({ lang, errors });
}

function caseFacts({ request, texts, openCase }: PanelParts, owner: string): SafeHtml {
  const { lang, now } = request;
  const { deadline, openedAt, detail } = openCase;
  const isLate = deadline.getTime() < now.getTime();
  const deadlineText = html`${time(deadline, lang)} (${time(deadline, lang, { style: 'relative', now })})`;
  return html`${descriptionList(
    [
      { term: texts.owner, description: owner },
      {
        term: texts.deadline,
        description: isLate ? badge({ tone: 'danger', icon: 'clock', text: deadlineText }) : deadlineText,
      },
      { term: texts.caseOpened, description: time(openedAt, lang) },
    ],
    { layout: 'columns' },
  )}${Object.keys(detail).length > 0 && detailList(detail, lang, 'columns')}`;
}

/** The suggested action lies open; the others are folded, so that nobody presses the wrong one in passing. */
function choice(parts: PanelParts, action: CaseAction): SafeHtml {
  const { texts, openCase, form } = parts;
  const isSuggested = action === CASE_REASONS[openCase.reason].suggested;
  const hasFaults = action === 'sendOnPaper' && form !== undefined;
  const isKept = action === 'cancel' && CASE_REASONS[openCase.reason].isDelivered === true;
  const contents = { sendOnPaper: paperChoice, tryAgain: againChoice, cancel: cancelChoice };
  const hint = isSuggested && html` <span class="bd-optional">(${texts.suggested})</span>`;
  return disclosure({
    summary: html`<strong>${texts[isKept ? 'keep' : action]}</strong>${hint}`,
    content: contents[action](parts),
    open: form === undefined ? isSuggested : hasFaults,
  });
}

function againChoice({ request, texts, openCase }: PanelParts): SafeHtml {
  const { mayHaveArrived } = CASE_REASONS[openCase.reason];
  const isAsking = openCase.reason === 'readStatusUnknown';
  return stack(
    html`<p>${isAsking ? texts.askAgainHelp : mayHaveArrived ? texts.tryAgainSameHelp : texts.tryAgainHelp}</p>`,
    actionForm({
      action: `/arenden/${openCase.id}/forsok-igen`,
      csrfToken: request.user.csrfToken,
      submit: { text: texts.tryAgain },
    }),
  );
}

function cancelChoice({ request, texts, openCase }: PanelParts): SafeHtml {
  const { isDelivered } = CASE_REASONS[openCase.reason];
  return stack(
    html`<p>${isDelivered ? texts.keepHelp : texts.cancelHelp}</p>`,
    actionForm({
      action: `/arenden/${openCase.id}/avbryt`,
      csrfToken: request.user.csrfToken,
      submit: isDelivered ? { text: texts.keep } : { text: texts.cancel, danger: true },
    }),
  );
}

function paperChoice(parts: PanelParts): SafeHtml {
  const { request, texts, openCase } = parts;
  return stack(
    html`<p>${texts.paperHelp}</p>`,
    actionForm({
      action: `/arenden/${openCase.id}/papper`,
      csrfToken: request.user.csrfToken,
      fields: paperFields(parts),
      submit: { text: texts.sendOnPaper },
    }),
  );
}

function paperFields({ request, texts, letter, openCase, form }: PanelParts): SafeHtml {
  const { lang } = request;
  const stored = storedFields(letter);
  const state = (name: keyof typeof stored) => {
    const fault = form?.faults.find(({ path }) => fieldOf(path) === name);
    return {
      name,
      label: texts[name],
      value: form === undefined ? stored[name] : form.values[name],
      error: fault && errorText(fault.code, fault.text, lang),
    };
  };
  const line = { maxLength: 100, autocomplete: 'off' };
  const risk = form?.faults.find(({ path }) => path === 'riskConfirmed');
  return stack(
    textField({ ...state('name'), ...line, required: true }),
    textField({ ...state('careOf'), ...line, optionalIn: lang }),
    textArea({ ...state('street'), description: texts.streetHelp, rows: 2, required: true }),
    textField({ ...state('postalCode'), ...line, size: 10 }),
    textField({ ...state('city'), ...line, required: true }),
    textField({ ...state('country'), ...line, optionalIn: lang, description: texts.countryHelp }),
    CASE_REASONS[openCase.reason].mayHaveArrived &&
      stack(
        alert({ tone: 'warning', content: texts.paperRisk }),
        checkbox({
          name: 'riskConfirmed',
          label: texts.riskLabel,
          checked: form?.values['riskConfirmed'] === 'on',
          error: risk && errorText(risk.code, risk.text, lang),
        }),
      ),
  );
}

function storedFields({ address }: LetterStory['letter']) {
  return {
    name: address?.name,
    careOf: address?.careOf,
    street: address?.lines.join('\n'),
    postalCode: address?.postalCode,
    city: address?.city,
    country: address?.country,
  };
}

/** The form's field for a fault's path: `lines/0` is told at the address lines, a fault of the whole address at its first field. */
function fieldOf(path: string): string {
  const name = path.replace(/^address\/?/, '').split('/')[0];
  if (name === 'lines') return 'street';
  return name === undefined || name === '' ? 'name' : name;
}
