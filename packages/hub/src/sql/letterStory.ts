import { inSnapshot, type Pool, type Queryable } from '@brevduva/base';
import type { ServiceSupplier } from '@brevduva/protocol';
import type { Invoice } from '../invoice/invoice.ts';
import type { LetterKey, PrintFacts } from '../letter.ts';
import type { PostalAddress } from '../paper/address.ts';
import type { PrintOrderState } from '../printShop/printShop.ts';
import type { Channel, LetterState, StageName } from '../states.ts';
import type { CaseReason, RuleTried } from '../switch.ts';

/** Everything about one letter that a page or an answer shows; content is fetched apart. */
export interface LetterStory {
  readonly letter: StoryLetter;
  readonly attachments: readonly StoryAttachment[];
  readonly events: readonly StoryEvent[];
  readonly decisions: readonly StoryDecision[];
  readonly receipts: readonly StoryReceipt[];
  readonly openCase: StoryCase | undefined;
  /** Events left out between the first and the last: see STORY_EVENTS_MAX. */
  readonly eventsOmitted: number;
}

export interface StoryLetter {
  readonly id: string;
  readonly organisationId: string;
  readonly createdAt: Date;
  readonly recipient: string;
  /** Null when erased, as all that the letter held. */
  readonly subject: string | null;
  readonly reference: string | null;
  readonly language: string;
  readonly address: PostalAddress | null;
  readonly protectedIdentity: boolean;
  readonly invoice: Invoice | null;
  readonly state: LetterState;
  readonly stage: StageName | null;
  readonly channel: Channel | null;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly envelopeBytes: number;
  readonly bodyContentType: string;
  /** Null when erased. */
  readonly bodyHash: Buffer | null;
  readonly erasedAt: Date | null;
  readonly sealedValues: Buffer | null;
  readonly printHash: Buffer | null;
  readonly print: PrintFacts | null;
  /** Where it last went to be printed; null when no print shop has been asked. */
  readonly printOrder: {
    readonly batchId: string | null;
    readonly shop: string;
    readonly state: PrintOrderState;
  } | null;
  readonly supplier: ServiceSupplier | null;
  readonly flowCode: string;
  readonly flowName: string;
  readonly unitName: string;
  readonly systemName: string;
  /** The form that it answers. */
  readonly form: { readonly id: string; readonly name: string; readonly transactionId: string } | null;
}

export interface StoryAttachment {
  readonly position: number;
  readonly filename: string;
  readonly contentType: string;
  readonly hash: Buffer;
  readonly plainBytes: number;
  readonly pages: number;
}

