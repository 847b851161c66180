import { X509Certificate } from 'node:crypto';
import { appError, isUuid } from '@brevduva/base';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ERRORS } from '../errors.ts';
import type { Pool } from '../sql/pool.ts';
import { type ReadStatusRow, selectReadStatus } from '../sql/readStatus.ts';
import { partyOf } from './partyOf.ts';

/** Our own, beside the contract's service (docs/read-status.md): the contract has no read receipt. */
export const READ_STATUS_PATH = '/read-status/v1';
export const READ_STATUS_DELIVERIES_MAX = 1_000;

const BODY_BYTES_MAX = 65_536;

type ReadStatus = { status: 'opened'; at: string } | { status: 'unread' } | { status: 'unknown' };

/** Tells a dispatcher or sender which of its own deliveries have been opened, and when. On the listener that demands certificates. */
export function registerReadStatus(app: FastifyInstance, { pool }: { pool: Pool }): void {
  app.post(READ_STATUS_PATH, { config: { access: 'mtls' }, bodyLimit: BODY_BYTES_MAX }, async (request) => {
    const caller = callerOf(request);
    const asked = readDeliveries(request.body);
    const known = new Map((await selectReadStatus(pool, caller, asked)).map((row) => [row.id, row]));
    return { deliveries: Object.fromEntries(asked.map((id) => [id, statusOf(known.get(id))])) };
  });
}

function callerOf({ peerCertificateDer }: FastifyRequest): string {
  const certificate = peerCertificateDer && new X509Certificate(peerCertificateDer);
  const organization = certificate && partyOf(certificate).organizationNumber;
  if (organization === undefined) throw appError(ERRORS, 'MAILBOX_READ_STATUS_CALLER');
  return organization;
}

function readDeliveries(body: unknown): string[] {
  const { deliveries } = parsed(body) as { deliveries?: unknown };
  const isGood =
    Array.isArray(deliveries) &&
    deliveries.length <= READ_STATUS_DELIVERIES_MAX &&
    deliveries.every((id) => isUuid(id));
  if (!isGood) throw appError(ERRORS, 'MAILBOX_READ_STATUS_REQUEST');
  return (deliveries as string[]).map((id) => id.toLowerCase());
}

function parsed(body: unknown): object {
  try {
    const json: unknown = Buffer.isBuffer(body) ? JSON.parse(body.toString('utf8')) : undefined;
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    // Whatever was sent is no question.
  }
  throw appError(ERRORS, 'MAILBOX_READ_STATUS_REQUEST');
}

function statusOf(row: ReadStatusRow | undefined): ReadStatus {
  if (row === undefined) return { status: 'unknown' };
  return row.readAt === null ? { status: 'unread' } : { status: 'opened', at: row.readAt.toISOString() };
}
