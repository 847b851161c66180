import type { FaultName } from '@brevduva/protocol';
import type { OperatorRules } from './facts.ts';

/** Why something handed in is refused. The text goes to the caller and the log: no personal number, no content. */
export interface Refusal {
  check: string;
  fault: FaultName;
  detail: string;
}

/** Which check answers which code is our reading of the codes' names (FACTS b.9, n.3). */
export interface Check<Facts> {
  name: string;
  fault: FaultName;
  /** Pure: undefined = passes; else what is wrong, in words for the caller's staff. */
  fails(facts: Facts, rules: OperatorRules): string | undefined;
}

/** All that one operation demands. */
export interface CheckList<Facts> {
  /** Whether it may be done at all. The first that fails answers alone: someone who may not learns nothing more. */
  rights: readonly Check<Facts>[];
  /** Whether we can show it (FACTS f). All that fail are told at once; the first gives the code. */
  content: readonly Check<Facts>[];
}

/** Runs the whole list over the facts; undefined = nothing speaks against it. */
export function judge<Facts>(
  { rights, content }: CheckList<Facts>,
  facts: Facts,
  rules: OperatorRules,
): Refusal | undefined {
  return firstOf(rights, facts, rules) ?? allOf(content, facts, rules);
}

/** What a check says when its condition does not hold. */
export function unless(passes: boolean, text: string): string | undefined {
  return passes ? undefined : text;
}

function firstOf<Facts>(checks: readonly Check<Facts>[], facts: Facts, rules: OperatorRules): Refusal | undefined {
  for (const check of checks) {
    const detail = check.fails(facts, rules);
    if (detail !== undefined) return { check: check.name, fault: check.fault, detail };
  }
  return undefined;
}

function allOf<Facts>(checks: readonly Check<Facts>[], facts: Facts, rules: OperatorRules): Refusal | undefined {
  const failed = checks.flatMap((check) => {
    const detail = check.fails(facts, rules);
    return detail === undefined ? [] : [{ check: check.name, fault: check.fault, detail }];
  });
  const [first] = failed;
  if (first === undefined) return undefined;
  return { ...first, detail: failed.map((refusal) => refusal.detail).join(' ') };
}
