import {
  actionForm,
  buttonRow,
  card,
  descriptionList,
  formatNumber,
  html,
  linkButton,
  pageHeading,
  stack,
} from '@brevduva/ui';
import type { Mailing } from '../../mailing/mailing.ts';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { mailingTexts } from './texts.ts';

/** Asks once more before a mailing is cancelled, since nothing is left of it afterwards. */
export function cancelMailingPage(request: ConsoleRequest, mailing: Mailing): string {
  const { lang } = request;
  const texts = mailingTexts(lang);
  return consolePage(request, {
    title: texts.cancelTitle,
    area: 'mailings',
    width: 'narrow',
    content: html`${pageHeading({
      lang,
      title: texts.cancelTitle,
      lead: texts.cancelHelp,
      breadcrumbs: [{ text: texts.mailings, href: '/utskick' }],
    })}
${card({
  content: stack(
    descriptionList([
      { term: texts.name, description: mailing.name },
      { term: texts.subject, description: mailing.subject },
      { term: texts.flow, description: mailing.flowName },
      { term: texts.recipients, description: formatNumber(mailing.recipients, lang) },
    ]),
    buttonRow([
      actionForm({
        action: `/utskick/${mailing.id}/avbryt`,
        csrfToken: request.user.csrfToken,
        submit: { text: texts.cancelYes, danger: true },
      }),
      linkButton({ text: texts.cancelNo, href: `/utskick/${mailing.id}`, variant: 'secondary' }),
    ]),
  ),
})}`,
  });
}
