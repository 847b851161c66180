import { emptyState, formatNumber, table } from '@brevduva/ui';
import type { OrganisationConfiguration } from '../../organisation/configuration.ts';
import type { ConsoleRequest } from '../shell.ts';
import { codeColumn, settingsListPage } from './frame.ts';
import { settingsTexts } from './texts.ts';

/** The units that bear the cost, with the number that their envelopes have today. */
export function unitsPage(request: ConsoleRequest, { units, flows, systems }: OrganisationConfiguration): string {
  const { lang } = request;
  const texts = settingsTexts(lang);
  const countOf = (items: readonly { unit: string | undefined }[], code: string) =>
    formatNumber(items.filter(({ unit }) => unit === code).length, lang);
  const content = table({
    caption: texts.units,
    captionHidden: true,
    rows: units.toSorted((a, b) => a.name.localeCompare(b.name, 'sv')),
    empty: emptyState({ title: texts.noUnits, text: texts.noText, icon: 'building' }),
    columns: [
      { header: texts.name, cell: ({ name }) => name, rowHeader: true },
      codeColumn(texts),
      { header: texts.envelopeCode, cell: ({ envelopeCode = '' }) => envelopeCode, nowrap: true },
      { header: texts.envelopeSizes, cell: ({ envelopeSizes = [] }) => envelopeSizes.join(', '), nowrap: true },
      { header: texts.flowCount, cell: ({ code }) => countOf(flows, code), align: 'end' },
      { header: texts.systemCount, cell: ({ code }) => countOf(systems, code), align: 'end' },
    ],
  });
  return settingsListPage(request, 'units', content);
}
