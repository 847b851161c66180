import {
  alert,
  card,
  html,
  type PipelineStage,
  pageHeading,
  pipeline,
  type SafeHtml,
  split,
  stack,
} from '@brevduva/ui';
import type { EventKind } from '../events.ts';
import { rowOf } from '../pipeline.ts';
import type { LetterStory } from '../sql/letterStory.ts';
import { STAGES } from '../states.ts';
import { type CaseFormState, caseErrorSummary, casePanel } from './casePanel.ts';
import { contentSection, type SealedXml, xmlSection } from './contentSection.ts';
import { decisionSection } from './decisionSection.ts';
import { factsCard, receiptsCard } from './factsCard.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { storySection } from './storySection.ts';
import { type ConsoleTexts, consoleTexts } from './texts.ts';
import { recipientName, stateBadge, subjectOf } from './words.ts';

export interface LetterPageData {
  readonly story: LetterStory;
  /** The message as plain text; undefined when it is HTML, or may not be shown. */
  readonly bodyText: string | undefined;
  /** The exact request to the operator, when the letter has been sealed and it may be shown. */
  readonly sealedXml: SealedXml | undefined;
  readonly caseForm: CaseFormState | undefined;
  /** The person acted on a case that somebody else had just ended. */
  readonly isConflict: boolean;
}

/** One letter's whole story. */
export function letterPage(request: ConsoleRequest, data: LetterPageData): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  const { story, sealedXml } = data;
  const { letter, openCase } = story;
  return consolePage(request, {
    title: subjectOf(letter, texts),
    area: 'letters',
    notices: data.isConflict ? [conflictAlert(story, texts)] : [],
    hasErrors: (data.caseForm?.faults.length ?? 0) > 0,
    content: html`${caseErrorSummary(request, data.caseForm)}
${pageHeading({
  lang,
  title: subjectOf(letter, texts),
  lead: leadOf(letter, texts),
  status: stateBadge(letter.state, texts),
  breadcrumbs: [{ text: texts.letters, href: '/brev' }],
})}
${card({ content: pipeline({ label: texts.progress, stages: stagesOf(story, texts), lang }) })}
${split({
  main: stack(
    openCase && casePanel(request, story, openCase, data.caseForm),
    storySection(request, story),
    decisionSection(request, story.decisions),
    contentSection(request, story, data.bodyText),
    sealedXml && xmlSection(request, letter.id, sealedXml),
  ),
  aside: stack(factsCard(request, story), receiptsCard(request, story)),
  asideLabel: texts.facts,
})}`,
  });
}

function leadOf(letter: LetterStory['letter'], texts: ConsoleTexts): string {
  const { flowName, unitName, protectedIdentity } = letter;
  return protectedIdentity
    ? `${flowName}, ${unitName}`
    : texts.letterLead(recipientName(letter, texts), flowName, unitName);
}

const RESOLUTIONS = ['sentOnPaper', 'triedAgain', 'cancelled'] as const;

/** Who was first, and what she did: read from the story itself. */
function conflictAlert({ events }: LetterStory, texts: ConsoleTexts): SafeHtml {
  const last = events.findLast(({ kind }) => RESOLUTIONS.some((resolution) => resolution === kind));
  const resolution = RESOLUTIONS.find((each) => each === last?.kind);
  const isKnown = last !== undefined && resolution !== undefined;
  const content = isKnown ? texts.conflict(last.actor, texts[`${resolution}By`]) : texts.conflictUnknown;
  return alert({ tone: 'danger', title: texts.conflictTitle, content, live: true });
}

const FOLLOWED_UP: readonly string[] = ['opened', 'unread', 'waitsForReadStatus'] satisfies EventKind[];

/** Where the letter stands among the stages; the seal is passed over on paper, and what a letter that ended early never met. */
function stagesOf({ letter, openCase, decisions, events }: LetterStory, texts: ConsoleTexts): PipelineStage[] {
  const isEndedEarly = letter.state === 'cancelled' || letter.state === 'expired' || letter.state === 'unnotified';
  const reached = letter.stage ?? openCase?.stage;
  // Few flows ask whether their letters were opened; the others' have no such stage.
  const isFollowedUp = reached === 'followUp' || events.some(({ kind }) => FOLLOWED_UP.includes(kind));
  const stages = STAGES.filter((stage) => stage !== 'followUp' || isFollowedUp);
  // Of a letter that ended early only the decision is known to be behind it.
  const position = isEndedEarly ? Math.min(decisions.length, 1) : reached ? stages.indexOf(reached) : stages.length;
  const here = letter.state === 'case' ? 'manual' : isEndedEarly ? 'skipped' : 'active';
  const ahead = isEndedEarly ? 'skipped' : 'waiting';
  return [
    { name: texts.stage_intake, state: 'done' },
    ...stages.map((stage, n): PipelineStage => {
      const isPassedOver =
        letter.channel !== null && rowOf(stage).cells[letter.channel] === undefined && stage !== 'resolve';
      const state = isPassedOver ? 'skipped' : n < position ? 'done' : n === position ? here : ahead;
      return { name: texts[`stage_${stage}`], state };
    }),
  ];
}
