import type { ConfigurationChange, Json } from '@brevduva/hub';
import type { Paint } from '../terminal.ts';

const TEXT_CHARS_MAX = 300;

const SIGNS = { added: '+', changed: '~', removed: '-' } as const;

/** Changes for a person: one line for each field, and a sum. */
export function changeList(changes: readonly ConfigurationChange[], paint: Paint): string {
  if (changes.length === 0) return 'Inget skulle ändras.\n';
  const lines = changes.flatMap((change) => changeLines(change, paint));
  const count = (kind: ConfigurationChange['kind']) => changes.filter((change) => change.kind === kind).length;
  const sum = `Nytt: ${count('added')}. Ändrat: ${count('changed')}. Tas ur bruk: ${count('removed')}.`;
  return `${lines.join('\n')}\n\n${paint.bold(sum)}\n`;
}

function changeLines({ kind, path, field, before, after }: ConfigurationChange, paint: Paint): string[] {
  const sign = SIGNS[kind];
  if (kind === 'changed') {
    return [`${sign} ${path}  ${field}: ${paint.bad(valueText(before))} → ${paint.good(valueText(after))}`];
  }
  if (kind === 'removed') return [paint.bad(`${sign} ${path}${path.includes('/credentials/') ? '  återkallas' : ''}`)];
  return [paint.good(`${sign} ${path}`), ...fieldLines(after).map((line) => paint.dim(`    ${line}`))];
}

function fieldLines(value: Json): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, field]) => `${name}: ${valueText(field)}`);
}

function valueText(value: Json): string {
  if (value === null) return '(inget)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= TEXT_CHARS_MAX && !text.includes('\n')) return text;
  // A template's text, most often: what of it changed is seen in git.
  const [line = ''] = text.split('\n');
  return `${line.slice(0, TEXT_CHARS_MAX)}… (${text.length} tecken)`;
}
