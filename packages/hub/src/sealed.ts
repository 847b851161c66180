import { createHash } from 'node:crypto';
import { type ContentCipher, newId, type Queryable } from '@brevduva/base';
import type { ServiceSupplier } from '@brevduva/protocol';
import type { LetterKey } from './letter.ts';
import { type SealedRow, selectLatestSealed } from './sql/sealed.ts';
import type { NewSealed } from './stages/stage.ts';

/** The exact requests that went, or will go, to operators. What was signed is kept byte for byte and never rebuilt (style 20). */
export interface SealedStore {
  prepare(key: LetterKey, request: Buffer, supplier: ServiceSupplier): NewSealed;
  /** @returns the latest sealed request of each letter, by letter id. */
  latest(keys: readonly LetterKey[]): Promise<Map<string, SealedRequest>>;
}

export interface SealedRequest {
  readonly id: string;
  readonly supplier: ServiceSupplier;
  readonly sha256: Buffer;
  readonly request: Buffer;
}

export function createSealedStore(db: Queryable, cipher: ContentCipher): SealedStore {
  const held = createHeldRequests();
  return {
    prepare(key, request, supplier) {
      const id = newId();
      const sha256 = createHash('sha256').update(request).digest();
      held.keep(key.id, id, request);
      return { id, supplier, sha256, bytes: cipher.encrypt(request, context(key, id)) };
    },
    async latest(keys) {
      const taken = held.take(keys.map((key) => key.id));
      const rows = await selectLatestSealed(db, keys, [...taken.keys()]);
      return new Map(
        rows.map((row) => {
          const key = { organisationId: row.organisation_id, id: row.letter_id };
          const request = taken.get(row.id) ?? decrypted(row, key, cipher);
          return [row.letter_id, { id: row.id, supplier: row.supplier, sha256: row.sha256, request }];
        }),
      );
    },
  };
}

function decrypted({ id, bytes }: SealedRow, key: LetterKey, cipher: ContentCipher): Buffer {
  if (bytes === null) throw new Error(`the sealed bytes of letter ${key.id} were not read`);
  return cipher.decrypt(bytes, context(key, id));
}

/** Of all letters sealed on this node and not yet delivered. More wait in the database only. */
const HELD_BYTES_MAX = 32 * 1024 * 1024;
/** Whoever is held longer was delivered by another node, or never written. */
const HELD_MS_MAX = 60_000;

/**
 * Requests just sealed, so that their delivery, moments later, need not read and decrypt what this process has just encrypted and
 * written: only copies of what the database holds, found by its own id, and free to be forgotten. When it is full, the new one is not
 * kept, for the oldest are delivered first.
 */
function createHeldRequests() {
  const held = new Map<string, { sealedId: string; request: Buffer; atMs: number }>();
  let heldBytes = 0;
  const drop = (letterId: string) => {
    heldBytes -= held.get(letterId)?.request.length ?? 0;
    held.delete(letterId);
  };
  const dropOld = (nowMs: number) => {
    for (const [letterId, { atMs }] of held) {
      if (nowMs - atMs < HELD_MS_MAX) return;
      drop(letterId);
    }
  };
  return {
    keep(letterId: string, sealedId: string, request: Buffer): void {
      const atMs = performance.now();
      drop(letterId);
      dropOld(atMs);
      if (heldBytes + request.length > HELD_BYTES_MAX) return;
      held.set(letterId, { sealedId, request, atMs });
      heldBytes += request.length;
    },
    /** @returns requests by the id of what was sealed; they are held no longer. */
    take(letterIds: readonly string[]): Map<string, Buffer> {
      const taken = new Map<string, Buffer>();
      for (const letterId of letterIds) {
        const found = held.get(letterId);
        if (found === undefined) continue;
        taken.set(found.sealedId, found.request);
        drop(letterId);
      }
      return taken;
    },
  };
}

function context(key: LetterKey, id: string): string {
  return `${key.organisationId}/${key.id}/${id}`;
}
