import { newId, type Queryable } from '@brevduva/base';
import { CASE_REASONS } from '../caseReasons.ts';
import type { ClaimedLetter } from '../letter.ts';
import type { StageResult } from '../stages/stage.ts';
import type { NextStep } from '../transition.ts';
import { joinBytes } from './joinBytes.ts';
import { ARRIVED_HOURS } from './recipientNotices.ts';

export interface StepTaken {
  readonly result: StageResult;
  readonly next: NextStep;
}

/**
 * Writes what a stage found about a set of letters, with one statement: the letters' new places, their events, decisions, sealed
 * bytes, receipts and cases stand or fall together. Fenced by the lease: a letter that another node has taken since gets nothing.
 *
 * @returns the ids of the letters written; those missing had lost their lease.
 */
export async function writeBack(db: Queryable, leaseId: string, steps: readonly StepTaken[]): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'writeBack',
    text: `with moved as (
       update letter l
       set state = i.state, stage = i.stage, channel = i.channel, due_at = now() + i.due_in_ms * interval '1 millisecond',
           lease_id = null, lease_node = null, updated_at = now(), digital_failure = i.digital_failure,
           attempts = case when i.fresh then 0 else l.attempts end,
           stage_entered_at = case when i.fresh then now() else l.stage_entered_at end,
           lookups = coalesce(i.lookups, l.lookups), supplier = coalesce(i.supplier, l.supplier),
           distribution_id = coalesce(i.distribution_id, l.distribution_id),
           print_hash = coalesce(decode(i.print_hash, 'hex'), l.print_hash),
           print_facts = coalesce(i.print_facts, l.print_facts), address = coalesce(i.address, l.address),
           protected_identity = l.protected_identity or i.protected_identity,
           e_invoice_address = coalesce(i.e_invoice_address, l.e_invoice_address),
           e_invoice_failure = coalesce(i.e_invoice_failure, l.e_invoice_failure),
           invoice_xml_hash = coalesce(decode(i.invoice_xml_hash, 'hex'), l.invoice_xml_hash),
           envelope_bytes = coalesce(i.envelope_bytes, l.envelope_bytes),
           notice_failures = case when i.notice_failure is null then l.notice_failures else l.notice_failures || i.notice_failure end,
           document_hash = case when i.envelope_bytes is null then l.document_hash end
       from jsonb_to_recordset($2::jsonb) as i (organisation_id uuid, id uuid, state text, stage text, channel text,
            due_in_ms bigint, fresh boolean, digital_failure text, lookups integer, supplier jsonb, distribution_id text, print_hash text,
            print_facts jsonb, address jsonb, protected_identity boolean, envelope_bytes integer, e_invoice_address jsonb,
            e_invoice_failure text, invoice_xml_hash text, notice_failure jsonb)
       where l.organisation_id = i.organisation_id and l.id = i.id and l.lease_id = $1
       returning l.organisation_id, l.id
     ), events as (
       insert into letter_event (organisation_id, letter_id, kind, actor, detail)
       select m.organisation_id, m.id, e.kind, 'system', e.detail
       from jsonb_to_recordset($3::jsonb) as e (n integer, letter_id uuid, kind text, detail jsonb)
       join moved m on m.id = e.letter_id order by e.n
     ), decisions as (
       insert into decision (organisation_id, letter_id, question, answer, rule, channel, reason, tried)
       select m.organisation_id, m.id, d.question, d.answer, d.rule, d.channel, d.reason, d.tried
       from jsonb_to_recordset($4::jsonb) as d (letter_id uuid, question jsonb, answer jsonb, rule text, channel text,
            reason text, tried jsonb)
       join moved m on m.id = d.letter_id
     ), receipts as (
       insert into receipt (organisation_id, letter_id, channel, delivered, proof)
       select m.organisation_id, m.id, r.channel, r.delivered, r.proof
       from jsonb_to_recordset($5::jsonb) as r (letter_id uuid, channel text, delivered boolean, proof jsonb)
       join moved m on m.id = r.letter_id
     ), cases as (
       insert into manual_case (organisation_id, id, letter_id, reason, detail, stage, owner, next_action, deadline)
       select m.organisation_id, c.id, m.id, c.reason, c.detail, c.stage, c.owner, c.next_action,
              now() + c.hours * interval '1 hour'
       from jsonb_to_recordset($6::jsonb) as c (id uuid, letter_id uuid, reason text, detail jsonb, stage text, owner text,
            next_action text, hours integer)
       join moved m on m.id = c.letter_id
     ), sealed as (
       insert into sealed_delivery (organisation_id, letter_id, id, supplier, sha256, bytes)
       select m.organisation_id, m.id, s.id, s.supplier, s.sha256, substring($13::bytea from s.start for s.length)
       from unnest($7::uuid[], $8::uuid[], $9::jsonb[], $10::bytea[], $11::integer[], $12::integer[])
         as s (letter_id, id, supplier, sha256, start, length)
       join moved m on m.id = s.letter_id
     ), told as (
       insert into recipient_notice (organisation_id, id, letter_id, kind, state, stage, due_at, deadline_at)
       select m.organisation_id, gen_random_uuid(), m.id, 'arrived', 'waiting', 'deliver', now(), now() + interval '${ARRIVED_HOURS} hours'
       from moved m where m.id = any ($15::uuid[])
       on conflict do nothing
     ), documents as (
       insert into attachment (organisation_id, letter_id, position, filename, content_type, hash, plain_bytes, pages)
       select m.organisation_id, m.id, -1, d.filename, d.content_type, decode(d.hash, 'hex'), d.plain_bytes, d.pages
       from jsonb_to_recordset($14::jsonb) as d (letter_id uuid, filename text, content_type text, hash text, plain_bytes integer,
            pages integer)
       join moved m on m.id = d.letter_id
     ), orders as (
       insert into print_batch_letter (organisation_id, id, letter_id, shop_code, sort_key, due_at, print_hash, facts)
       select m.organisation_id, p.id, m.id, p.shop_code, p.sort_key, now() + p.due_in_ms * interval '1 millisecond',
         decode(p.print_hash, 'hex'), p.facts
       from jsonb_to_recordset($16::jsonb) as p (letter_id uuid, id uuid, shop_code text, sort_key text, due_in_ms bigint,
            print_hash text, facts jsonb)
       join moved m on m.id = p.letter_id
       on conflict (organisation_id, letter_id) where state not in ('returned', 'rejected', 'withdrawn') do nothing
     )
     select id from moved`,
    values: [leaseId, ...parameters(steps)],
  });
  return rows.map((row) => row.id);
}

