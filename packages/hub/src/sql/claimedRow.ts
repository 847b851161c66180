import type { OrganizationNumber, RecipientId, ServiceSupplier } from '@brevduva/protocol';
import type {
  AttachmentFacts,
  ChannelPolicy,
  ClaimedLetter,
  DigitalFailure,
  PrintFacts,
  SupportInfo,
} from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';
import type { Channel, LetterState, StageName } from '../states.ts';

/** The claim's row as PostgreSQL gives it; converted to the domain's type here and nowhere else. */
export interface ClaimedRow {
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
  envelope_bytes: number;
  created_at: Date;
  state: LetterState;
  stage: StageName;
  channel: Channel | null;
  attempts: number;
  stage_entered_at: Date;
  digital_failure: DigitalFailure | null;
  lookups: number;
  supplier: ServiceSupplier | null;
  paper_ordered: boolean;
  print_hash: Buffer | null;
  print_facts: PrintFacts | null;
  organization_number: string;
  organisation_name: string;
  return_address: PostalAddress;
  support: SupportInfo;
  flow_code: string;
  flow_name: string;
  channel_policy: ChannelPolicy;
  digital_hours: number;
  case_hours: number;
  postage_class: 'economy' | 'priority';
  unit_code: string;
  unit_name: string;
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
    attachments: row.attachments.map(toAttachment),
    envelopeBytes: row.envelope_bytes,
    createdAt: row.created_at,
    state: row.state,
    stage: row.stage,
    channel: row.channel ?? undefined,
    attempts: row.attempts,
    stageEnteredAt: row.stage_entered_at,
    digitalFailure: row.digital_failure ?? undefined,
    lookups: row.lookups,
    supplier: row.supplier ?? undefined,
    paperOrdered: row.paper_ordered,
    printHash: row.print_hash ?? undefined,
    print: row.print_facts ?? undefined,
    organisation: {
      id: row.organisation_id,
      organizationNumber: row.organization_number as OrganizationNumber,
      name: row.organisation_name,
      returnAddress: row.return_address,
      support: row.support,
    },
    flow: {
      code: row.flow_code,
      name: row.flow_name,
      unitCode: row.unit_code,
      unitName: row.unit_name,
      channelPolicy: row.channel_policy,
      digitalHours: row.digital_hours,
      caseHours: row.case_hours,
      postageClass: row.postage_class,
    },
  };
}

function toAttachment(row: ClaimedRow['attachments'][number]): AttachmentFacts {
  const { filename, contentType, plainBytes } = row;
  return { filename, contentType, plainBytes, hash: Buffer.from(row.hash, 'hex') };
}
