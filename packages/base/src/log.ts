import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/**
 * JSON log with fixed fields: `time` (ISO, UTC), `level` (word), `service`, `msg`. Whatever looks like a personal
 * number is masked in the finished line, so also in messages, stacks and foreign errors.
 */
export function createLog({
  service,
  level,
  destination = process.stdout,
}: {
  service: string;
  level: LogLevel;
  destination?: DestinationStream;
}): Log {
  const masked = { write: (line: string) => destination.write(maskPersonalNumbers(line)) };
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    masked,
  );
}

/*
 * Personal number or coordination number (day + 60), with or without century and separator. A sole trader's
 * organisation number is her personal number, with 16 before it on the wire. The look-arounds leave the groups of a
 * UUID alone, which may happen to be digits.
 */
const PERSONAL_NUMBER =
  /(?<![0-9A-Za-z])(?<![0-9a-f]{4}-)(?:1[689]|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[67]\d|8\d|9[01])[-+]?\d{4}(?![0-9A-Za-z])(?!-[0-9a-f]{4}-)/g;

/** Replaces everything that looks like a personal number. */
export function maskPersonalNumbers(line: string): string {
  return line.replace(PERSONAL_NUMBER, (found, offset: number) => {
    const isBareNumber = line[offset - 1] === ':' && /[,}]/.test(line[offset + found.length] ?? '');
    // A bare JSON number must stay a number, or the line can no longer be read.
    return isBareNumber ? '0' : '[personnummer]';
  });
}