function parameters(steps: readonly StepTaken[]): unknown[] {
  const sealed = steps.flatMap(({ result }) =>
    result.sealed ? [{ letterId: result.letter.id, ...result.sealed }] : [],
  );
  return [
    JSON.stringify(steps.map(letterRow)),
    JSON.stringify(steps.flatMap(eventRows).map((row, n) => ({ n, ...row }))),
    JSON.stringify(steps.flatMap(decisionRow)),
    JSON.stringify(steps.flatMap(receiptRow)),
    JSON.stringify(steps.flatMap(caseRow)),
    sealed.map((row) => row.letterId),
    sealed.map((row) => row.id),
    sealed.map((row) => JSON.stringify(row.supplier)),
    sealed.map((row) => row.sha256),
    ...joinBytes(sealed.map((row) => row.bytes)),
    JSON.stringify(steps.flatMap(documentRow)),
    steps.filter(isToBeTold).map(({ result }) => result.letter.id),
    JSON.stringify(steps.flatMap(orderRow)),
  ];
}

/** A notice beside the letter says that it has come, once it has. */
function isToBeTold({ result: { letter }, next }: StepTaken): boolean {
  const hasCome = next.state === 'delivered' || next.state === 'printed';
  const { sealedContact, protectedIdentity, flow } = letter;
  return hasCome && flow.notification === 'withLetter' && sealedContact !== undefined && !protectedIdentity;
}

function letterRow({ result, next }: StepTaken): Record<string, unknown> {
  const { changes, letter } = result;
  return {
    organisation_id: letter.organisationId,
    id: letter.id,
    state: next.state,
    stage: next.stage ?? null,
    channel: next.channel ?? null,
    due_in_ms: Math.round(next.dueInMs),
    fresh: next.fresh,
    digital_failure: next.digitalFailure ?? null,
    notice_failure: next.noticeFailure ?? null,
    lookups: changes?.lookups ?? null,
    supplier: changes?.supplier ?? null,
    distribution_id: changes?.distributionId ?? null,
    print_hash: changes?.printHash?.toString('hex') ?? null,
    print_facts: changes?.print ?? null,
    address: changes?.address ?? null,
    protected_identity: changes?.protectedIdentity ?? false,
    e_invoice_address: changes?.eInvoiceAddress ?? null,
    e_invoice_failure: next.eInvoiceFailure ?? null,
    invoice_xml_hash: changes?.invoiceXmlHash?.toString('hex') ?? null,
    // Comes with a document and only then.
    envelope_bytes: changes?.envelopeBytes ?? null,
  };
}

function documentRow({ result: { letter, changes } }: StepTaken): Record<string, unknown>[] {
  if (changes?.document === undefined) return [];
  const { filename, contentType, hash, plainBytes, pages } = changes.document;
  const file = { filename, content_type: contentType, hash: hash.toString('hex'), plain_bytes: plainBytes, pages };
  return [{ letter_id: letter.id, ...file }];
}

function orderRow({ result: { letter, printOrder } }: StepTaken): Record<string, unknown>[] {
  if (printOrder === undefined) return [];
  const { id, shopCode, sortKey, dueInMs, printHash, facts } = printOrder;
  const print = { print_hash: printHash.toString('hex'), facts };
  return [
    { letter_id: letter.id, id, shop_code: shopCode, sort_key: sortKey, due_in_ms: Math.round(dueInMs), ...print },
  ];
}

function eventRows({ result, next }: StepTaken): Record<string, unknown>[] {
  const events = result.events.map((event) => eventRow(result.letter, event.kind, event.detail));
  if (next.openCase !== undefined) events.push(eventRow(result.letter, 'caseOpened', { reason: next.openCase.reason }));
  return events;
}

function eventRow(letter: ClaimedLetter, kind: string, detail: unknown): Record<string, unknown> {
  return { letter_id: letter.id, kind, detail: detail ?? {} };
}

function decisionRow({ result }: StepTaken): Record<string, unknown>[] {
  if (result.decision === undefined) return [];
  const { question, answer, decision } = result.decision;
  const { rule, reason, tried, ruling } = decision;
  return [{ letter_id: result.letter.id, question, answer, rule, channel: ruling.kind, reason, tried }];
}

function receiptRow({ result }: StepTaken): Record<string, unknown>[] {
  if (result.receipt === undefined) return [];
  const { delivered, proof } = result.receipt;
  return [{ letter_id: result.letter.id, channel: result.letter.channel, delivered, proof }];
}

function caseRow({ result, next }: StepTaken): Record<string, unknown>[] {
  if (next.openCase === undefined) return [];
  const { reason, detail } = next.openCase;
  const { owner, nextAction } = CASE_REASONS[reason];
  const { letter } = result;
  const hours = letter.flow.caseHours;
  return [
    { id: newId(), letter_id: letter.id, reason, detail, stage: letter.stage, owner, next_action: nextAction, hours },
  ];
}
