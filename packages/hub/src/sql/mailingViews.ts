import type { Queryable } from '@brevduva/base';
import type { OrganizationNumber } from '@brevduva/protocol';
import { dispatcherOf, type ExternalDispatcher } from '../externalDispatcher.ts';
import type { ChannelPolicy, FlowFacts } from '../letter.ts';
import type { Mailing, MailingEventKind, MailingKey } from '../mailing/mailing.ts';
import { DEFAULT_NOTICE, type NoticeSettings } from '../notices/noticeSettings.ts';
import type { PaperFormat } from '../paper/printSheet.ts';
import type { Prices } from '../prices.ts';
import { DEFAULT_PRICES } from '../prices.ts';
import { type AttachmentRow, selectMailing } from './mailings.ts';

/** A mailing with everything that its page shows. */
export interface MailingStory {
  readonly mailing: Mailing;
  readonly unitName: string;
  readonly systemName: string;
  readonly systemCode: string;
  readonly language: string;
  readonly bodyContentType: string;
  /** Undefined when cancelled or erased: nothing is left of the content. */
  readonly bodyHash: Buffer | undefined;
  /** When the flow's retention rule erased the content. */
  readonly erasedAt: Date | null;
  readonly attachments: readonly AttachmentRow[];
  /** Oldest first. */
  readonly events: readonly MailingEvent[];
}

