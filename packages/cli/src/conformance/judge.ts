import { failed, passed, type Verdict } from './check.ts';
import { type Seen, told } from './context.ts';

/** A fault with one of the codes; any code where none is given. Its form is judged by a check of its own. */
export function expectFault(seen: Seen, codes: readonly number[] = []): Verdict {
  const { answer } = seen;
  if (answer.kind !== 'fault') return failed(`${told(seen)} i stället för ett fel`);
  const isRight = codes.length === 0 || (answer.errorCode !== undefined && codes.includes(answer.errorCode));
  return isRight ? passed(told(seen)) : failed(`${told(seen)}, väntat ${codes.join(' eller ')}`);
}

/** A message written in another way must come to the same as the ordinary one. */
export function expectSame(ordinary: Seen, other: Seen): Verdict {
  const isSame = outcome(ordinary) === outcome(other);
  return isSame ? passed(`samma utfall: ${told(other)}`) : failed(`${told(other)}; annars ${told(ordinary)}`);
}

function outcome({ answer }: Seen): string {
  return answer.kind === 'fault' ? `fault ${answer.errorCode}` : answer.kind;
}
