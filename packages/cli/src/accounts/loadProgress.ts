import { paintFor, type Terminal } from '../terminal.ts';

export interface LoadMoment {
  /** Read of the file, 0 to 1; undefined for a pipe. */
  fraction: number | undefined;
  /** Lines read of the file so far, and by an earlier load. */
  lines: number;
  earlierLines: number;
  rejected: number;
}

export interface LoadProgressView {
  show(moment: LoadMoment): void;
  /** Clears the line, so that something else can be written. */
  clear(): void;
}

const BAR_CELLS = 24;
const TTY_INTERVAL_MS = 200;
/** A log file wants to know that it goes on, not to be filled. */
const LOG_INTERVAL_MS = 10_000;
const CLEAR_LINE = '\r\u001b[K';

/** A line that is written over on a terminal, and one every ten seconds elsewhere. */
export function createLoadProgress(
  terminal: Terminal,
  nowMs: () => number = () => performance.now(),
): LoadProgressView {
  const startedMs = nowMs();
  const intervalMs = terminal.isTty ? TTY_INTERVAL_MS : LOG_INTERVAL_MS;
  let shownMs = startedMs;
  let start: LoadMoment | undefined;
  return {
    show(moment) {
      // lines of an earlier load are passed over many times faster, and would make the estimate a dream
      if (moment.lines <= moment.earlierLines || start === undefined) start = moment;
      const now = nowMs();
      if (now - shownMs < intervalMs) return;
      shownMs = now;
      const text = progressText(moment, start, now - startedMs);
      terminal.err(terminal.isTty ? `${CLEAR_LINE}${paintFor(terminal).dim(text)}` : `${text}\n`);
    },
    clear() {
      if (terminal.isTty) terminal.err(CLEAR_LINE);
    },
  };
}

/** `██████░░░░░░ 43 % · 4 312 000 rader · 181 000 rader/s · 0:35 kvar` */
export function progressText(moment: LoadMoment, start: LoadMoment, elapsedMs: number): string {
  const { fraction, lines, earlierLines, rejected } = moment;
  if (lines <= earlierLines && earlierLines > 0) return `Går fram till rad ${grouped(earlierLines)} …`;
  const perSecond = elapsedMs > 0 ? ((lines - start.lines) * 1000) / elapsedMs : 0;
  const parts = [
    ...(fraction === undefined ? [] : [`${bar(fraction)} ${Math.floor(fraction * 100)} %`]),
    `${grouped(lines)} rader`,
    `${grouped(Math.round(perSecond))} rader/s`,
    ...timeLeft(fraction, start.fraction, elapsedMs),
    ...(rejected === 0 ? [] : [`${grouped(rejected)} fel`]),
  ];
  return parts.join(' · ');
}

/** `4 312 000`, with spaces that do not break. */
export const grouped = (number: number): string => number.toLocaleString('sv-SE');

export function bar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_CELLS);
  return '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled);
}

/** `1:02:07` or `2:07`. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

function timeLeft(fraction: number | undefined, startFraction: number | undefined, elapsedMs: number): string[] {
  const done = (fraction ?? 0) - (startFraction ?? 0);
  if (fraction === undefined || done <= 0) return [];
  return [`${clockText((elapsedMs * (1 - fraction)) / done)} kvar`];
}
