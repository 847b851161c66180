import {
  alert,
  type Brand,
  card,
  descriptionList,
  emptyState,
  formatDateTime,
  formatNumber,
  formatRecipientId,
  html,
  join,
  type Language,
  link,
  page,
  pageHeading,
  type SafeHtml,
  section,
  stats,
  table,
} from '@brevduva/ui';
import type { AccountStatistics } from '../accountStatistics.ts';
import type { DispatcherRow, OperatorRow, OrganizationRow } from '../sql/organizations.ts';
import { texts } from './texts.ts';

/** All of it is public: no account and no recipient is among it. */
export interface StartPageFacts {
  senders: readonly OrganizationRow[];
  dispatchers: readonly DispatcherRow[];
  operators: readonly OperatorRow[];
  statistics: AccountStatistics;
  soapUrl: string;
  wsdlHref: string;
  operations: readonly string[];
  recipientIdsMax: number;
  isDevelopmentRegister: boolean;
  /** For the register owner's staff; absent where it cannot log in. */
  loginHref?: string | undefined;
}

export function brand(lang: Language): Brand {
  return { name: texts(lang).brandName, home: '/', theme: 'slate' };
}

/** The register's only page for visitors: what it is, who is connected, how a system asks. */
export function startPage(facts: StartPageFacts, { lang, nonce }: { lang: Language; nonce: string }): string {
  const text = texts(lang);
  return page({
    lang,
    nonce,
    title: text.title,
    brand: brand(lang),
    notices: facts.isDevelopmentRegister
      ? [alert({ tone: 'warning', title: text.developmentTitle, content: text.developmentText })]
      : [],
    languageHref: (language) => `/?lang=${language}`,
    ...(facts.loginHref && { footer: html`<p>${link(text.login, facts.loginHref)}</p>` }),
    content: html`${pageHeading({ lang, title: text.title, lead: text.lead })}
${figures(facts, lang)}
${section({ title: text.accountsPerOperator, content: accountTable(facts, lang) })}
${section({ title: text.operators, content: operatorTable(facts, lang) })}
${section({ title: text.dispatchers, content: dispatcherTable(facts, lang) })}
${section({ title: text.senders, content: senderTable(facts, lang) })}
${contractCard(facts, lang)}`,
  });
}

function figures({ senders, dispatchers, operators, statistics }: StartPageFacts, lang: Language): SafeHtml {
  const text = texts(lang);
  return stats([
    {
      label: text.accounts,
      value: formatNumber(statistics.total, lang),
      note: text.countedAt(formatDateTime(statistics.countedAt, lang)),
    },
    { label: text.operators, value: formatNumber(operators.length, lang) },
    { label: text.dispatchers, value: formatNumber(dispatchers.length, lang) },
    { label: text.senders, value: formatNumber(senders.length, lang) },
  ]);
}

function accountTable({ statistics, operators }: StartPageFacts, lang: Language): SafeHtml {
  const text = texts(lang);
  const names = new Map<number | null, string>(operators.map((operator) => [operator.id, operator.name]));
  const nameOf = (id: number | null) => names.get(id) ?? text.withoutOperator;
  return table({
    caption: text.accountsPerOperator,
    captionHidden: true,
    columns: [
      { header: text.operator, rowHeader: true, cell: (row) => nameOf(row.operatorId) },
      { header: text.active, align: 'end', cell: (row) => formatNumber(row.active, lang) },
      { header: text.pending, align: 'end', cell: (row) => formatNumber(row.pending, lang) },
    ],
    rows: [...statistics.perOperator].sort((a, b) => nameOf(a.operatorId).localeCompare(nameOf(b.operatorId), 'sv')),
    empty: emptyState({ title: text.noAccounts }),
  });
}

function operatorTable({ operators }: StartPageFacts, lang: Language): SafeHtml {
  const text = texts(lang);
  return table({
    caption: text.operators,
    captionHidden: true,
    columns: [
      { header: text.name, rowHeader: true, cell: (row) => row.name },
      numberColumn(lang),
      { header: text.domain, cell: (row) => row.domain },
      { header: text.serviceAddress, cell: (row) => html`<code>${row.serviceAddress}</code>` },
      {
        header: text.mailbox,
        cell: (row) => row.uiAddress !== null && html`<a href="${row.uiAddress}">${text.opensMailbox(row.name)}</a>`,
      },
    ],
    rows: operators,
    empty: emptyState({ title: text.noOperators }),
  });
}

function dispatcherTable({ dispatchers, senders }: StartPageFacts, lang: Language): SafeHtml {
  const text = texts(lang);
  const names = new Map(senders.map((sender) => [sender.organizationNumber, sender.name]));
  return table({
    caption: text.dispatchers,
    captionHidden: true,
    columns: [
      { header: text.name, rowHeader: true, cell: (row) => row.name },
      numberColumn(lang),
      {
        header: text.serves,
        cell: (row) =>
          join(
            row.senders.map((number) => names.get(number) ?? number),
            ', ',
          ),
      },
    ],
    rows: dispatchers,
    empty: emptyState({ title: text.noDispatchers }),
  });
}

function senderTable({ senders }: StartPageFacts, lang: Language): SafeHtml {
  const text = texts(lang);
  return table({
    caption: text.senders,
    captionHidden: true,
    columns: [{ header: text.name, rowHeader: true, cell: (row) => row.name }, numberColumn(lang)],
    rows: senders,
    empty: emptyState({ title: text.noSenders }),
  });
}

function numberColumn(lang: Language) {
  return {
    header: texts(lang).organizationNumber,
    nowrap: true,
    cell: (row: OrganizationRow) => formatRecipientId(row.organizationNumber),
  };
}

function contractCard(facts: StartPageFacts, lang: Language): SafeHtml {
  const text = texts(lang);
  const items = [
    { term: text.serviceUrl, description: html`<code>${facts.soapUrl}</code>` },
    { term: text.operationsOffered, description: html`<code>${facts.operations.join(', ')}</code>` },
    { term: text.maxIds, description: formatNumber(facts.recipientIdsMax, lang) },
    { term: text.serviceDescription, description: html`<a href="${facts.wsdlHref}">${text.wsdlLink}</a>` },
  ];
  return card({ title: text.contract, content: html`<p>${text.contractText}</p>${descriptionList(items)}` });
}
