import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createContentCipher, newId, type Principal } from '@brevduva/base';
import type { Pool } from 'pg';
import { CASE_REASONS } from '../../src/caseReasons.ts';
import { createContentStore } from '../../src/content.ts';
import type { PostalAddress } from '../../src/paper/address.ts';
import type { Channel, LetterState, StageName } from '../../src/states.ts';
import type { CaseReason } from '../../src/switch.ts';
import { CONTENT_KEY } from './intakeHub.ts';

export const ADDRESS: PostalAddress = {
  name: 'Åsa Öberg',
  lines: ['Ängsvägen 3'],
  postalCode: '123 45',
  city: 'Örebro',
};

export interface LetterSeed {
  readonly recipient?: string;
  readonly subject?: string;
  readonly reference?: string;
  readonly address?: PostalAddress;
  readonly protectedIdentity?: boolean;
  readonly state?: LetterState;
  readonly stage?: StageName;
  readonly channel?: Channel;
  readonly paperOrdered?: boolean;
  readonly contentType?: string;
  readonly body?: string;
  /** Opens a case at `caseStage`. */
  readonly reason?: CaseReason;
  readonly caseStage?: StageName;
  readonly createdAt?: string;
}

/** A letter as the pipeline could have left it, in a case when a reason is given; no pipeline need run. */
export async function seedLetter(
  pool: Pool,
  organisationId: string,
  seed: LetterSeed = {},
): Promise<{ letterId: string; caseId: string }> {
  const letterId = newId();
  const bodyHash = await storeText(pool, organisationId, seed.body ?? 'Hej å ä ö', seed.contentType ?? 'text/plain');
  await pool.query(
    `insert into letter (organisation_id, id, business_system_id, flow_id, recipient, subject, language, reference, address,
       protected_identity, body_content_type, body_hash, envelope_bytes, state, stage, channel, lane, paper_ordered, created_at)
     select $1, $2, b.id, f.id, $3, $4, 'svSE', $5, $6, $7, $8, $9, 10000, $10, $11, $12, 1, $13, coalesce($14, clock_timestamp())
     from business_system b join flow f on f.organisation_id = b.organisation_id and f.code = 'beslut'
     where b.organisation_id = $1`,
    [
      organisationId,
      letterId,
      seed.recipient ?? '191212121212',
      seed.subject ?? 'Beslut om bygglov',
      seed.reference ?? null,
      seed.address ?? null,
      seed.protectedIdentity ?? false,
      seed.contentType ?? 'text/plain',
      bodyHash,
      seed.reason === undefined ? (seed.state ?? 'delivered') : 'case',
      seed.stage ?? null,
      seed.channel ?? null,
      seed.paperOrdered ?? false,
      seed.createdAt ?? null,
    ],
  );
  const caseId = newId();
  if (seed.reason !== undefined)
    await seedCase(pool, organisationId, { ...seed, reason: seed.reason }, letterId, caseId);
  return { letterId, caseId };
}

async function seedCase(
  pool: Pool,
  organisationId: string,
  { reason, caseStage }: LetterSeed & { reason: CaseReason },
  letterId: string,
  caseId: string,
): Promise<void> {
  const { owner, nextAction } = CASE_REASONS[reason];
  await pool.query(
    `insert into manual_case (organisation_id, id, letter_id, reason, stage, owner, next_action, deadline)
     values ($1, $2, $3, $4, $5, $6, $7, now() + interval '2 days')`,
    [organisationId, caseId, letterId, reason, caseStage ?? 'resolve', owner, nextAction],
  );
}

async function storeText(pool: Pool, organisationId: string, text: string, contentType: string): Promise<Buffer> {
  const store = createContentStore(pool, createContentCipher(CONTENT_KEY));
  const content = store.prepare(organisationId, Buffer.from(text), contentType);
  await store.put(pool, organisationId, [content]);
  return content.hash;
}

/** Someone logged in, without the detour over an identity provider: the header and the form's token of her session. */
export async function seedSession(
  pool: Pool,
  organisation: { id: string; name: string },
  roles: readonly string[],
): Promise<{ cookie: string; csrf: string }> {
  const token = randomBytes(32).toString('base64url');
  const principal: Principal = {
    subject: `test.${token}`,
    name: 'Maja Lilja',
    roles,
    attributes: { organisationId: organisation.id, organisationName: organisation.name },
  };
  await pool.query(
    `insert into web_session (token_hash, subject, principal, created_at, last_seen_at, expires_at)
     values ($1, $2, $3, now(), now(), now() + interval '1 hour')`,
    [createHash('sha256').update(token).digest(), principal.subject, principal],
  );
  return { cookie: `brevduva_hub=${token}`, csrf: createHmac('sha256', token).update('csrf').digest('base64url') };
}
