import { actionForm, buttonRow, card, descriptionList, html, linkButton, pageHeading, stack } from '@brevduva/ui';
import { CASE_REASONS } from '../caseReasons.ts';
import type { LetterStory, StoryCase } from '../sql/letterStory.ts';
import { wordsOf } from './caseList.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { recipientName, subjectOf } from './words.ts';

/** Asks once more before a letter is withdrawn, since that cannot be undone. */
export function cancelPage(request: ConsoleRequest, { letter }: LetterStory, openCase: StoryCase): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  const isKept = CASE_REASONS[openCase.reason].isDelivered === true;
  const title = isKept ? texts.keepTitle : texts.cancelTitle;
  return consolePage(request, {
    title,
    area: 'cases',
    width: 'narrow',
    content: html`${pageHeading({
      lang,
      title,
      lead: isKept ? texts.keepHelp : texts.cancelHelp,
      breadcrumbs: [{ text: texts.cases, href: '/arenden' }],
    })}
${card({
  content: stack(
    descriptionList([
      { term: texts.subject, description: subjectOf(letter, texts) },
      { term: texts.recipient, description: recipientName(letter, texts) },
      { term: texts.flow, description: `${letter.flowName}, ${letter.unitName}` },
      { term: texts.what, description: wordsOf(request, openCase).text },
    ]),
    buttonRow([
      actionForm({
        action: `/arenden/${openCase.id}/avbryt`,
        csrfToken: request.user.csrfToken,
        submit: isKept ? { text: texts.keep } : { text: texts.cancelYes, danger: true },
      }),
      linkButton({ text: texts.cancelNo, href: `/brev/${letter.id}#arende`, variant: 'secondary' }),
    ]),
  ),
})}`,
  });
}
