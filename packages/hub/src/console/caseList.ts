import { actionForm, caseCard, linkButton, type SafeHtml, stack } from '@brevduva/ui';
import { CASE_REASONS, type CaseAction } from '../caseReasons.ts';
import type { CaseLine } from '../sql/cases.ts';
import { caseReasonText } from './detailWords.ts';
import type { ConsoleRequest } from './shell.ts';
import { consoleTexts } from './texts.ts';
import { recipientName, subjectOf } from './words.ts';

/** Cases as cards, each with what can be done at once; what needs more (an address, a second thought) has a page of its own. */
export function caseList(request: ConsoleRequest, cases: readonly CaseLine[]): SafeHtml {
  const { lang, now } = request;
  const texts = consoleTexts(lang);
  return stack(
    ...cases.map((line) => {
      const words = wordsOf(request, line);
      return caseCard({
        lang,
        now,
        title: subjectOf(line, texts),
        href: `/brev/${line.letterId}#arende`,
        reason: words.text,
        nextAction: words.nextAction,
        owner: words.owner,
        deadline: line.deadline,
        facts: [
          { term: texts.recipient, description: recipientName(line, texts) },
          { term: texts.flow, description: line.flowName },
        ],
        actions: request.mayAct ? caseActions(line).map((action) => actionOf(request, line, action)) : [],
      });
    }),
  );
}

/** Owner and next action as they were written into the case; in English by the reason's code. */
export function wordsOf(
  { lang }: ConsoleRequest,
  line: Pick<CaseLine, 'reason' | 'owner' | 'nextAction'>,
): { text: string; owner: string; nextAction: string } {
  const words = caseReasonText(line.reason, lang);
  return lang === 'en' ? words : { ...words, owner: line.owner, nextAction: line.nextAction };
}

/** What can be done with a case, the suggested first. A protected person's letter can only be withdrawn here. */
export function caseActions(line: Pick<CaseLine, 'reason'> & { protectedIdentity: boolean }): readonly CaseAction[] {
  if (line.protectedIdentity) return ['cancel'];
  const { suggested } = CASE_REASONS[line.reason];
  const others = (['sendOnPaper', 'tryAgain', 'cancel'] as const).filter((action) => action !== suggested);
  return [suggested, ...others];
}

function actionOf(request: ConsoleRequest, line: CaseLine, action: CaseAction): SafeHtml {
  const texts = consoleTexts(request.lang);
  const isSuggested = action === caseActions(line)[0];
  const look = {
    text: texts[action],
    context: subjectOf(line, texts),
    variant: isSuggested ? ('primary' as const) : ('secondary' as const),
  };
  if (action === 'tryAgain') {
    return actionForm({
      action: `/arenden/${line.id}/forsok-igen`,
      csrfToken: request.user.csrfToken,
      submit: look,
    });
  }
  if (action === 'sendOnPaper') return linkButton({ ...look, href: `/brev/${line.letterId}#arende` });
  const variant = isSuggested ? 'secondary' : 'tertiary';
  return linkButton({ ...look, variant, danger: true, href: `/arenden/${line.id}/avbryt` });
}
