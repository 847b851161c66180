import { actionForm, card, html, link, pageHeading, stack } from '@brevduva/ui';
import { ACTOR_ROLES } from '../../actors/actorRole.ts';
import { CONSOLE_AREAS } from '../paths.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { createActionForm, type FormValues, line } from './actionForm.ts';
import { type ActionFailure, failureSummary } from './actionPage.ts';
import { contactFields, operatorFields } from './actorActions.ts';
import { actorTexts } from './actorTexts.ts';
import { checkboxGroup } from './choices.ts';

export const APPLY_PATH = `${CONSOLE_AREAS.actors}/ny`;

/** A new application. All of it on one page: the mailbox's part says whom it concerns. */
export function applyPage(request: ConsoleRequest, given: { values: FormValues; failure?: ActionFailure }): string {
  const { lang } = request;
  const { values, failure } = given;
  const form = createActionForm(lang, values, failure?.faults ?? []);
  const { texts } = form;
  const names = actorTexts(lang);
  return consolePage(request, {
    title: texts.applyTitle,
    area: 'actors',
    width: 'narrow',
    hasErrors: failure !== undefined,
    content: html`${pageHeading({
      lang,
      title: texts.applyTitle,
      lead: texts.applyLead,
      breadcrumbs: [{ text: names.title, href: CONSOLE_AREAS.actors }],
    })}
${failure && failureSummary(request, failure)}
${card({
  content: stack(
    actionForm({
      action: APPLY_PATH,
      csrfToken: request.user.csrfToken,
      fields: [
        line(form, 'organizationNumber', { size: 14, inputMode: 'numeric' }),
        line(form, 'name'),
        checkboxGroup({
          name: 'roles',
          label: texts.roles,
          error: form.errorOf('roles'),
          choices: ACTOR_ROLES.map((role) => ({
            name: `role_${role}`,
            label: names[`role_${role}`],
            description: texts[`rolesHelp_${role}`],
            checked: values[`role_${role}`] === 'on',
          })),
        }),
        html`<h2 class="bd-subtitle">${texts.contactHeading}</h2>`,
        ...contactFields(form),
        html`<h2 class="bd-subtitle">${texts.operatorHeading}</h2>`,
        ...operatorFields(form),
      ],
      submit: { text: texts.applySubmit },
    }),
    html`<p>${link(texts.back, CONSOLE_AREAS.actors)}</p>`,
  ),
})}`,
  });
}
