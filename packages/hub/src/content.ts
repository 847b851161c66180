import { createHash } from 'node:crypto';
import type { ContentCipher, Queryable } from '@brevduva/base';
import type { Contact } from './contact.ts';
import type { LetterKey } from './letter.ts';
import type { Values } from './mailing/placeholders.ts';
import { insertContents, selectContents } from './sql/content.ts';

/** Content by hash (SHA-256 of the plain bytes), once per organisation, encrypted at rest (design 5). */
export interface ContentStore {
  /** Encrypts ahead of a transaction, so that no connection waits for the cipher. */
  prepare(organisationId: string, bytes: Buffer, contentType: string): PreparedContent;
  /** Stores what is not there yet; inside the caller's transaction. */
  put(db: Queryable, organisationId: string, contents: readonly PreparedContent[]): Promise<void>;
  /** @returns plain bytes by hash in hex. @throws Error when one is missing: a letter never refers to content that is not stored. */
  get(organisationId: string, hashes: readonly Buffer[]): Promise<Map<string, Buffer>>;
  /** What one letter fills its text with: small and its own, so it lies encrypted with the letter. */
  sealValues(letter: LetterKey, values: Values): Buffer;
  /** Undefined where the text goes as it stands. */
  openValues(letter: LetterKey, sealed: Buffer | null | undefined): Values | undefined;
  /** The recipient's number and address: they lie encrypted with the letter, and nowhere else. */
  sealContact(letter: LetterKey, contact: Contact): Buffer;
  /** Empty where the letter has none. */
  openContact(letter: LetterKey, sealed: Buffer | null | undefined): Contact;
}

export interface PreparedContent {
  readonly hash: Buffer;
  readonly contentType: string;
  readonly plainBytes: number;
  readonly sealed: Buffer;
}

export function contentHash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

export function createContentStore(db: Queryable, cipher: ContentCipher): ContentStore {
  return {
    prepare(organisationId, bytes, contentType) {
      const hash = contentHash(bytes);
      return {
        hash,
        contentType,
        plainBytes: bytes.length,
        sealed: cipher.encrypt(bytes, context(organisationId, hash)),
      };
    },
    put: insertContents,
    async get(organisationId, hashes) {
      const rows = await selectContents(db, organisationId, hashes);
      const found = new Map(
        rows.map(({ hash, bytes }) => [hash.toString('hex'), cipher.decrypt(bytes, context(organisationId, hash))]),
      );
      const missing = hashes.find((hash) => !found.has(hash.toString('hex')));
      if (missing !== undefined) throw new Error(`content ${missing.toString('hex')} is not stored`);
      return found;
    },
    sealValues: (letter, values) => cipher.encrypt(Buffer.from(JSON.stringify([...values])), valuesOf(letter)),
    openValues(letter, sealed) {
      if (sealed === null || sealed === undefined) return undefined;
      const plain = cipher.decrypt(sealed, valuesOf(letter)).toString('utf8');
      return new Map(JSON.parse(plain) as [string, string][]);
    },
    sealContact: (letter, contact) => cipher.encrypt(Buffer.from(JSON.stringify(contact)), contactOf(letter)),
    openContact(letter, sealed) {
      if (sealed === null || sealed === undefined) return {};
      return JSON.parse(cipher.decrypt(sealed, contactOf(letter)).toString('utf8')) as Contact;
    },
  };
}

/** Each content once, in one order everywhere: two statements that share contents would otherwise wait for each other. */
export function distinctContents(contents: readonly PreparedContent[]): PreparedContent[] {
  const byHash = new Map(contents.map((content) => [content.hash.toString('hex'), content]));
  return [...byHash.values()].sort((a, b) => Buffer.compare(a.hash, b.hash));
}

function valuesOf({ organisationId, id }: LetterKey): string {
  return `${organisationId}/${id}/values`;
}

function contactOf({ organisationId, id }: LetterKey): string {
  return `${organisationId}/${id}/contact`;
}

function context(organisationId: string, hash: Buffer): string {
  return `${organisationId}/${hash.toString('hex')}`;
}
