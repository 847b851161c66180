import { attributes, type HtmlValue, html, type SafeHtml } from '../html.ts';
import { icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { uiTexts } from '../uiTexts.ts';
import { badge } from './badge.ts';
import { type Description, descriptionList } from './list.ts';
import { time } from './time.ts';

export interface CaseCardOptions {
  lang: Language;
  /** What it is about: the letter's subject or the flow. */
  title: string;
  href: string;
  /** Why a person is needed, in plain words. */
  reason: HtmlValue;
  /** What Brevduva suggests to do. */
  nextAction?: HtmlValue;
  owner?: string | undefined;
  deadline: Date;
  now: Date;
  facts?: readonly Description[];
  /** Forms and links: see `actionForm`. */
  actions: readonly SafeHtml[];
}

/** A case that waits for a person: reason, owner, deadline, what can be done. */
export function caseCard(options: CaseCardOptions): SafeHtml {
  const { lang, facts = [] } = options;
  return html`<article class="bd-card bd-case"${attributes({ 'data-urgency': urgency(options) })}>
<div class="bd-card__head"><h2 class="bd-card__title"><a class="bd-link" href="${options.href}">${options.title}</a></h2>${deadlineBadge(options)}</div>
<div class="bd-card__body">
<p class="bd-case__reason">${icon('hand')}<span>${options.reason}</span></p>
${options.nextAction !== undefined && html`<p class="bd-case__next">${options.nextAction}</p>`}
${descriptionList([...facts, { term: uiTexts(lang).owner, description: options.owner ?? uiTexts(lang).noOwner }], { layout: 'columns' })}
</div>
<div class="bd-card__footer"><div class="bd-button-row">${options.actions}</div></div>
</article>`;
}

const HOUR_MS = 3_600_000;
const SOON_HOURS = 24;

type Urgency = 'late' | 'soon' | 'calm';

function urgency(options: CaseCardOptions): Urgency {
  const leftMs = options.deadline.getTime() - options.now.getTime();
  if (leftMs < 0) return 'late';
  return leftMs < SOON_HOURS * HOUR_MS ? 'soon' : 'calm';
}

function deadlineBadge(options: CaseCardOptions): SafeHtml {
  const tones = { late: 'danger', soon: 'warning', calm: 'neutral' } as const;
  const { lang, deadline, now } = options;
  const text = html`${uiTexts(lang).deadline} ${time(deadline, lang)} (${time(deadline, lang, { style: 'relative', now })})`;
  return badge({ tone: tones[urgency(options)], icon: 'clock', text });
}
