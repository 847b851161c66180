import type { Clock } from '@brevduva/base';
import type { Paint, Terminal } from '../terminal.ts';
import { checksFor } from './catalogue.ts';
import { createContext, type Target } from './context.ts';
import { humanReport, jsonReport, summaryOf } from './report.ts';
import { runChecks } from './runChecks.ts';

const ERASE_LINE = '\r\u001b[2K';

/** Runs all checks of the target's service and writes the report. False where something failed or the run was stopped. */
export async function runConformance(
  target: Target,
  { terminal, paint, clock, asJson }: { terminal: Terminal; paint: Paint; clock: Clock; asJson: boolean },
): Promise<boolean> {
  const startedAt = clock.now();
  const checks = checksFor(target.service);
  const context = createContext(target, { clock, signal: terminal.stop });
  const show = (text: string) => (terminal.isTty ? terminal.err(`${ERASE_LINE}${text}`) : undefined);
  try {
    const results = await runChecks(checks, context, {
      signal: terminal.stop,
      onStart: ({ title }, index) => show(`[${index + 1}/${checks.length}] ${title}`),
    });
    show('');
    terminal.out(asJson ? jsonReport(target, results, startedAt) : humanReport(target, results, paint));
    return summaryOf(results).failed === 0 && results.length === checks.length;
  } finally {
    context.close();
  }
}
