import { formatNumber, html, pageHeading, stats } from '@brevduva/ui';
import { CONSOLE_AREAS } from './paths.ts';
import { type ConsoleRequest, consolePage } from './shell.ts';
import { consoleTexts } from './texts.ts';

export interface OverviewFacts {
  readonly accounts: number;
  readonly operators: number;
  readonly dispatchers: number;
  readonly senders: number;
}

/** The console's first page. */
export function overviewPage(request: ConsoleRequest, facts: OverviewFacts): string {
  const { lang } = request;
  const texts = consoleTexts(lang);
  const figure = (name: keyof OverviewFacts) => ({ label: texts[name], value: formatNumber(facts[name], lang) });
  return consolePage(request, {
    title: texts.overview,
    area: 'overview',
    content: html`${pageHeading({ lang, title: texts.overview, lead: texts.overviewLead })}
${stats([
  { ...figure('accounts'), href: CONSOLE_AREAS.statistics },
  figure('operators'),
  figure('dispatchers'),
  figure('senders'),
])}`,
  });
}
