import { attributes, html, type SafeHtml } from '../html.ts';
import { elementId } from './elementId.ts';

export interface ListedChoice {
  value: string;
  text: string;
  checked: boolean;
  /** What the choice means as it stands, beside it. */
  note?: string | undefined;
}

/** Any number of many, each a row that can be pressed in its whole width. The fields have one name and many values. */
export function choiceList(options: {
  name: string;
  legend: string;
  /** How many there are, or how many of them are shown. */
  hint?: string;
  choices: readonly ListedChoice[];
}): SafeHtml {
  const { name, legend, hint, choices } = options;
  return html`<fieldset class="ds-fieldset bd-choices"><legend class="bd-label">${legend}</legend>
${hint !== undefined && html`<p class="bd-hint">${hint}</p>`}
<ul class="bd-choices__list">${choices.map((choice) => row(name, choice))}</ul></fieldset>`;
}

function row(name: string, { value, text, checked, note }: ListedChoice): SafeHtml {
  const id = elementId(`${name} ${value}`);
  const noteId = note === undefined ? undefined : `${id}-note`;
  const more = attributes({ id, name, value, checked, 'aria-describedby': noteId });
  const said = noteId !== undefined && html`<span class="bd-choices__note" id="${noteId}">${note}</span>`;
  return html`<li class="bd-choices__row"><input class="ds-input" type="checkbox"${more}><label
 for="${id}">${text}</label>${said}</li>
`;
}
