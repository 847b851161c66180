import {
  badge,
  card,
  type Description,
  descriptionList,
  emptyState,
  formatNumber,
  grid,
  html,
  type Language,
  link,
  type SafeHtml,
  table,
} from '@brevduva/ui';
import { OWN_DISPATCH } from '../../externalDispatcher.ts';
import type { SendWindow } from '../../letter.ts';
import { noticeOf } from '../../notices/noticeSettings.ts';
import type { FlowSettings, OrganisationConfiguration } from '../../organisation/configuration.ts';
import { STANDARD_LAYOUT } from '../../paper/printLayout.ts';
import type { ConsoleRequest } from '../shell.ts';
import { codeColumn, codeText, flowHref, settingsDetailPage, settingsListPage, systemHref } from './frame.ts';
import { type SettingsTexts, settingsTexts } from './texts.ts';

/** The kinds of letters. */
export function flowsPage(request: ConsoleRequest, { units, flows }: OrganisationConfiguration): string {
  const { lang } = request;
  const texts = settingsTexts(lang);
  const unitName = nameOf(units);
  const content = table({
    caption: texts.flows,
    captionHidden: true,
    rows: flows.toSorted((a, b) => a.name.localeCompare(b.name, 'sv')),
    empty: emptyState({ title: texts.noFlows, text: texts.noText, icon: 'letter' }),
    columns: [
      { header: texts.name, cell: ({ code, name }) => link(name, flowHref(code)), rowHeader: true },
      codeColumn(texts),
      { header: texts.unit, cell: ({ unit }) => unitName(unit) },
      { header: texts.channel, cell: ({ channelPolicy }) => texts[`policy_${channelPolicy}`] },
      { header: texts.lane, cell: ({ lane }) => texts[`lane_${lane}`], nowrap: true },
      {
        header: texts.retention,
        cell: ({ retentionDays }) => texts.days(formatNumber(retentionDays, lang)),
        nowrap: true,
      },
    ],
  });
  return settingsListPage(request, 'flows', content);
}

/** Everything about one flow. */
export function flowPage(
  request: ConsoleRequest,
  configuration: OrganisationConfiguration,
  flow: FlowSettings,
): string {
  const { lang } = request;
  const texts = settingsTexts(lang);
  const unitName = nameOf(configuration.units)(flow.unit);
  const senders = configuration.systems.filter(({ flows }) => flows.includes(flow.code));
  return settingsDetailPage(request, {
    tab: 'flows',
    title: flow.name,
    lead: unitName,
    content: grid([
      card({ title: texts.cardWay, content: descriptionList(channelFacts(flow, lang, texts)) }),
      ...(flow.channelPolicy === 'digitalOnly'
        ? []
        : [card({ title: texts.cardPaper, content: descriptionList(paperFacts(flow, configuration, texts)) })]),
      card({ title: texts.cardTime, content: descriptionList(timeFacts(flow, lang, texts)) }),
      card({ title: texts.cardContent, content: descriptionList(contentFacts(flow, lang, texts)) }),
      ...(flow.notification === 'none'
        ? []
        : [card({ title: texts.cardNotice, content: descriptionList(noticeFacts(flow, lang, texts)) })]),
      card({ title: texts.sentBy, content: systemList(senders, texts) }),
    ]),
  });
}

function channelFacts(flow: FlowSettings, lang: Language, texts: SettingsTexts): Description[] {
  return [
    { term: texts.code, description: codeText(flow.code) },
    { term: texts.channel, description: texts[`policy_${flow.channelPolicy}`] },
    { term: texts.digitalHours, description: texts.hours(formatNumber(flow.digitalHours, lang)) },
    { term: texts.eInvoice, description: eInvoiceText(flow, lang, texts) },
    { term: texts.dispatcher, description: dispatcherText(flow, texts) },
    { term: texts.notification, description: texts[`notification_${flow.notification}`] },
    { term: texts.caseHours, description: texts.hours(formatNumber(flow.caseHours, lang)) },
    { term: texts.unread, description: unreadText(flow, lang, texts) },
  ];
}

function paperFacts(
  flow: FlowSettings,
  { organisation, units, printShops }: OrganisationConfiguration,
  texts: SettingsTexts,
): Description[] {
  const layout = organisation.printLayouts.find(({ code }) => code === flow.printLayout) ?? STANDARD_LAYOUT;
  const shop = printShops.find(({ code }) => code === flow.printShop);
  const isCard = flow.paperFormat === 'postcard';
  return [
    { term: texts.paperFormat, description: texts[`paperFormat_${flow.paperFormat}`] },
    { term: texts.postageClass, description: texts[`postage_${flow.postageClass}`] },
    ...(isCard ? [] : letterFacts(flow, units, layout.name, texts)),
    { term: texts.colour, description: flow.colour ? texts.yes : texts.no },
    ...(shop === undefined ? [] : [{ term: texts.printShop, description: shop.name }]),
  ];
}

function letterFacts(
  { unit: unitCode, envelope, firstPage, duplex }: FlowSettings,
  units: OrganisationConfiguration['units'],
  layout: string,
  texts: SettingsTexts,
): Description[] {
  const unit = units.find(({ code }) => code === unitCode);
  const sizes = unit?.envelopeSizes?.join(', ') ?? '';
  const own = texts.envelope_barcode([unit?.envelopeCode ?? '', sizes].filter((part) => part !== '').join(', '));
  return [
    { term: texts.printLayout, description: layout },
    { term: texts.firstPage, description: texts[`firstPage_${firstPage}`] },
    { term: texts.envelope, description: envelope === 'barcode' ? own : texts.envelope_window },
    { term: texts.duplex, description: duplex ? texts.yes : texts.no },
  ];
}

