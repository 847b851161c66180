import { formatDate, formatDateTime, TIME_ZONE } from '../format.ts';
import { type HtmlValue, html, type SafeHtml } from '../html.ts';
import { type IconName, icon } from '../icons.ts';
import type { Language } from '../language.ts';
import { TONE_ICONS, type Tone } from '../tone.ts';
import { uiTexts } from '../uiTexts.ts';
import { disclosure } from './layout.ts';

export interface TimelineEntry {
  at: Date;
  title: string;
  /** Who did it: a person, a party, a stage. */
  actor?: string;
  text?: HtmlValue;
  tone?: Tone;
  icon?: IconName;
  /** Folded away below the text: exact values, XML. */
  details?: HtmlValue;
}

/** A letter's story, event by event in the order given, one heading per day. Times show seconds, for they are evidence. */
export function timeline(options: { label: string; entries: readonly TimelineEntry[]; lang: Language }): SafeHtml {
  let day = '';
  const items = options.entries.map((entry) => {
    const entryDay = formatDate(entry.at, options.lang, 'long');
    const isNewDay = entryDay !== day;
    day = entryDay;
    return timelineItem(entry, options.lang, isNewDay ? entryDay : undefined);
  });
  return html`<ol class="bd-timeline" aria-label="${options.label}">${items}</ol>`;
}

function timelineItem(entry: TimelineEntry, lang: Language, newDay: string | undefined): SafeHtml {
  const tone = entry.tone ?? 'neutral';
  const exact = formatDateTime(entry.at, lang, 'exact');
  const day = newDay !== undefined && html`<span class="bd-timeline__day">${newDay}</span>`;
  const actor = entry.actor !== undefined && html`<span class="bd-timeline__actor">${entry.actor}</span>`;
  const details = entry.details !== undefined && disclosure({ summary: uiTexts(lang).details, content: entry.details });
  return html`<li class="bd-timeline__item" data-color="${tone}">${day}<span
 class="bd-timeline__sign">${icon(entry.icon ?? TONE_ICONS[tone])}</span><div class="bd-timeline__body">
<p class="bd-timeline__head"><strong>${entry.title}</strong> <span class="bd-timeline__meta">${actor}<time
 datetime="${entry.at.toISOString()}" title="${exact}">${clock.format(entry.at)}</time></span></p>
${entry.text !== undefined && html`<div class="bd-timeline__text">${entry.text}</div>`}
${details}
</div></li>
`;
}

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: TIME_ZONE, timeStyle: 'medium' });
