import { AppError, inTransaction, newId, type Pool } from '@brevduva/base';
import type { ContentStore } from '../content.ts';
import type { Intake } from '../intake/accept.ts';
import { PDF_CONTENT_TYPE } from '../intake/draft.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import { parseAddressLines } from '../paper/address.ts';
import {
  type HandInDetail,
  type HandInReason,
  insertHandInCase,
  selectHandedIn,
  type WayIn,
} from '../sql/handInCases.ts';

/** A PDF that a way in takes for a letter, with what could be read of it. */
export interface ReadPdf {
  /** Idempotency key: the same for the same pages, however often the work is done again. */
  readonly key: string;
  readonly flow: string;
  readonly filename: string;
  readonly bytes: Buffer;
  /** What stands in the message beside the PDF. */
  readonly message: string;
  readonly recipient: { readonly id: string } | { readonly reason: Exclude<HandInReason, 'refused'> };
  /** What was read, also for a person if it comes to that. */
  readonly detail: HandInDetail;
}

export interface HandInContext {
  readonly pool: Pool;
  readonly content: ContentStore;
  readonly intake: Intake;
  readonly wayIn: WayIn;
}

/**
 * Hands a PDF in as a letter, or opens a case for a person where no recipient was found or intake refuses it. One of the two is
 * committed when this returns; done again, it finds what is there.
 *
 * @throws whatever is no judgement of the letter (the database, an overloaded node): the work is to be done again.
 */
export async function handInPdf(
  pdf: ReadPdf,
  system: BusinessSystem,
  context: HandInContext,
): Promise<'letter' | 'case'> {
  // Asked first, and not left to the key alone: done again, the same pages may be other bytes, and a case must not become a letter too.
  const known = await selectHandedIn(context.pool, system, pdf.key);
  if (known !== undefined) return known;
  if ('reason' in pdf.recipient) return openCase(pdf, pdf.recipient.reason, pdf.detail, system, context);
  try {
    const json = letterJson(pdf, pdf.recipient.id);
    const parts = [{ filename: pdf.filename, contentType: PDF_CONTENT_TYPE, bytes: pdf.bytes }];
    await context.intake.accept({ json, parts, faults: [], idempotencyKey: pdf.key }, system);
    return 'letter';
  } catch (error) {
    if (!(error instanceof AppError) || !isJudgement(error)) throw error;
    // Another node was first with the same pages.
    if (error.code === 'HUB_IDEMPOTENCY_MISMATCH') return 'letter';
    const { faults, code, publicText } = error;
    const found = faults.length > 0 ? faults : [{ code, path: '', text: publicText }];
    return openCase(pdf, 'refused', { ...pdf.detail, recipient: pdf.recipient.id, faults: found }, system, context);
  }
}

/** The letter as REST would have it; a field that was not read is left to the flow. */
export function letterJson(
  { flow, message, detail }: Pick<ReadPdf, 'flow' | 'message' | 'detail'>,
  recipient: string,
): Record<string, unknown> {
  const address = parseAddressLines((detail.addressLines ?? []).join('\n'));
  return {
    flow,
    recipient,
    body: { text: message },
    ...(detail.subject !== undefined && { subject: detail.subject }),
    ...(detail.reference !== undefined && { reference: detail.reference }),
    // What stands in the window is for the postman; where it is no address the letter may still go digitally.
    ...(address.ok && { address: address.address }),
  };
}

/** Opens a case for a person; without effect when the same pages have one. */
export async function openCase(
  pdf: Omit<ReadPdf, 'recipient'>,
  reason: HandInReason,
  detail: HandInDetail,
  system: BusinessSystem,
  { pool, content, wayIn }: Omit<HandInContext, 'intake'>,
): Promise<'case'> {
  const { organisationId } = system;
  const prepared = content.prepare(organisationId, pdf.bytes, PDF_CONTENT_TYPE);
  const { key, flow: flowCode, filename } = pdf;
  const opened = {
    id: newId(),
    systemId: system.id,
    flowCode,
    wayIn,
    key,
    reason,
    detail: { ...detail, message: pdf.message },
    filename,
    hash: prepared.hash,
  };
  await inTransaction(pool, async (client) => {
    await content.put(client, organisationId, [prepared]);
    await insertHandInCase(client, organisationId, opened);
  });
  return 'case';
}

const SERVER_FAULT = 500;

/** Below 500 the letter is at fault, and would be tomorrow too. */
function isJudgement(error: AppError): boolean {
  return error.status < SERVER_FAULT && error.status !== TOO_MANY;
}

const TOO_MANY = 429;
