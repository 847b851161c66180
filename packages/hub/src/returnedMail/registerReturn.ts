import { appError, inTransaction, type Pool, type Queryable } from '@brevduva/base';
import { HUB_ERRORS } from '../errors.ts';
import type { LetterKey } from '../letter.ts';
import { parseSheetMark } from '../paper/sheetMark.ts';
import { insertEvent } from '../sql/cases.ts';
import {
  flagAddress,
  insertReturn,
  liftFlag,
  lockReturnable,
  markOrderReturned,
  openReturnCase,
  type ReturnableLetter,
  type ReturnSource,
} from '../sql/returnedMail.ts';
import type { AddressDigest } from './addressDigest.ts';
import { FLAG_DAYS, RETURN_REASONS, type ReturnReason } from './returnReasons.ts';

export interface ReturnFacts {
  readonly reason: ReturnReason;
  readonly source: ReturnSource;
  /** A person's name, a system's code, a print shop's. */
  readonly by: string;
}

export interface Returned {
  readonly letterId: string;
  /** False: it was registered before, and nothing has changed. */
  readonly isNew: boolean;
  readonly isFlagged: boolean;
  /** Nobody need act: somebody has ended the letter, has it already, or what it held is erased. */
  readonly hasCase: boolean;
}

export interface ReturnedMail {
  /**
   * Registers a letter that came back, by the mark on its sheet or its id: event, case, and the address flagged (scenario 18).
   * @throws AppError HUB_RETURN_MARK when the text is no mark, HUB_RETURN_UNKNOWN when the organisation has no such letter,
   * HUB_RETURN_NOT_PRINTED when no print shop has had it
   */
  register(organisationId: string, mark: string, facts: ReturnFacts): Promise<Returned>;
  /** A person says that the address holds. @throws AppError HUB_LETTER_NOT_FOUND when no address is flagged by that letter */
  lift(key: LetterKey, by: string): Promise<void>;
}

export function createReturnedMail(pool: Pool, digest: AddressDigest, onReturned: () => void): ReturnedMail {
  return {
    async register(organisationId, mark, facts) {
      const sheet = parseSheetMark(mark);
      if (sheet === undefined) throw appError(HUB_ERRORS, 'HUB_RETURN_MARK');
      const key = { organisationId, id: sheet.letterId };
      const found = await inTransaction(pool, (db) => registerReturn(db, key, facts, digest));
      if (found === 'unknown') throw appError(HUB_ERRORS, 'HUB_RETURN_UNKNOWN');
      if (found === 'notPrinted') throw appError(HUB_ERRORS, 'HUB_RETURN_NOT_PRINTED');
      onReturned();
      return found;
    },
    async lift(key, by) {
      await inTransaction(pool, async (db) => {
        if (!(await liftFlag(db, key))) throw appError(HUB_ERRORS, 'HUB_LETTER_NOT_FOUND');
        await insertEvent(db, key.organisationId, key.id, { kind: 'addressCleared', actor: by, detail: {} });
      });
    },
  };
}

/** The same within the caller's transaction. `shopCode`: only what that print shop has had. */
export async function registerReturn(
  db: Queryable,
  key: LetterKey,
  facts: ReturnFacts & { readonly shopCode?: string },
  digest: AddressDigest,
): Promise<Returned | 'unknown' | 'notPrinted'> {
  const letter = await lockReturnable(db, key);
  if (letter === undefined) return 'unknown';
  const { orderId, shopCode } = letter;
  const isOfShop = facts.shopCode === undefined || facts.shopCode === shopCode;
  if (orderId === null || !isOfShop) return 'notPrinted';
  const { flagsAddress } = RETURN_REASONS[facts.reason];
  const flagged = flagsAddress && letter.address !== null ? letter.address : undefined;
  const result = { letterId: key.id, isFlagged: flagged !== undefined, hasCase: needsPerson(letter) };
  if (!(await insertReturn(db, key, { ...facts, orderId }))) return { ...result, isNew: false };
  await markOrderReturned(db, key.organisationId, orderId);
  const { reason, by } = facts;
  const detail = { returned: reason, printShop: shopCode };
  await insertEvent(db, key.organisationId, key.id, { kind: 'returned', actor: by, detail });
  if (flagged !== undefined) {
    await flagAddress(db, key, { digest: digest(letter.recipient, flagged), reason, days: FLAG_DAYS });
  }
  if (letter.state === 'printed' && !letter.erased) {
    await openReturnCase(db, key, { reason, caseHours: letter.caseHours });
    await insertEvent(db, key.organisationId, key.id, {
      kind: 'caseOpened',
      actor: 'system',
      detail: { reason: 'returned' },
    });
  }
  return { ...result, isNew: true };
}

/** A printed letter gets its case here; one that waits for its print shop's word gets it as soon as it looks again (confirmPaper). */
function needsPerson({ state, stage, channel, erased }: ReturnableLetter): boolean {
  return !erased && (state === 'printed' || (stage === 'confirm' && channel === 'paper'));
}