export interface StoryEvent {
  readonly at: Date;
  readonly kind: string;
  readonly actor: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface StoryDecision {
  readonly at: Date;
  readonly question: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
  readonly rule: string;
  readonly channel: string;
  readonly reason: string;
  readonly tried: readonly RuleTried[];
}

export interface StoryReceipt {
  readonly at: Date;
  readonly channel: Channel;
  readonly delivered: boolean;
  readonly proof: Readonly<Record<string, unknown>>;
}

export interface StoryCase {
  readonly id: string;
  readonly letterId: string;
  readonly openedAt: Date;
  readonly reason: CaseReason;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly stage: StageName;
  readonly owner: string;
  readonly nextAction: string;
  readonly deadline: Date;
}

/** @returns the story, or undefined when the organisation has no such letter. */
export function selectLetterStory(pool: Pool, key: LetterKey): Promise<LetterStory | undefined> {
  // As of one instant: a letter that waits and a case that is open would contradict each other.
  return inSnapshot(pool, async (db) => {
    const letter = await selectLetter(db, key);
    if (letter === undefined) return undefined;
    const attachments = await selectAttachments(db, key);
    const { events, eventsOmitted } = await selectEvents(db, key);
    const decisions = await selectDecisions(db, key);
    const receipts = await selectReceipts(db, key);
    const openCase = await selectOpenCase(db, key);
    return { letter, attachments, events, eventsOmitted, decisions, receipts, openCase };
  });
}

async function selectLetter(db: Queryable, key: LetterKey): Promise<StoryLetter | undefined> {
  const { rows } = await db.query<StoryLetter>(
    `select l.id, l.organisation_id as "organisationId", l.created_at as "createdAt", l.recipient, l.subject, l.reference,
            l.language, l.address, l.protected_identity as "protectedIdentity", l.invoice, l.state, l.stage, l.channel, l.attempts,
            l.due_at as "dueAt", l.envelope_bytes as "envelopeBytes", l.body_content_type as "bodyContentType",
            l.body_hash as "bodyHash", l.erased_at as "erasedAt", l.sealed_values as "sealedValues", l.print_hash as "printHash", l.print_facts as "print", l.supplier,
            (select jsonb_build_object('batchId', p.batch_id, 'shop', p.shop_code, 'state', p.state) from print_batch_letter p
             where p.organisation_id = l.organisation_id and p.letter_id = l.id order by p.ordered_at desc limit 1) as "printOrder",
            f.code as "flowCode", f.name as "flowName", u.name as "unitName", b.name as "systemName",
            (select jsonb_build_object('id', m.id, 'name', m.product_name, 'transactionId', m.transaction_id) from form_message m
             where m.organisation_id = l.organisation_id and m.id = l.form_message_id) as form
     from letter l
     join flow f on f.organisation_id = l.organisation_id and f.id = l.flow_id
     join unit u on u.organisation_id = f.organisation_id and u.id = f.unit_id
     join business_system b on b.organisation_id = l.organisation_id and b.id = l.business_system_id
     where l.organisation_id = $1 and l.id = $2`,
    [key.organisationId, key.id],
  );
  return rows[0];
}

async function selectAttachments(db: Queryable, key: LetterKey): Promise<StoryAttachment[]> {
  const { rows } = await db.query<StoryAttachment>(
    `select position, filename, content_type as "contentType", hash, plain_bytes as "plainBytes", pages
     from attachment where organisation_id = $1 and letter_id = $2 order by position`,
    [key.organisationId, key.id],
  );
  return rows;
}

/** A letter that is tried again day after day shows its first events and its last, half of each. */
export const STORY_EVENTS_MAX = 200;

async function selectEvents(
  db: Queryable,
  key: LetterKey,
): Promise<{ events: readonly StoryEvent[]; eventsOmitted: number }> {
  const { rows } = await db.query<StoryEvent & { total: number }>(
    `select at, kind, actor, detail, total
     from (select *, count(*) over ()::integer as total, row_number() over (order by id) as n
           from letter_event where organisation_id = $1 and letter_id = $2) e
     where n <= $3 / 2 or n > total - $3 / 2 order by id`,
    [key.organisationId, key.id, STORY_EVENTS_MAX],
  );
  const events = rows.map(({ at, kind, actor, detail }) => ({ at, kind, actor, detail }));
  return { events, eventsOmitted: (rows[0]?.total ?? 0) - rows.length };
}

/** Each decision has its table, so only the latest are shown. */
const STORY_DECISIONS_MAX = 20;

async function selectDecisions(db: Queryable, key: LetterKey): Promise<StoryDecision[]> {
  const { rows } = await db.query<StoryDecision>(
    `select at, question, answer, rule, channel, reason, tried
     from decision where organisation_id = $1 and letter_id = $2 order by id desc limit $3`,
    [key.organisationId, key.id, STORY_DECISIONS_MAX],
  );
  return rows.reverse();
}

const STORY_RECEIPTS_MAX = 20;

async function selectReceipts(db: Queryable, key: LetterKey): Promise<StoryReceipt[]> {
  const { rows } = await db.query<StoryReceipt>(
    `select at, channel, delivered, proof
     from receipt where organisation_id = $1 and letter_id = $2 order by id desc limit $3`,
    [key.organisationId, key.id, STORY_RECEIPTS_MAX],
  );
  return rows.reverse();
}

async function selectOpenCase(db: Queryable, key: LetterKey): Promise<StoryCase | undefined> {
  const { rows } = await db.query<StoryCase>(
    `select id, letter_id as "letterId", opened_at as "openedAt", reason, detail, stage, owner, next_action as "nextAction",
            deadline
     from manual_case where organisation_id = $1 and letter_id = $2 and closed_at is null`,
    [key.organisationId, key.id],
  );
  return rows[0];
}
