import {
  badge,
  card,
  descriptionList,
  emptyState,
  formatNumber,
  html,
  link,
  type SafeHtml,
  section,
  stack,
  type Tone,
  table,
  time,
} from '@brevduva/ui';
import { loginNameOf } from '../../organisation/businessSystem.ts';
import {
  credentialCode,
  type OrganisationConfiguration,
  type SystemSettings,
} from '../../organisation/configuration.ts';
import { WAYS_IN } from '../../organisation/waysIn.ts';
import type { CredentialLine } from '../../sql/credentialList.ts';
import { details } from '../details.ts';
import type { ConsoleRequest } from '../shell.ts';
import { nameOf } from './flowsPage.ts';
import { codeColumn, codeText, flowHref, settingsDetailPage, settingsListPage, systemHref } from './frame.ts';
import { type SettingsTexts, settingsTexts } from './texts.ts';

/** What the database knows of the systems beside their configuration. */
export interface SystemUse {
  readonly lastSeenAt: ReadonlyMap<string, Date>;
  readonly credentials: readonly CredentialLine[];
}

/** The business systems, and when each was last seen. */
export function systemsPage(
  request: ConsoleRequest,
  { units, systems }: OrganisationConfiguration,
  use: SystemUse,
): string {
  const { lang, now } = request;
  const texts = settingsTexts(lang);
  const unitName = nameOf(units);
  const liveOf = (code: string) =>
    use.credentials.filter((one) => one.systemCode === code && stateOf(one, now) === 'live').length;
  const content = table({
    caption: texts.systems,
    captionHidden: true,
    rows: systems.toSorted((a, b) => a.name.localeCompare(b.name, 'sv')),
    empty: emptyState({ title: texts.noSystems, text: texts.noText, icon: 'building' }),
    columns: [
      { header: texts.name, cell: ({ code, name }) => link(name, systemHref(code)), rowHeader: true },
      codeColumn(texts),
      { header: texts.unit, cell: ({ unit }) => unitName(unit) },
      { header: texts.waysIn, cell: (system) => wayNames(system, texts) },
      { header: texts.liveCredentials, cell: ({ code }) => formatNumber(liveOf(code), lang), align: 'end' },
      { header: texts.lastSeen, cell: ({ code }) => when(use.lastSeenAt.get(code), request), nowrap: true },
    ],
  });
  return settingsListPage(request, 'systems', content);
}

/** One system: what it may send, how it comes in, by what it is known. */
export function systemPage(
  request: ConsoleRequest,
  configuration: OrganisationConfiguration,
  system: SystemSettings,
  use: SystemUse,
): string {
  const { lang } = request;
  const texts = settingsTexts(lang);
  const unitName = nameOf(configuration.units)(system.unit);
  const facts = [
    { term: texts.code, description: codeText(system.code) },
    { term: texts.loginName, description: codeText(loginNameOf(configuration.organisation.number, system.code)) },
    { term: texts.unit, description: unitName === '' ? texts.none : unitName },
    { term: texts.lane, description: texts[`lane_${system.lane}`] },
    { term: texts.lastSeen, description: when(use.lastSeenAt.get(system.code), request) },
    { term: texts.maySend, description: flowList(configuration, system, texts) },
    { term: texts.waysIn, description: wayNames(system, texts) },
  ];
  return settingsDetailPage(request, {
    tab: 'systems',
    title: system.name,
    lead: unitName,
    content: stack(
      card({ title: texts.settings, content: descriptionList(facts, { layout: 'columns' }) }),
      section({ title: texts.credentials, content: credentialTable(request, system.code, use) }),
      ...WAYS_IN.filter((way) => system.waysIn[way] !== undefined).map((way) =>
        section({
          title: texts[`way_${way}`],
          content: details({ ...system.waysIn[way] }, lang, { id: `vag-${way}`, label: texts[`way_${way}`] }),
        }),
      ),
    ),
  });
}

function flowList(
  { flows }: OrganisationConfiguration,
  system: SystemSettings,
  texts: SettingsTexts,
): SafeHtml | string {
  const flowName = nameOf(flows);
  if (system.flows.length === 0) return texts.none;
  return html`<ul class="bd-list">${system.flows.map((code) => html`<li>${link(flowName(code), flowHref(code))}</li>`)}</ul>`;
}

function wayNames({ waysIn }: SystemSettings, texts: SettingsTexts): string {
  const names = WAYS_IN.filter((way) => waysIn[way] !== undefined).map((way) => texts[`way_${way}`]);
  return [texts.restOnly, ...names].join(', ');
}

type CredentialState = 'live' | 'notYet' | 'ended' | 'revoked';

const STATE_TONES: Readonly<Record<CredentialState, Tone>> = {
  live: 'success',
  notYet: 'info',
  ended: 'warning',
  revoked: 'neutral',
};

function stateOf({ revokedAt, validFrom, validUntil }: CredentialLine, now: Date): CredentialState {
  if (revokedAt !== null) return 'revoked';
  if (validFrom !== null && validFrom > now) return 'notYet';
  return validUntil !== null && validUntil <= now ? 'ended' : 'live';
}

function credentialTable(request: ConsoleRequest, systemCode: string, { credentials }: SystemUse): SafeHtml {
  const { lang, now } = request;
  const texts = settingsTexts(lang);
  return table({
    caption: texts.credentials,
    captionHidden: true,
    rows: credentials.filter((one) => one.systemCode === systemCode),
    empty: emptyState({ title: texts.noCredentials, text: texts.noCredentialsText(systemCode), icon: 'lock' }),
    columns: [
      { header: texts.kind, cell: ({ kind }) => texts[`kind_${kind}`], rowHeader: true, nowrap: true },
      {
        header: texts.state,
        cell: (line) => {
          const state = stateOf(line, now);
          return badge({ text: texts[`credential_${state}`], tone: STATE_TONES[state] });
        },
        nowrap: true,
      },
      { header: texts.code, cell: (line) => codeText(credentialCode(line)), nowrap: true },
      { header: texts.label, cell: ({ label }) => label },
      { header: texts.created, cell: ({ createdAt }) => time(createdAt, lang, { style: 'date' }), nowrap: true },
      { header: texts.valid, cell: (line) => validity(line, request), nowrap: true },
      { header: texts.lastUsed, cell: ({ lastUsedAt }) => when(lastUsedAt ?? undefined, request), nowrap: true },
    ],
  });
}

function validity({ revokedAt, validFrom, validUntil }: CredentialLine, { lang }: ConsoleRequest): SafeHtml | string {
  const texts = settingsTexts(lang);
  if (revokedAt !== null) return html`${texts.revokedAt} ${time(revokedAt, lang, { style: 'date' })}`;
  if (validFrom === null && validUntil === null) return texts.untilFurther;
  const from = validFrom && html`${texts.validFrom} ${time(validFrom, lang, { style: 'date' })} `;
  const until = validUntil && html`${texts.validUntil} ${time(validUntil, lang, { style: 'date' })}`;
  return html`${from ?? ''}${until ?? ''}`;
}

function when(instant: Date | undefined, { lang, now }: ConsoleRequest): SafeHtml | string {
  return instant === undefined ? settingsTexts(lang).never : time(instant, lang, { style: 'relative', now });
}
