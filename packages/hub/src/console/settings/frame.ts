import { type Column, type HtmlValue, html, pageHeading, type SafeHtml, tabs } from '@brevduva/ui';
import { type ConsoleRequest, consolePage } from '../shell.ts';
import { type SettingsTexts, settingsTexts } from './texts.ts';

export type SettingsTab = 'organisation' | 'units' | 'flows' | 'systems' | 'changes';

const TAB_PATHS: Readonly<Record<SettingsTab, string>> = {
  organisation: '/installningar',
  units: '/installningar/enheter',
  flows: '/installningar/floden',
  systems: '/installningar/system',
  changes: '/installningar/andringar',
};

export const flowHref = (code: string): string => `${TAB_PATHS.flows}/${code}`;
export const systemHref = (code: string): string => `${TAB_PATHS.systems}/${code}`;

/** A list of the settings, under its tab. */
export function settingsListPage(request: ConsoleRequest, tab: SettingsTab, content: HtmlValue): string {
  const { lang } = request;
  const texts = settingsTexts(lang);
  return consolePage(request, {
    title: `${texts[tab]} – ${texts.settings}`,
    area: 'settings',
    content: html`${pageHeading({ lang, title: texts.settings, lead: texts.lead })}
${tabs({ label: texts.tabs, items: tabItems(texts, tab) })}
${content}`,
  });
}

/** One flow or system. */
export function settingsDetailPage(
  request: ConsoleRequest,
  options: { tab: 'flows' | 'systems'; title: string; lead: string; content: SafeHtml },
): string {
  const { lang } = request;
  const texts = settingsTexts(lang);
  const { tab, title, lead } = options;
  const breadcrumbs = [
    { text: texts.settings, href: TAB_PATHS.organisation },
    { text: texts[tab], href: TAB_PATHS[tab] },
  ];
  return consolePage(request, {
    title,
    area: 'settings',
    content: html`${pageHeading({ lang, title, lead, breadcrumbs })}
${options.content}`,
  });
}

function tabItems(texts: SettingsTexts, current: SettingsTab) {
  const names = Object.keys(TAB_PATHS) as SettingsTab[];
  return names.map((tab) => ({ text: texts[tab], href: TAB_PATHS[tab], current: tab === current }));
}

/** The column with a code, as the file has it. */
export function codeColumn<Row extends { readonly code: string }>(texts: SettingsTexts): Column<Row> {
  return { header: texts.code, cell: ({ code }) => codeText(code), nowrap: true };
}

export function codeText(text: string): SafeHtml {
  return html`<code class="bd-code-inline">${text}</code>`;
}
