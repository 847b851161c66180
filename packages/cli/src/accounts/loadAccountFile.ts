import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { createLog, createPool, migrate, systemClock } from '@brevduva/base';
import { FAR_MIGRATIONS, LINE_FAULT_TEXTS, type LineFault, type LoadResult, loadAccounts } from '@brevduva/far';
import { twoColumns, usageError } from '../arguments.ts';
import { EXIT } from '../commands/command.ts';
import { paintFor, type Terminal } from '../terminal.ts';
import { type AccountSource, openAccountFile, openAccountStream } from './accountSource.ts';
import { clockText, createLoadProgress, grouped, type LoadProgressView } from './loadProgress.ts';
import { openRejectsFile } from './rejectsFile.ts';

export interface LoadOptions {
  /** `-`: standard input. */
  file: string;
  databaseUrl: string;
  replaces: boolean;
  restarts: boolean;
  rejectsFile?: string;
  terminal: Terminal;
}

/** Refused lines that are shown; all are counted, and written in full where there is a file for them. */
const FAULTS_SHOWN_MAX = 20;
/** A batch of 200 000 rows takes seconds, but a busy server may take its time, and the last tidying reads the table. */
const STATEMENT_TIMEOUT_MS = 1_800_000;
const STANDARD_INPUT = '-';

/** What `brevduva accounts load` does; returns the exit code. */
export async function loadAccountFile(options: LoadOptions): Promise<number> {
  const { file, terminal } = options;
  const source = await openSource(file, terminal);
  const startedMs = performance.now();
  const result = await load(source, options);
  terminal.out(summary(result, performance.now() - startedMs, terminal));
  if (result.outcome === 'stopped') return EXIT.failed;
  return result.rejectedCount === 0 ? EXIT.done : EXIT.needsPerson;
}

function openSource(file: string, terminal: Terminal): Promise<AccountSource> {
  if (file !== STANDARD_INPUT) return openAccountFile(resolve(terminal.cwd, file), terminal.stop);
  if (terminal.input === undefined) throw usageError('accounts load', 'Det finns ingen standard in att läsa.');
  return openAccountStream(terminal.input(), 'standard in', terminal.stop);
}

async function load(
  source: AccountSource,
  { databaseUrl, replaces, restarts, rejectsFile, terminal }: LoadOptions,
): Promise<LoadResult> {
  const rejects = rejectsFile === undefined ? undefined : await openRejectsFile(resolve(terminal.cwd, rejectsFile));
  const pool = createPool({
    connectionString: databaseUrl,
    applicationName: 'brevduva accounts load',
    max: 2,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  });
  const progress = createLoadProgress(terminal);
  try {
    await migrate(pool, FAR_MIGRATIONS, { log: createLog({ service: 'accounts', level: 'silent' }) });
    return await loadAccounts({
      pool,
      clock: systemClock,
      content: source.content,
      contentKey: keyOf(source, replaces),
      replaces,
      restarts,
      stop: terminal.stop,
      ...(rejects === undefined ? {} : { rejects }),
      ...watching(source, progress, terminal),
    });
  } finally {
    progress.clear();
    await pool.end();
    await rejects?.close();
  }
}

/** The same file loaded in another way is another load. */
function keyOf({ fingerprint }: AccountSource, replaces: boolean): Buffer {
  return createHash('sha256')
    .update(fingerprint)
    .update(replaces ? 'replace' : 'keep')
    .digest();
}

function watching(source: AccountSource, progress: LoadProgressView, terminal: Terminal) {
  let rejected = 0;
  let earlierLines: number | undefined;
  const paint = paintFor(terminal);
  return {
    onFault(line: number, faults: readonly LineFault[]): void {
      rejected += 1;
      if (rejected > FAULTS_SHOWN_MAX + 1) return;
      progress.clear();
      const texts = faults.map((fault) => LINE_FAULT_TEXTS[fault]).join('; ');
      const text = rejected > FAULTS_SHOWN_MAX ? 'Fler fel visas inte, men räknas.' : `Rad ${grouped(line)}: ${texts}.`;
      terminal.err(`${paint.bad(text)}\n`);
    },
    onProgress(read: { lineCount: number }, saved: { lineCount: number }): void {
      earlierLines ??= saved.lineCount;
      progress.show({ fraction: source.fraction(), lines: read.lineCount, earlierLines, rejected });
    },
  };
}

function summary(result: LoadResult, elapsedMs: number, terminal: Terminal): string {
  const paint = paintFor(terminal);
  const { outcome, insertedCount, replacedCount, keptCount, rejectedCount, lineCount, continuedAtLine } = result;
  const perSecond = ((lineCount - continuedAtLine) * 1000) / elapsedMs;
  const headline = {
    done: paint.good(`Klart på ${clockText(elapsedMs)}, ${grouped(Math.round(perSecond))} rader/s.`),
    already: paint.good('Filen är redan inläst. --restart läser in den igen.'),
    stopped: paint.bad(`Avbruten efter rad ${grouped(lineCount)}. Kör samma kommando igen för att fortsätta.`),
  }[outcome];
  const rows = [
    ['Nya konton', insertedCount],
    ['Ändrade konton', replacedCount],
    ['Redan inlästa, orörda', keptCount],
    ['Rader med fel', rejectedCount],
  ] as const;
  return `${headline}\n${twoColumns(rows.map(([name, count]) => [name, grouped(count)])).join('\n')}\n`;
}
