import { createHash } from 'node:crypto';
import { type ContentCipher, newId, type Queryable } from '@brevduva/base';
import type { ServiceSupplier } from '@brevduva/protocol';
import type { LetterKey } from './letter.ts';
import { selectLatestSealed } from './sql/sealed.ts';
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
  return {
    prepare(key, request, supplier) {
      const id = newId();
      const sha256 = createHash('sha256').update(request).digest();
      return { id, supplier, sha256, bytes: cipher.encrypt(request, context(key, id)) };
    },
    async latest(keys) {
      const rows = await selectLatestSealed(db, keys);
      return new Map(
        rows.map((row) => {
          const key = { organisationId: row.organisation_id, id: row.letter_id };
          const request = cipher.decrypt(row.bytes, context(key, row.id));
          return [row.letter_id, { id: row.id, supplier: row.supplier, sha256: row.sha256, request }];
        }),
      );
    },
  };
}

function context(key: LetterKey, id: string): string {
  return `${key.organisationId}/${key.id}/${id}`;
}
