import {
  card,
  decisionTable,
  disclosure,
  formatNumber,
  html,
  type Language,
  type SafeHtml,
  section,
  stack,
  time,
} from '@brevduva/ui';
import type { StoryDecision } from '../sql/letterStory.ts';
import { detailList, rawRecord } from './details.ts';
import type { ConsoleRequest } from './shell.ts';
import { switchText } from './switchTexts.ts';
import { consoleTexts } from './texts.ts';

/** Why the letter went where it went: the latest decision open, those before it folded. */
export function decisionSection({ lang }: ConsoleRequest, list: readonly StoryDecision[]): SafeHtml | false {
  const texts = consoleTexts(lang);
  const cards = list.map((decision, n) => decisionCard(decision, n + 1, lang));
  const earlier = cards.slice(0, -1).reverse();
  if (cards.length === 0) return false;
  return section({
    title: texts.decision,
    content: stack(
      cards.at(-1),
      earlier.length > 0 &&
        disclosure({
          summary: texts.earlierDecisions(formatNumber(earlier.length, lang)),
          content: stack(...earlier),
        }),
    ),
  });
}

function decisionCard(decision: StoryDecision, number: number, lang: Language): SafeHtml {
  const texts = consoleTexts(lang);
  const words = texts as Readonly<Record<string, unknown>>;
  const channel = String(words[`channel_${decision.channel}`] ?? decision.channel);
  const title = texts.decisionTitle(String(number), channel);
  return card({
    title,
    headingLevel: 3,
    aside: time(decision.at, lang),
    content: stack(
      html`<p>${switchText(decision.reason, lang)}</p>`,
      decisionTable({
        lang,
        id: `beslut-${number}`,
        caption: title,
        rules: decision.tried.map(({ rule, won, why }) => ({
          rule: String(words[`rule_${rule}`] ?? rule),
          verdict: won ? 'won' : 'lost',
          reason: switchText(why, lang),
        })),
      }),
      evidence(decision, number, lang),
    ),
  });
}

function evidence({ question, answer, rule, channel, reason, tried }: StoryDecision, number: number, lang: Language) {
  const texts = consoleTexts(lang);
  const isAnswered = Object.keys(answer).length > 0;
  return disclosure({
    summary: texts.evidence,
    content: stack(
      html`<h4 class="bd-label">${texts.asked}</h4>${detailList(question, lang, 'columns')}`,
      html`<h4 class="bd-label">${texts.answerFromFar}</h4>${
        isAnswered ? detailList(answer, lang, 'columns') : html`<p>${texts.notAsked}</p>`
      }`,
      rawRecord({ question, answer, rule, channel, reason, tried }, lang, {
        id: `beslut-${number}-post`,
        label: texts.rawDecision(String(number)),
      }),
    ),
  });
}
