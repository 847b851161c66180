import type { OrganizationNumber } from '@brevduva/protocol';
import type { ExternalDispatcher } from '../externalDispatcher.ts';
import type { Creditor } from '../invoice/creditor.ts';
import {
  type ChannelPolicy,
  type FirstPageRule,
  type FlowEnvelope,
  type FlowFacts,
  LANES,
  type Lane,
  type NotificationPolicy,
  type OrganisationFacts,
  type PdfAccessibilityRule,
  type SendWindow,
  type Sensitivity,
  type SupportInfo,
  type UnreadAction,
} from '../letter.ts';
import { DEFAULT_NOTICE, type NoticeSettings, type OrganisationNotices } from '../notices/noticeSettings.ts';
import type { PostalAddress } from '../paper/address.ts';
import type { EnvelopeKind, PrintLayout } from '../paper/printLayout.ts';
import type { PaperFormat } from '../paper/printSheet.ts';
import { DEFAULT_PRICES, type Prices } from '../prices.ts';

/** Columns of an organisation with one of its flows and its unit, as PostgreSQL gives them. */
export interface OrganisationColumns {
  organization_number: string;
  organisation_name: string;
  return_address: PostalAddress;
  support: SupportInfo;
  lane_weights: [number, number, number];
  prices: Omit<Prices, 'eInvoice'> | Prices | null;
  creditor: Creditor | null;
  print_layouts: PrintLayout[];
  dispatchers: ExternalDispatcher[];
  organisation_notices: OrganisationNotices | null;
}

/** Of `organisation o`. */
export const ORGANISATION_COLUMNS =
  'o.organization_number, o.name as organisation_name, o.return_address, o.support, o.lane_weights, o.prices, o.creditor, o.print_layouts, o.dispatchers, o.notices as organisation_notices';

export interface FlowColumns {
  flow_code: string;
  flow_name: string;
  channel_policy: ChannelPolicy;
  digital_hours: number;
  case_hours: number;
  postage_class: 'economy' | 'priority';
  print_layout: string | null;
  paper_format: PaperFormat;
  duplex: boolean;
  colour: boolean;
  first_page: FirstPageRule;
  envelope: FlowEnvelope;
  pdf_accessibility: PdfAccessibilityRule;
  print_shop_code: string | null;
  template_code: string | null;
  default_subject: string | null;
  sensitivity: Sensitivity;
  reply_allowed: boolean;
  retention_days: number;
  notification: NotificationPolicy;
  flow_notice: NoticeSettings | null;
  lifetime_hours: number | null;
  e_invoice: boolean;
  e_invoice_wait_hours: number | null;
  e_invoice_vat_percent: number | null;
  dispatcher: string | null;
  approval_over: number | null;
  flow_lane: number;
  send_window: SendWindow | null;
  scheduling_allowed: boolean;
  unread_days: number | null;
  unread_action: UnreadAction;
  unread_untold: 'case' | 'nothing';
  on_flagged_address: 'case' | 'send';
  flow_is_active: boolean;
  unit_code: string;
  unit_envelope_code: string | null;
  unit_envelope_sizes: EnvelopeKind[] | null;
  unit_name: string;
}

/** Of `flow f` with its `unit u`. */
export const FLOW_COLUMNS = `f.code as flow_code, f.name as flow_name, f.channel_policy, f.digital_hours, f.case_hours,
  f.postage_class, f.print_shop_code, f.print_layout, f.paper_format, f.duplex, f.colour, f.first_page, f.envelope, f.pdf_accessibility, f.template_code, f.default_subject, f.sensitivity, f.reply_allowed, f.retention_days, f.notification, f.notice as flow_notice,
  f.lifetime_hours, f.e_invoice, f.e_invoice_wait_hours, f.e_invoice_vat_percent, f.dispatcher, f.approval_over, f.lane as flow_lane, f.send_window, f.scheduling_allowed,
  f.unread_days, f.unread_action, f.unread_untold, f.on_flagged_address,
  f.is_active as flow_is_active, u.code as unit_code, u.name as unit_name, u.envelope_code as unit_envelope_code, u.envelope_sizes as unit_envelope_sizes`;

const NO_NOTICES: OrganisationNotices = { fromName: undefined, replyTo: undefined, smsHours: undefined };

export function organisationFacts(id: string, row: OrganisationColumns): OrganisationFacts {
  const [interactive, normal, bulk] = row.lane_weights;
  return {
    id,
    // Checked by the table; the database is inside the boundary.
    organizationNumber: row.organization_number as OrganizationNumber,
    name: row.organisation_name,
    returnAddress: row.return_address,
    support: row.support,
    laneWeights: { interactive, normal, bulk },
    // A price that the organisation had not heard of when it said the others.
    prices: { ...DEFAULT_PRICES, ...row.prices },
    creditor: row.creditor ?? undefined,
    printLayouts: row.print_layouts,
    dispatchers: row.dispatchers,
    notices: row.organisation_notices === null ? undefined : { ...NO_NOTICES, ...row.organisation_notices },
  };
}

export function flowFacts(row: FlowColumns): FlowFacts {
  return {
    code: row.flow_code,
    name: row.flow_name,
    unitCode: row.unit_code,
    unitName: row.unit_name,
    channelPolicy: row.channel_policy,
    digitalHours: row.digital_hours,
    caseHours: row.case_hours,
    postageClass: row.postage_class,
    printLayout: row.print_layout ?? undefined,
    paperFormat: row.paper_format,
    duplex: row.duplex,
    colour: row.colour,
    firstPage: row.first_page,
    envelope: row.envelope,
    unitEnvelope:
      row.unit_envelope_code === null
        ? undefined
        : { code: row.unit_envelope_code, sizes: row.unit_envelope_sizes ?? undefined },
    pdfAccessibility: row.pdf_accessibility,
    printShop: row.print_shop_code ?? undefined,
    templateCode: row.template_code ?? undefined,
    defaultSubject: row.default_subject ?? undefined,
    sensitivity: row.sensitivity,
    replyAllowed: row.reply_allowed,
    retentionDays: row.retention_days,
    notification: row.notification,
    // JSON leaves out what is undefined.
    notice: row.flow_notice === null ? undefined : { ...DEFAULT_NOTICE, ...row.flow_notice },
    lifetimeHours: row.lifetime_hours ?? undefined,
    eInvoice: row.e_invoice,
    eInvoiceWaitHours: row.e_invoice_wait_hours ?? undefined,
    eInvoiceVatPercent: row.e_invoice_vat_percent ?? undefined,
    dispatcher: row.dispatcher ?? undefined,
    approvalOver: row.approval_over ?? undefined,
    lane: laneOf(row.flow_lane),
    sendWindow: row.send_window ?? undefined,
    schedulingAllowed: row.scheduling_allowed,
    unreadDays: row.unread_days ?? undefined,
    unreadAction: row.unread_action,
    unreadUntold: row.unread_untold,
    onFlaggedAddress: row.on_flagged_address,
    isActive: row.flow_is_active,
  };
}

const LANE_NAMES = Object.keys(LANES) as Lane[];

/** The lane with the column's number. */
export function laneOf(number: number): Lane {
  const lane = LANE_NAMES.find((name) => LANES[name] === number);
  if (lane === undefined) throw new Error(`no lane ${number}`);
  return lane;
}
