import type { RecipientId, ServiceSupplier } from '@brevduva/protocol';
import type { EInvoiceAddress } from '../eInvoice/eInvoiceRegistry.ts';
import type { Invoice } from '../invoice/invoice.ts';
import type {
  AttachmentFacts,
  ChannelPolicy,
  ClaimedLetter,
  DigitalFailure,
  EInvoiceFailure,
  NoticeFailure,
  PrintFacts,
} from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';
import { chooseEnvelope } from '../paper/chooseEnvelope.ts';
import { STANDARD_LAYOUT } from '../paper/printLayout.ts';
import type { Channel, LetterState, StageName } from '../states.ts';
import { type FlowColumns, flowFacts, laneOf, type OrganisationColumns, organisationFacts } from './flowRow.ts';

/** The claim's row as PostgreSQL gives it; converted to the domain's type here and nowhere else. */
export interface ClaimedRow extends OrganisationColumns, FlowColumns {
  organisation_id: string;
  id: string;
  recipient: string;
  subject: string;
  language: string;
  reference: string | null;
  address: PostalAddress | null;
  protected_identity: boolean;
  body_content_type: string;
  body_hash: Buffer;
  signed_hash: Buffer | null;
  sealed_values: Buffer | null;
  sealed_contact: Buffer | null;
  notice_failures: NoticeFailure[];
  document_hash: Buffer | null;
  document_filename: string | null;
  notice_hash: Buffer | null;
  envelope_bytes: number;
  created_at: Date;
  expires_at: Date | null;
  letter_policy: ChannelPolicy | null;
  state: LetterState;
  stage: StageName;
  channel: Channel | null;
  lane: number;
  attempts: number;
  stage_entered_at: Date;
  digital_failure: DigitalFailure | null;
  lookups: number;
  supplier: ServiceSupplier | null;
  distribution_id: string | null;
  paper_ordered: boolean;
  print_hash: Buffer | null;
  print_facts: PrintFacts | null;
  invoice: Invoice | null;
  invoice_xml_hash: Buffer | null;
  e_invoice_address: EInvoiceAddress | null;
  e_invoice_failure: EInvoiceFailure | null;
  attachments: { filename: string; contentType: string; hash: string; plainBytes: number }[];
}

export function toClaimedLetter(row: ClaimedRow): ClaimedLetter {
  return {
    organisationId: row.organisation_id,
    id: row.id,
    // Validated when the letter was taken in; the database is inside the boundary.
    recipient: row.recipient as RecipientId,
    subject: row.subject,
    language: row.language,
    reference: row.reference ?? undefined,
    address: row.address ?? undefined,
    protectedIdentity: row.protected_identity,
    bodyContentType: row.body_content_type,
    bodyHash: row.body_hash,
    signedHash: row.signed_hash ?? undefined,
    sealedValues: row.sealed_values ?? undefined,
    sealedContact: row.sealed_contact ?? undefined,
    noticeFailures: row.notice_failures,
    document:
      row.document_hash === null ? undefined : { hash: row.document_hash, filename: row.document_filename ?? '' },
    noticeHash: row.notice_hash ?? undefined,
    attachments: row.attachments.map(toAttachment),
    invoice: row.invoice ?? undefined,
    invoiceXmlHash: row.invoice_xml_hash ?? undefined,
    eInvoiceAddress: row.e_invoice_address ?? undefined,
    eInvoiceFailure: row.e_invoice_failure ?? undefined,
    envelopeBytes: row.envelope_bytes,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    state: row.state,
    stage: row.stage,
    channel: row.channel ?? undefined,
    lane: laneOf(row.lane),
    attempts: row.attempts,
    stageEnteredAt: row.stage_entered_at,
    digitalFailure: row.digital_failure ?? undefined,
    lookups: row.lookups,
    supplier: row.supplier ?? undefined,
    distributionId: row.distribution_id ?? undefined,
    paperOrdered: row.paper_ordered,
    printHash: row.print_hash ?? undefined,
    print: row.print_facts === null ? undefined : { ...earlierFacts(row.print_facts.sheets), ...row.print_facts },
    organisation: organisationFacts(row.organisation_id, row),
    flow: { ...flowFacts(row), channelPolicy: row.letter_policy ?? row.channel_policy },
  };
}

function toAttachment(row: ClaimedRow['attachments'][number]): AttachmentFacts {
  const { filename, contentType, plainBytes } = row;
  return { filename, contentType, plainBytes, hash: Buffer.from(row.hash, 'hex') };
}

/** What letters that were composed before versions 0029 and 0032 did not say. */
function earlierFacts(sheets: number) {
  const chosen = chooseEnvelope(STANDARD_LAYOUT, sheets);
  return {
    ...{ firstPage: 'cover' as const, duplex: true, colour: false, envelope: chosen?.envelope.kind ?? 'C4' },
    ...{ weightGrams: chosen?.weightGrams ?? 0, postageStepGrams: chosen?.postageStepGrams ?? 0 },
  };
}
