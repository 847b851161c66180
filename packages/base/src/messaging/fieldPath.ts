/** Depth of a path; deeper answers are nobody's. */
const STEPS_MAX = 8;

/** The texts at `a.b.*.c` in an answer that somebody else wrote; numbers as texts, everything else left out. */
export function textsAt(value: unknown, path: string): readonly string[] {
  const steps = path.split('.').slice(0, STEPS_MAX);
  let found: unknown[] = [value];
  for (const step of steps) found = found.flatMap((each) => stepInto(each, step));
  return found.flatMap((each) => (typeof each === 'string' || typeof each === 'number' ? [String(each)] : []));
}

/** Writes `value` at `a.b` of an object that is being made. */
export function putAt(target: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split('.');
  const last = steps.pop() ?? path;
  let at = target;
  for (const step of steps) {
    const next = at[step];
    const inner = typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : {};
    at[step] = inner;
    at = inner;
  }
  at[last] = value;
}

function stepInto(value: unknown, step: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Array.isArray(value) ? value : [];
  return Object.hasOwn(value, step) ? [(value as Record<string, unknown>)[step]] : [];
}
