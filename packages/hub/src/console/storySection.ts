import {
  card,
  formatNumber,
  type HtmlValue,
  html,
  type IconName,
  join,
  type SafeHtml,
  section,
  timeline,
} from '@brevduva/ui';
import { type EventKind, eventText } from '../events.ts';
import type { LetterStory, StoryEvent } from '../sql/letterStory.ts';
import { details } from './details.ts';
import { detailValue } from './detailWords.ts';
import type { ConsoleRequest } from './shell.ts';
import { consoleTexts } from './texts.ts';

/** What happened, event by event. */
export function storySection({ lang }: ConsoleRequest, { events, eventsOmitted }: LetterStory): SafeHtml {
  const texts = consoleTexts(lang);
  const entries = events.map((event, n) => entryOf(event, n, lang));
  const omitted = eventsOmitted > 0 && texts.eventsOmitted(formatNumber(eventsOmitted, lang));
  return section({
    title: texts.story,
    content: card({
      content: html`${timeline({ label: texts.story, entries, lang })}${omitted && html`<p class="bd-hint">${omitted}</p>`}`,
    }),
  });
}

function entryOf(event: StoryEvent, n: number, lang: ConsoleRequest['lang']) {
  const { title, tone } = eventText(event.kind, lang);
  const text = headline(event, lang);
  const hasMore = Object.keys(event.detail).some((key) => !(HEADLINES[event.kind] ?? []).includes(key));
  return {
    at: event.at,
    title,
    tone,
    ...(Object.hasOwn(ICONS, event.kind) ? { icon: ICONS[event.kind as keyof typeof ICONS] } : {}),
    actor: event.actor === 'system' ? 'Brevduva' : event.actor,
    ...(text === undefined ? {} : { text }),
    ...(hasMore ? { details: details(event.detail, lang, rawLabel(n + 1, lang)) } : {}),
  };
}

function rawLabel(number: number, lang: ConsoleRequest['lang']) {
  return { id: `handelse-${number}`, label: consoleTexts(lang).rawEvent(String(number)) };
}

/** A sign that says more than the tone's own. */
const ICONS = {
  accepted: 'inbox',
  channelDecided: 'route',
  composedForPrint: 'document',
  sealed: 'seal',
  handedToPrint: 'printer',
  caseOpened: 'hand',
  sentOnPaper: 'person',
  triedAgain: 'refresh',
  cancelled: 'ban',
  expired: 'ban',
  erased: 'ban',
} as const satisfies Partial<Record<EventKind, IconName>>;

/** What stands unfolded below an event's heading, by its kind; all of it can be unfolded. */
const HEADLINES: Readonly<Record<string, readonly string[]>> = {
  channelDecided: ['reason'],
  caseOpened: ['reason'],
  waitsForRegister: ['cause'],
  waitsForAddress: ['cause'],
  tooLargeForDigital: ['envelopeBytes'],
  composedForPrint: ['sheets', 'pages'],
  doesNotFitPaper: ['faults'],
  documentFailed: ['faults'],
  operatorAccepted: ['operator'],
  mailboxClosed: ['operator'],
  operatorRefused: ['operator', 'errorCode'],
  operatorUnreachable: ['operator', 'cause'],
  outcomeUnknown: ['operator', 'cause'],
  printed: ['place'],
  unexpectedFault: ['stage'],
  returned: ['returned'],
  erased: ['bytes'],
};

function headline(event: StoryEvent, lang: ConsoleRequest['lang']): HtmlValue {
  const { sheets, pages } = event.detail;
  if (event.kind === 'composedForPrint') {
    return consoleTexts(lang).sheetsAndPages(String(sheets), String(pages));
  }
  const shown = (HEADLINES[event.kind] ?? []).filter((key) => event.detail[key] !== undefined);
  if (shown.length === 0) return undefined;
  return join(
    shown.map((key) => detailValue(key, event.detail[key], lang)),
    ' · ',
  );
}
