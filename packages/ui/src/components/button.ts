import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import { type IconName, icon } from '../icons.ts';

export interface ButtonLook {
  text: string;
  variant?: 'primary' | 'secondary' | 'tertiary';
  /** For what cannot be undone. */
  danger?: boolean;
  icon?: IconName;
  /** Read aloud after the text, when several buttons say the same: "Läs brevet" + "från Skatteverket". */
  context?: string;
}

/** A button that submits the form around it. `name` and `value` tell which of several was pressed. */
export function button(options: ButtonLook & { name?: string; value?: string; form?: string }): SafeHtml {
  const { name, value, form } = options;
  return html`<button type="submit"${look(options)}${attributes({ name, value, form })}>${inside(options)}</button>`;
}

/** A link that looks like a button: for going somewhere, never for changing anything. */
export function linkButton(options: ButtonLook & { href: string; download?: string }): SafeHtml {
  const more = attributes({ download: options.download });
  return html`<a href="${options.href}"${look(options)}${more}>${inside(options)}</a>`;
}

/** An ordinary link in text or a table. */
export function link(text: HtmlValue, href: string): SafeHtml {
  return html`<a class="bd-link" href="${href}">${text}</a>`;
}

export interface ActionFormOptions {
  /** POST target on this site. */
  action: string;
  csrfToken: string;
  /** Sent along unseen. */
  hidden?: Readonly<Record<string, string | number>>;
  /** Visible fields above the button. */
  fields?: HtmlValue;
  submit: ButtonLook & { name?: string; value?: string };
  /** Files are uploaded. */
  multipart?: boolean;
}

/** One button (and its fields) that changes something: a POST form with its CSRF token. */
export function actionForm(options: ActionFormOptions): SafeHtml {
  const enctype = options.multipart === true ? 'multipart/form-data' : undefined;
  const hidden = Object.entries({ _csrf: options.csrfToken, ...options.hidden });
  return html`<form class="bd-form" method="post" action="${options.action}"${attributes({ enctype })} novalidate>
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${options.fields}
${button(options.submit)}
</form>`;
}

/** Buttons beside each other, wrapping when narrow. */
export function buttonRow(buttons: readonly HtmlValue[]): SafeHtml {
  return html`<div class="bd-button-row">${buttons}</div>`;
}

function look(options: ButtonLook): SafeHtml {
  return attributes({
    class: 'ds-button',
    'data-variant': options.variant ?? 'primary',
    'data-color': options.danger === true ? 'danger' : undefined,
  });
}

function inside(options: ButtonLook): SafeHtml {
  const context = options.context !== undefined && html`<span class="ds-sr-only"> ${options.context}</span>`;
  return html`${options.icon && icon(options.icon)}<span>${options.text}${context}</span>`;
}
