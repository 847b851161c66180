import type { Random } from './differentialRandom.ts';

/** A text that matches a pattern: groups, alternatives, classes, `\d`, `.`, `{n}`, `{n,m}`, `*`, `+`. */
export function textMatching(pattern: string, random: Random): string {
  const reader = { pattern, at: 0 };
  const text = alternatives(reader, random);
  if (reader.at !== pattern.length) throw new Error(`cannot read the pattern at ${reader.at}: ${pattern}`);
  return text;
}

interface Reader {
  readonly pattern: string;
  at: number;
}

/** Every alternative must be read to find its end; one of the texts is kept. */
function alternatives(reader: Reader, random: Random): string {
  const texts = [branch(reader, random)];
  while (reader.pattern[reader.at] === '|') {
    reader.at += 1;
    texts.push(branch(reader, random));
  }
  return random.pick(texts);
}

function branch(reader: Reader, random: Random): string {
  let text = '';
  while (reader.at < reader.pattern.length && !'|)'.includes(reader.pattern[reader.at] ?? '')) {
    const from = reader.at;
    const first = atom(reader, random);
    const count = quantity(reader, random);
    const end = reader.at;
    for (let i = 0; i < count; i += 1) {
      reader.at = from;
      text += i === 0 ? first : atom(reader, random);
    }
    reader.at = end;
  }
  return text;
}

function atom(reader: Reader, random: Random): string {
  const char = reader.pattern[reader.at++] ?? '';
  switch (char) {
    case '(': {
      const text = alternatives(reader, random);
      reader.at += 1;
      return text;
    }
    case '[':
      return random.pick(classMembers(reader));
    case '\\': {
      const escaped = reader.pattern[reader.at++] ?? '';
      return escaped === 'd' ? String(random.between(0, 9)) : escaped;
    }
    case '.':
      return random.pick(['a', 'Z', '7', 'ö', '-', ' ']);
    default:
      return char;
  }
}

function classMembers(reader: Reader): string[] {
  const end = reader.pattern.indexOf(']', reader.at);
  const body = reader.pattern.slice(reader.at, end);
  reader.at = end + 1;
  const members: string[] = [];
  for (const [part] of body.matchAll(/\\d|.-.|./g)) {
    if (part === '\\d') members.push(...'0123456789');
    else if (part.length === 3) members.push(...charactersFrom(part));
    else members.push(part);
  }
  return members;
}

function charactersFrom(range: string): string[] {
  const first = range.charCodeAt(0);
  return Array.from({ length: range.charCodeAt(2) - first + 1 }, (_, i) => String.fromCharCode(first + i));
}

function quantity(reader: Reader, random: Random): number {
  const rest = reader.pattern.slice(reader.at);
  const counted = /^\{(\d+)(?:,(\d+))?\}/.exec(rest);
  if (counted !== null) {
    reader.at += counted[0].length;
    return random.between(Number(counted[1]), Number(counted[2] ?? counted[1]));
  }
  if (rest[0] !== '*' && rest[0] !== '+') return 1;
  reader.at += 1;
  return random.between(rest[0] === '+' ? 1 : 0, 12);
}
