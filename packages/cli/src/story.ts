import type { Letter, LetterCase, LetterEvent } from '@brevduva/sdk';
import { formatDateTime } from '@brevduva/ui';
import { twoColumns } from './arguments.ts';
import type { Paint } from './terminal.ts';

const STATUS_TEXTS: Readonly<Record<string, string>> = {
  waiting: 'Behandlas',
  unknown: 'Utgången är okänd: samma brev skickas igen, aldrig papper under tiden',
  case: 'Väntar på en person',
  delivered: 'Levererat',
  printed: 'Utskrivet',
  unnotified: 'Kunde inte aviseras',
  cancelled: 'Makulerat',
};
const CHANNEL_TEXTS: Readonly<Record<string, string>> = { digital: 'digital brevlåda', paper: 'papper' };

/** A letter's whole story for a person at a terminal. */
export function story(letter: Letter, paint: Paint): string {
  const lines = [
    paint.bold(`Brev ${letter.id}`),
    ...twoColumns(facts(letter, paint)),
    '',
    ...letter.events.map((event) => `  ${paint.dim(localTime(event.at))}  ${eventText(event)}`),
    ...block('Kanalvalet', decisionLines(letter.decision), paint),
    ...block('Ärende hos en person', caseLines(letter.case), paint),
  ];
  return `${lines.join('\n')}\n`;
}

function facts(letter: Letter, paint: Paint): [string, string][] {
  const status = STATUS_TEXTS[letter.status] ?? letter.status;
  const painted = letter.case !== undefined ? paint.bad(status) : letter.final ? paint.good(status) : status;
  const channel = letter.channel === undefined ? undefined : (CHANNEL_TEXTS[letter.channel] ?? letter.channel);
  return [
    ['Ämne', letter.subject ?? 'Raderat enligt gallringsregeln'],
    ['Mottagare', letter.recipientMasked],
    ['Status', painted],
    ...(channel === undefined ? [] : [['Kanal', channel] satisfies [string, string]]),
    ...(letter.stage === undefined || letter.final ? [] : [['Steg', letter.stage] satisfies [string, string]]),
  ];
}

function eventText({ text, detail }: LetterEvent): string {
  const reason = detail?.['reason'];
  return typeof reason === 'string' ? `${text}: ${reason}` : text;
}

/** The rules in the order they were tried, the one that won marked. */
function decisionLines(decision: Letter['decision']): string[] {
  const tried: unknown = decision?.['tried'];
  if (!Array.isArray(tried)) return [];
  return tried
    .filter((rule): rule is { won: boolean; why: string } => typeof rule?.why === 'string')
    .map(({ won, why }) => `${won ? '→' : '·'} ${why}`);
}

function caseLines(found: LetterCase | undefined): string[] {
  if (found === undefined) return [];
  const { reason, text, owner, nextAction, deadline } = found;
  const rows: [string, string | undefined][] = [
    ['Varför', text ?? reason],
    ['Vem', owner],
    ['Nästa steg', nextAction],
    ['Senast', deadline && localTime(deadline)],
  ];
  return twoColumns(rows.filter((row): row is [string, string] => row[1] !== undefined)).map((line) => line.slice(2));
}

function block(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : ['', paint.bold(title), ...lines.map((line) => `  ${line}`)];
}

function localTime(at: string): string {
  const instant = new Date(at);
  return Number.isNaN(instant.getTime()) ? at : formatDateTime(instant, 'sv', 'exact');
}
