import { type HtmlValue, html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';
import { badge } from './badge.ts';
import { type Description, descriptionList } from './list.ts';
import { table } from './table.ts';

export interface DecisionRule {
  /** The rule in words, in the order of the channel switch. */
  rule: string;
  verdict: 'won' | 'lost' | 'untried';
  /** Why it won or lost: the fact it met. */
  reason: HtmlValue;
}

export interface DecisionTableOptions {
  lang: Language;
  caption: string;
  /** What was known: question and answer, time, versions. */
  facts?: readonly Description[];
  rules: readonly DecisionRule[];
  id?: string;
}

/** Why this channel: every rule that was tried, which one decided, and why the others did not. */
export function decisionTable(options: DecisionTableOptions): SafeHtml {
  const { lang, caption, rules, facts = [], id } = options;
  const text = uiTexts(lang);
  const numbered = rules.map((rule, index) => ({ ...rule, number: index + 1 }));
  const rows = table({
    caption,
    captionHidden: true,
    ...(id === undefined ? {} : { id }),
    rows: numbered,
    emphasize: (rule) => rule.verdict === 'won',
    columns: [
      { header: text.rule, rowHeader: true, cell: (rule) => html`${rule.number}. ${rule.rule}` },
      { header: text.outcome, nowrap: true, cell: (rule) => verdictBadge(rule.verdict, lang) },
      { header: text.reason, cell: (rule) => rule.reason },
    ],
  });
  return html`<div class="bd-decision bd-stack">${facts.length > 0 && descriptionList(facts, { layout: 'columns' })}${rows}</div>`;
}

function verdictBadge(verdict: DecisionRule['verdict'], lang: Language): SafeHtml {
  const text = uiTexts(lang);
  if (verdict === 'won') return badge({ tone: 'success', text: text.ruleWon });
  if (verdict === 'lost') return badge({ tone: 'neutral', icon: 'cross', text: text.ruleLost });
  return badge({ tone: 'neutral', icon: 'dash', text: text.ruleUntried });
}
