import {
  actionForm,
  alert,
  card,
  errorSummary,
  formatRecipientId,
  html,
  link,
  pageHeading,
  type SafeHtml,
  stack,
} from '@brevduva/ui';
import { CONSOLE_AREAS } from '../paths.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { type ActionSubject, type ActorAction, createActionForm, type FormValues } from './actionForm.ts';
import { actionTexts } from './actionTexts.ts';
import { actorTexts } from './actorTexts.ts';

/** What went wrong when the form was handed in. */
export interface ActionFailure {
  /** The whole, where no field explains it. */
  text: string;
  faults: readonly { path: string; text: string }[];
}

export function actorHref(organizationNumber: string): string {
  return `${CONSOLE_AREAS.actors}/${organizationNumber}`;
}

/** The page of one action: its form, alone, with what it means above. */
export function actionPage(
  request: ConsoleRequest,
  action: ActorAction,
  subject: ActionSubject,
  given: { values: FormValues; failure?: ActionFailure },
): string {
  const { lang } = request;
  const { actor, target } = subject;
  const texts = actionTexts(lang);
  const { failure } = given;
  const form = createActionForm(lang, given.values, failure?.faults ?? []);
  const title = texts[`${action.key}Title`];
  const href = actorHref(actor.organizationNumber);
  const about = action.about?.(subject, lang);
  return consolePage(request, {
    title: `${title}: ${actor.name}`,
    area: 'actors',
    width: 'narrow',
    hasErrors: failure !== undefined,
    content: html`${pageHeading({
      lang,
      title,
      lead: texts[`${action.key}Lead`],
      breadcrumbs: [
        { text: actorTexts(lang).title, href: CONSOLE_AREAS.actors },
        { text: actor.name, href },
      ],
    })}
${failure && failureSummary(request, failure, href)}
${card({
  content: stack(
    html`<p><strong>${actor.name}</strong> · ${formatRecipientId(actor.organizationNumber)}${about && html`<br>${about}`}</p>`,
    actionForm({
      action: target === '' ? `${href}/${action.path}` : `${href}/${action.path}/${target}`,
      csrfToken: request.user.csrfToken,
      hidden: { version: actor.version },
      fields: action.fields?.(form, subject),
      submit: { text: texts[`${action.key}Submit`], ...(action.isDangerous && { danger: true }) },
    }),
    html`<p>${link(texts.back, href)}</p>`,
  ),
})}`,
  });
}

/** Each fault of a field leads to it; a fault of the whole is told with the way to what has happened. */
export function failureSummary({ lang }: ConsoleRequest, failure: ActionFailure, href?: string): SafeHtml {
  const texts = actionTexts(lang);
  const labelOf = (path: string) => (path in texts ? `${texts[path as 'name']}: ` : '');
  const fields = failure.faults.map(({ path, text }) => ({ fieldId: path, text: `${labelOf(path)}${text}` }));
  if (fields.length > 0) return html`${errorSummary({ lang, errors: fields })}`;
  const seen = href && html` ${link(texts.conflictHelp, href)}`;
  return alert({ tone: 'danger', live: true, content: html`${failure.text}${seen}` });
}
