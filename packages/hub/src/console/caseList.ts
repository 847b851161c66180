import { actionForm, caseCard, linkButton, type SafeHtml, stack } from '@brevduva/ui';
import { CASE_REASONS } from '../caseReasons.ts';
import type { CaseLine } from '../sql/cases.ts';
import type { ConsoleRequest } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { recipientName } from './words.ts';

/** Cases as cards, each with what can be done at once; what needs more (an address) is done on the letter's page. */
export function caseList(request: ConsoleRequest, cases: readonly CaseLine[]): SafeHtml {
  const texts = consoleTexts(request.lang);
  const { csrfToken } = request.user;
  return stack(
    ...cases.map((line) =>
      caseCard({
        lang: request.lang,
        title: line.subject,
        href: `/brev/${line.letterId}`,
        reason: CASE_REASONS[line.reason].text,
        nextAction: line.nextAction,
        owner: line.owner,
        deadline: line.deadline,
        now: request.now,
        facts: [
          { term: texts.recipient, description: recipientName(line, texts) },
          { term: texts.flow, description: line.flowName },
        ],
        actions: [
          actionForm({
            action: `/arenden/${line.id}/forsok-igen`,
            csrfToken,
            submit: { text: texts.tryAgain, variant: 'secondary', context: line.subject },
          }),
          linkButton({
            text: texts.sendOnPaper,
            href: `/brev/${line.letterId}#arende`,
            variant: 'secondary',
            context: line.subject,
          }),
          actionForm({
            action: `/arenden/${line.id}/avbryt`,
            csrfToken,
            submit: { text: texts.cancel, variant: 'tertiary', danger: true, context: line.subject },
          }),
        ],
      }),
    ),
  );
}
