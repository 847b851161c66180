import { actionForm, buttonRow, card, descriptionList, html, linkButton, pageHeading, stack } from '@brevduva/ui';
import type { LetterStory, StoryCase } from '../sql/letterStory.ts';
import { wordsOf } from './caseList.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { recipientName, subjectOf } from './words.ts';

/** Asks once more before a letter is withdrawn, since that cannot be undone. */
export function cancelPage(request: ConsoleRequest, { letter }: LetterStory, openCase: StoryCase): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  return consolePage(request, {
    title: texts.cancelTitle,
    area: 'cases',
    width: 'narrow',
    content: html`${pageHeading({
      lang,
      title: texts.cancelTitle,
      lead: texts.cancelHelp,
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
        submit: { text: texts.cancelYes, danger: true },
      }),
      linkButton({ text: texts.cancelNo, href: `/brev/${letter.id}#arende`, variant: 'secondary' }),
    ]),
  ),
})}`,
  });
}