function dispatcherText({ dispatcher }: FlowSettings, texts: SettingsTexts): string | SafeHtml {
  if (dispatcher === undefined) return texts.dispatcherOfAll;
  return dispatcher === OWN_DISPATCH ? texts.dispatcherOwn : codeText(dispatcher);
}

function noticeFacts(flow: FlowSettings, lang: Language, texts: SettingsTexts): Description[] {
  const { channels, failure, smsHours, smsPartsMax, forbiddenWords, linkDomains } = noticeOf(flow);
  const isAlone = flow.notification === 'noticeOnly';
  // Beside a letter, the mailbox is the letter's own way.
  const used = channels.filter((channel) => isAlone || channel !== 'mailbox');
  const hours = smsHours === undefined ? texts.smsHoursOrganisation : windowText(smsHours, texts);
  return [
    { term: texts.noticeChannels, description: used.map((channel) => texts[`noticeChannel_${channel}`]).join(', ') },
    { term: texts.noticeFailure, description: texts[`noticeFailure_${isAlone ? failure : 'none'}`] },
    { term: texts.smsHours, description: hours },
    ...(isAlone
      ? [
          { term: texts.smsPartsMax, description: formatNumber(smsPartsMax, lang) },
          { term: texts.forbiddenWords, description: forbiddenWords.join(', ') || texts.none },
          { term: texts.linkDomains, description: linkDomains.join(', ') || texts.noLinks },
        ]
      : []),
  ];
}

function eInvoiceText(
  { eInvoice, eInvoiceVatPercent, eInvoiceWaitHours }: FlowSettings,
  lang: Language,
  texts: SettingsTexts,
): string {
  if (!eInvoice) return texts.no;
  const written =
    eInvoiceVatPercent === undefined ? texts.eInvoiceHandedIn : texts.eInvoiceVat(`${eInvoiceVatPercent}`);
  const waits = eInvoiceWaitHours !== undefined && texts.eInvoiceWaits(formatNumber(eInvoiceWaitHours, lang));
  return [texts.yes, written, ...(waits === false ? [] : [waits])].join(', ');
}

function timeFacts(flow: FlowSettings, lang: Language, texts: SettingsTexts): Description[] {
  const { lifetimeHours, approvalOver } = flow;
  return [
    { term: texts.lane, description: texts[`lane_${flow.lane}`] },
    { term: texts.sendWindow, description: windowText(flow.sendWindow, texts) },
    { term: texts.scheduling, description: flow.schedulingAllowed ? texts.yes : texts.no },
    {
      term: texts.lifetime,
      description: lifetimeHours === undefined ? texts.forever : texts.hours(formatNumber(lifetimeHours, lang)),
    },
    { term: texts.approval, description: approvalText(approvalOver, lang, texts) },
  ];
}

function contentFacts(flow: FlowSettings, lang: Language, texts: SettingsTexts): Description[] {
  const isSensitive = flow.sensitivity === 'sensitive';
  const sensitivity = texts[`sensitivity_${flow.sensitivity}`];
  return [
    { term: texts.sensitivity, description: isSensitive ? badge({ text: sensitivity, tone: 'warning' }) : sensitivity },
    { term: texts.template, description: flow.templateCode === undefined ? texts.none : codeText(flow.templateCode) },
    { term: texts.defaultSubject, description: flow.defaultSubject ?? texts.none },
    { term: texts.replyAllowed, description: flow.replyAllowed ? texts.yes : texts.no },
    { term: texts.retention, description: texts.days(formatNumber(flow.retentionDays, lang)) },
    { term: texts.pdfAccessibility, description: texts[`pdfAccessibility_${flow.pdfAccessibility}`] },
  ];
}

function unreadText({ unreadDays, unreadAction }: FlowSettings, lang: Language, texts: SettingsTexts): string {
  if (unreadDays === undefined || unreadAction === 'nothing') return texts.unread_nothing;
  return texts[`unread_${unreadAction}`](formatNumber(unreadDays, lang));
}

function approvalText(over: number | undefined, lang: Language, texts: SettingsTexts): string {
  if (over === undefined) return texts.approvalNever;
  return over === 0 ? texts.approvalAlways : texts.approvalOver(formatNumber(over, lang));
}

/** When, in words: `Mån–fre 08:00–16:00`. */
export function windowText(window: SendWindow | undefined, texts: SettingsTexts): string {
  if (window === undefined) return texts.anyTime;
  const { from, to, weekdays } = window;
  return texts.window(weekdays.length === 7 ? texts.everyDay : dayRanges(weekdays, texts), from, to);
}

/** Mån–fre, sön. */
function dayRanges(weekdays: readonly number[], texts: SettingsTexts): string {
  const name = (day: number) => texts[`weekday_${day as 1}`];
  const starts = weekdays.filter((day) => !weekdays.includes(day - 1));
  return starts
    .map((start) => {
      const end =
        weekdays.findLast(
          (day) => weekdays.slice(weekdays.indexOf(start), weekdays.indexOf(day) + 1).length === day - start + 1,
        ) ?? start;
      return start === end ? name(start) : `${name(start)}–${name(end)}`;
    })
    .join(', ');
}

function systemList(systems: readonly { code: string; name: string }[], texts: SettingsTexts): SafeHtml {
  if (systems.length === 0) return html`<p>${texts.none}</p>`;
  return html`<ul class="bd-list">${systems.map(({ code, name }) => html`<li>${link(name, systemHref(code))}</li>`)}</ul>`;
}

/** Names by code. */
export function nameOf(items: readonly { code: string; name: string }[]): (code: string | undefined) => string {
  const names = new Map(items.map(({ code, name }) => [code, name]));
  return (code) => (code === undefined ? '' : (names.get(code) ?? code));
}
