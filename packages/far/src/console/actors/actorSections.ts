import {
  badge,
  card,
  descriptionList,
  disclosure,
  emptyState,
  formatDate,
  formatRecipientId,
  html,
  link,
  linkButton,
  type SafeHtml,
  section,
  table,
  time,
} from '@brevduva/ui';
import type { ActorView } from '../../actors/readActor.ts';
import type { CertificateRow } from '../../sql/certificates.ts';
import type { ConsoleRequest } from '../shell.ts';
import { actorHref } from './actionPage.ts';
import { actorTexts } from './actorTexts.ts';
import { daysLeftBadge, purposeWords } from './actorWords.ts';

const FINGERPRINT_SHOWN = 16;

export function certificatesSection(request: ConsoleRequest, actor: ActorView): SafeHtml {
  const { lang } = request;
  const texts = actorTexts(lang);
  const inUse = actor.certificates.filter(({ retiredAt }) => retiredAt === null);
  const retired = actor.certificates.filter(({ retiredAt }) => retiredAt !== null);
  return section({
    title: texts.certificates,
    id: 'certifikat',
    actions: adding(request, actor, texts.addCertificate, 'nytt-certifikat'),
    content: html`${inUseTable(request, actor, inUse)}
${retired.length > 0 && disclosure({ summary: texts.retiredCertificates(String(retired.length)), content: retiredTable(request, retired) })}`,
  });
}

function inUseTable(request: ConsoleRequest, actor: ActorView, rows: readonly CertificateRow[]): SafeHtml {
  const { lang, now, mayChange } = request;
  const texts = actorTexts(lang);
  const href = `${actorHref(actor.organizationNumber)}/certifikat-ur-bruk`;
  return table({
    caption: texts.certificates,
    captionHidden: true,
    rows,
    empty: emptyState({ title: texts.certificatesEmpty, text: texts.certificatesEmptyText, icon: 'seal' }),
    columns: [
      { header: texts.subject, rowHeader: true, cell: identity },
      { header: texts.purposes, cell: ({ purposes }) => purposeWords(purposes, lang) },
      {
        header: texts.validTo,
        nowrap: true,
        cell: (row) => html`${time(row.validTo, lang, { style: 'date' })} ${daysLeftBadge(row, lang, now)}`,
      },
      ...(mayChange
        ? [
            {
              header: texts.actions,
              headerHidden: true,
              nowrap: true,
              cell: ({ fingerprint, validTo }: CertificateRow) =>
                linkButton({
                  text: texts.retire,
                  context: texts.retireContext(formatDate(validTo, lang)),
                  variant: 'tertiary',
                  href: `${href}/${fingerprint}`,
                }),
            },
          ]
        : []),
    ],
  });
}

function retiredTable(request: ConsoleRequest, rows: readonly CertificateRow[]): SafeHtml {
  const { lang } = request;
  const texts = actorTexts(lang);
  return table({
    caption: texts.retiredCertificates(String(rows.length)),
    captionHidden: true,
    rows,
    columns: [
      { header: texts.subject, rowHeader: true, cell: identity },
      { header: texts.endedReason, cell: ({ retiredReason }) => retiredReason },
      {
        header: texts.retire,
        cell: ({ retiredBy, retiredAt }) => retiredAt && texts.retiredBy(retiredBy ?? '', formatDate(retiredAt, lang)),
      },
    ],
  });
}

function identity({ subject, issuer, fingerprint }: CertificateRow): SafeHtml {
  const name = /CN=([^,]+)/.exec(subject)?.[1] ?? subject;
  const by = /CN=([^,]+)/.exec(issuer)?.[1] ?? issuer;
  return html`${name}<br><span class="bd-hint">${by} · <code>${fingerprint.slice(0, FINGERPRINT_SHOWN)}…</code></span>`;
}

export function servedSection(request: ConsoleRequest, actor: ActorView): SafeHtml {
  const { lang, mayChange } = request;
  const texts = actorTexts(lang);
  const href = `${actorHref(actor.organizationNumber)}/bort-avsandare`;
  return section({
    title: texts.servedSenders,
    id: 'avsandare',
    actions: adding(request, actor, texts.addServed, 'ny-avsandare'),
    content: table({
      caption: texts.servedSenders,
      captionHidden: true,
      rows: actor.servedSenders,
      empty: emptyState({ title: texts.servedEmpty, text: texts.servedEmptyText, icon: 'send' }),
      columns: [
        {
          header: texts.role_sender,
          rowHeader: true,
          cell: ({ sender, name, isAdmitted }) =>
            html`${link(name, actorHref(sender))}${!isAdmitted && html` ${badge({ text: texts.notLetIn, tone: 'warning' })}`}`,
        },
        { header: texts.organizationNumber, nowrap: true, cell: ({ sender }) => formatRecipientId(sender) },
        { header: texts.consent, cell: ({ consentReference }) => consentReference ?? texts.consentLoaded },
        {
          header: texts.recorded,
          cell: ({ recordedBy, recordedAt }) =>
            recordedAt && texts.retiredBy(recordedBy ?? '', formatDate(recordedAt, lang)),
        },
        ...(mayChange
          ? [
              {
                header: texts.actions,
                headerHidden: true,
                cell: ({ sender, name }: { sender: string; name: string }) =>
                  linkButton({ text: texts.remove, context: name, variant: 'tertiary', href: `${href}/${sender}` }),
              },
            ]
          : []),
      ],
    }),
  });
}

export function operatorSection(request: ConsoleRequest, actor: ActorView): SafeHtml | '' {
  const texts = actorTexts(request.lang);
  const { operator } = actor;
  if (operator === undefined) return '';
  return section({
    title: texts.operator,
    id: 'brevlada',
    actions: adding(request, actor, texts.changeOperator, 'adresser'),
    content: card({
      content: descriptionList([
        { term: texts.operatorName, description: operator.name },
        { term: texts.domain, description: operator.domain },
        { term: texts.serviceAddress, description: html`<code>${operator.serviceAddress}</code>` },
        {
          term: texts.uiAddress,
          description: operator.uiAddress === null ? texts.none : html`<code>${operator.uiAddress}</code>`,
        },
      ]),
    }),
  });
}

export function contactsCard(request: ConsoleRequest, actor: ActorView): SafeHtml {
  const texts = actorTexts(request.lang);
  const href = `${actorHref(actor.organizationNumber)}/bort-kontaktperson`;
  const people = actor.contacts.map(({ id, name, email, hasPersonalNumber }) => ({
    term: name,
    description: html`<a class="bd-link" href="${`mailto:${email}`}">${email}</a>${
      hasPersonalNumber && html`<br><span class="bd-hint">${texts.hasPersonalNumber}</span>`
    }${request.mayChange && html`<br>${link(html`${texts.remove}<span class="ds-sr-only"> ${name}</span>`, `${href}/${id}`)}`}`,
  }));
  return card({
    title: texts.contacts,
    content: people.length === 0 ? html`<p>${texts.contactsEmpty}</p>` : descriptionList(people, { layout: 'columns' }),
    ...(request.mayChange && {
      footer: linkButton({
        text: texts.fixContact,
        variant: 'secondary',
        href: `${actorHref(actor.organizationNumber)}/ny-kontaktperson`,
      }),
    }),
  });
}

function adding(request: ConsoleRequest, actor: ActorView, text: string, path: string): SafeHtml | false {
  const href = `${actorHref(actor.organizationNumber)}/${path}`;
  return request.mayChange && linkButton({ text, href, variant: 'secondary' });
}