export interface MailingEvent {
  /** Grows with each event of the mailing. */
  readonly id: string;
  readonly at: Date;
  readonly kind: MailingEventKind;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface StoryColumns {
  unitName: string;
  systemName: string;
  systemCode: string;
  language: string;
  bodyContentType: string;
  bodyHash: Buffer | null;
  erasedAt: Date | null;
}

export async function selectMailingStory(db: Queryable, key: MailingKey): Promise<MailingStory | undefined> {
  const { organisationId, id } = key;
  const mailing = await selectMailing(db, key);
  if (mailing === undefined) return undefined;
  const [own, attachments, events] = [
    await db.query<StoryColumns>(
      `select u.name as "unitName", b.name as "systemName", b.code as "systemCode", m.language, m.body_content_type as "bodyContentType",
         m.body_hash as "bodyHash", m.erased_at as "erasedAt"
       from mailing m
       join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
       join unit u on u.organisation_id = f.organisation_id and u.id = f.unit_id
       join business_system b on b.organisation_id = m.organisation_id and b.id = m.business_system_id
       where m.organisation_id = $1 and m.id = $2`,
      [organisationId, id],
    ),
    await db.query<AttachmentRow>(
      `select filename, content_type as "contentType", hash, plain_bytes as "plainBytes", pages
       from mailing_attachment where organisation_id = $1 and mailing_id = $2 order by position`,
      [organisationId, id],
    ),
    await db.query<MailingEvent>(
      `select id::text, at, kind, actor, detail from mailing_event
       where organisation_id = $1 and mailing_id = $2 order by id limit $3`,
      [organisationId, id, EVENTS_MAX],
    ),
  ];
  const [row] = own.rows;
  if (row === undefined) return undefined;
  return { mailing, ...row, bodyHash: row.bodyHash ?? undefined, attachments: attachments.rows, events: events.rows };
}

/** A mailing has a handful; against one that is sent back and asked for without end. */
const EVENTS_MAX = 1_000;

/** The last released mailing to exactly the recipients that this one has now. */
export async function selectSentBefore(
  db: Queryable,
  { organisationId, id }: MailingKey,
): Promise<Mailing['sentBefore']> {
  const { rows } = await db.query<{ id: string; name: string; at: Date }>(
    `select id, name, committed_at as at from mailing
     where organisation_id = $1 and id <> $2 and state = 'committed' and list_hash = (
       select sha256(convert_to(string_agg(recipient, ',' order by recipient), 'UTF8')) from mailing_recipient
       where organisation_id = $1 and mailing_id = $2)
     order by committed_at desc limit 1`,
    [organisationId, id],
  );
  return rows[0];
}

/** How many mailings wait for somebody's yes. */
export async function countAwaiting(db: Queryable, organisationId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from mailing where organisation_id = $1 and state = 'awaitingApproval'`,
    [organisationId],
  );
  return rows[0]?.count ?? 0;
}

/** How many there are in the list. */
export async function countMailings(
  db: Queryable,
  organisationId: string,
  state: Mailing['state'] | undefined,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from mailing where organisation_id = $1 and ($2::text is null or state = $2)',
    [organisationId, state ?? null],
  );
  return rows[0]?.count ?? 0;
}

/** What a forecast is made of. */
export interface ForecastFacts {
  readonly organizationNumber: OrganizationNumber;
  readonly prices: Prices;
  readonly policy: ChannelPolicy;
  readonly flow: Pick<FlowFacts, 'code' | 'eInvoice' | 'notification' | 'notice'>;
  readonly postageClass: 'economy' | 'priority';
  readonly paperFormat: PaperFormat;
  readonly dispatcher: ExternalDispatcher | undefined;
}

export async function selectForecastFacts(
  db: Queryable,
  { organisationId, id }: MailingKey,
): Promise<ForecastFacts | undefined> {
  const { rows } = await db.query<ForecastRow>(
    `select o.organization_number as "organizationNumber", o.prices, coalesce(m.channel_policy, f.channel_policy) as policy,
       jsonb_build_object('code', f.code, 'eInvoice', f.e_invoice, 'notification', f.notification, 'notice', f.notice) as flow, f.postage_class as "postageClass", f.paper_format as "paperFormat",
       f.dispatcher as "dispatcherCode", o.dispatchers
     from mailing m
     join organisation o on o.id = m.organisation_id
     join flow f on f.organisation_id = m.organisation_id and f.id = m.flow_id
     where m.organisation_id = $1 and m.id = $2`,
    [organisationId, id],
  );
  return rows.map(({ dispatchers, dispatcherCode, prices, flow, ...row }) => {
    const notice = flow.notice === null ? undefined : { ...DEFAULT_NOTICE, ...flow.notice };
    const dispatcher = dispatcherOf({
      organisation: { dispatchers },
      flow: { dispatcher: dispatcherCode ?? undefined },
    });
    return { ...row, flow: { ...flow, notice }, dispatcher, prices: { ...DEFAULT_PRICES, ...prices } };
  })[0];
}

interface ForecastRow extends Omit<ForecastFacts, 'prices' | 'dispatcher' | 'flow'> {
  flow: Omit<ForecastFacts['flow'], 'notice'> & { notice: NoticeSettings | null };
  prices: Prices | null;
  dispatcherCode: string | null;
  dispatchers: ExternalDispatcher[];
}

/** A recipient as a forecast sees it. */
export interface ForecastRecipient {
  readonly id: string;
  readonly recipient: string;
  readonly protectedIdentity: boolean;
  readonly hasAddress: boolean;
  readonly sealedContact: Buffer | null;
  readonly envelopeBytes: number;
  readonly reference: string | undefined;
  readonly isInvoice: boolean;
  /** Of all its attachments. */
  readonly attachmentPages: number;
}

/** A set of the mailing's recipients: those after an id, in the order of ids. */
export async function selectForecastRecipients(
  db: Queryable,
  { organisationId, id }: MailingKey,
  after: string | undefined,
  limit: number,
): Promise<ForecastRecipient[]> {
  const { rows } = await db.query<ForecastRecipient>(
    `select r.id, r.recipient, r.protected_identity as "protectedIdentity", r.address is not null as "hasAddress", r.sealed_contact as "sealedContact",
       r.envelope_bytes as "envelopeBytes", r.reference, r.invoice is not null as "isInvoice",
       (coalesce((select sum(pages) from mailing_attachment a where a.organisation_id = $1 and a.mailing_id = $2), 0)
         + coalesce((select sum(pages) from mailing_recipient_attachment a
             where a.organisation_id = $1 and a.mailing_id = $2 and a.recipient_id = r.id), 0)
         + case when r.body_hash is null
             then (select document_pages from mailing where organisation_id = $1 and id = $2) else 0 end)::integer as "attachmentPages"
     from mailing_recipient r
     where r.organisation_id = $1 and r.mailing_id = $2 and ($3::uuid is null or r.id > $3)
     order by r.id limit $4`,
    [organisationId, id, after ?? null, limit],
  );
  return rows.map((row) => ({ ...row, reference: row.reference ?? undefined }));
}
