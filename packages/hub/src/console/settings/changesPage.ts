import {
  badge,
  emptyState,
  formatNumber,
  html,
  type Language,
  type SafeHtml,
  type Tone,
  table,
  time,
} from '@brevduva/ui';
import type { Json } from '../../organisation/compareConfiguration.ts';
import type { StoredChange } from '../../sql/configuration.ts';
import type { ConsoleRequest } from '../shell.ts';
import { codeText, settingsListPage } from './frame.ts';
import { type SettingsTexts, settingsTexts } from './texts.ts';

const TONES: Readonly<Record<StoredChange['kind'], Tone>> = { added: 'success', changed: 'info', removed: 'neutral' };

const ICONS = { added: 'check', changed: 'arrowRight', removed: 'ban' } as const;

/** What was changed last, by whom, before and after. */
export function changesPage(request: ConsoleRequest, changes: readonly StoredChange[], limit: number): string {
  const { lang } = request;
  const texts = settingsTexts(lang);
  const list = table({
    caption: texts.latestChanges,
    captionHidden: true,
    rows: changes,
    empty: emptyState({ title: texts.noChanges, text: texts.noChangesText, icon: 'document' }),
    columns: [
      { header: texts.when, cell: ({ at }) => time(at, lang), nowrap: true },
      { header: texts.where, cell: ({ path }) => subject(path, texts), rowHeader: true },
      {
        header: texts.state,
        cell: ({ kind }) => badge({ text: texts[`change_${kind}`], tone: TONES[kind], icon: ICONS[kind] }),
        nowrap: true,
      },
      { header: texts.change, cell: (change) => changeText(change, lang, texts) },
      { header: texts.who, cell: ({ actor }) => actor },
    ],
  });
  const hint = changes.length === limit && html`<p class="bd-hint">${texts.showsLatest(formatNumber(limit, lang))}</p>`;
  return settingsListPage(request, 'changes', html`${list}${hint}`);
}

/** `systems/byggarenden/credentials/apiKey-…` → System byggarenden, apiKey-… */
function subject(path: string, texts: SettingsTexts): SafeHtml {
  const [list = '', code, , credential] = path.split('/');
  const known = (['organisation', 'units', 'flows', 'systems'] as const).find((one) => one === list);
  const name = known === undefined ? list : texts[`subject_${known}`];
  return html`${name}${code !== undefined && html` ${codeText(code)}`}${credential !== undefined && html`<br>${codeText(credential)}`}`;
}

function changeText(
  { kind, field, before, after }: StoredChange,
  lang: Language,
  texts: SettingsTexts,
): SafeHtml | string {
  if (kind !== 'changed') return nameIn(kind === 'added' ? after : before);
  return html`${codeText(field ?? '')}: ${valueText(before, lang, texts)} → ${valueText(after, lang, texts)}`;
}

function nameIn(value: Json): string {
  const name = typeof value === 'object' && value !== null && 'name' in value ? value['name'] : undefined;
  const label = typeof value === 'object' && value !== null && 'label' in value ? value['label'] : undefined;
  return [name, label].filter((text) => typeof text === 'string').join(' ');
}

function valueText(value: Json, lang: Language, texts: SettingsTexts): string {
  if (value === null) return texts.none;
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (typeof value === 'number') return formatNumber(value, lang);
  if (Array.isArray(value))
    return value.length === 0 ? texts.none : value.map((item) => valueText(item, lang, texts)).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
