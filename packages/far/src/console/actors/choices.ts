import { checkbox, html, type SafeHtml } from '@brevduva/ui';

/** Several of a few, all visible, each with a field of its own. An error leads to the first, whose id is the group's name. */
export function checkboxGroup(options: {
  name: string;
  label: string;
  choices: readonly { name: string; label: string; description?: string; checked: boolean }[];
  error: string | undefined;
}): SafeHtml {
  const boxes = options.choices.map((choice, index) => {
    const id = index === 0 ? options.name : choice.name;
    const error = index === 0 && options.error !== undefined ? { error: options.error } : {};
    return checkbox({ ...choice, ...error, id });
  });
  return html`<fieldset class="ds-fieldset bd-fieldset"><legend class="bd-label">${options.label}</legend>${boxes}</fieldset>`;
}
