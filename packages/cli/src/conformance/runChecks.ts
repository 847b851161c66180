import type { Check, Need, Verdict } from './check.ts';
import { type Context, toldNoAnswer } from './context.ts';

export interface CheckResult extends Verdict {
  readonly check: Check;
  readonly durationMs: number;
}

/** Runs the checks one after another; stops when told to, with those that were run. */
export async function runChecks(
  checks: readonly Check[],
  context: Context,
  { signal, onStart }: { signal: AbortSignal; onStart?: (check: Check, index: number) => void },
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const [index, check] of checks.entries()) {
    if (signal.aborted) break;
    onStart?.(check, index);
    const startedMs = performance.now();
    const found = reasonToSkip(check, context, results) ?? (await run(check, context));
    results.push({ ...found, check, durationMs: Math.round(performance.now() - startedMs) });
  }
  return results;
}

const NEEDS: Readonly<Record<Need, { has: (context: Context) => boolean; text: string }>> = {
  recipients: { has: ({ target }) => target.recipients.length > 0, text: 'kräver --recipients' },
  deliver: { has: ({ target }) => target.deliver, text: 'kräver --deliver: ett riktigt brev levereras' },
  sha1: { has: ({ target }) => target.sha1, text: 'kräver --sha1' },
};

function reasonToSkip(check: Check, context: Context, results: readonly CheckResult[]): Verdict | undefined {
  const need = check.needs?.find((one) => !NEEDS[one].has(context));
  if (need !== undefined) return { status: 'skipped', evidence: NEEDS[need].text };
  const missing = check.dependsOn?.find((id) => results.find((one) => one.check.id === id)?.status !== 'passed');
  return missing === undefined ? undefined : { status: 'skipped', evidence: `förutsätter ${missing}` };
}

/** A broken connection is the target's failure; every other error is ours. */
async function run(check: Check, context: Context): Promise<Verdict> {
  try {
    return await check.run(context);
  } catch (error) {
    return { status: 'failed', evidence: toldNoAnswer(error) };
  }
}
