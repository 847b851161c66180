import { createHmac, timingSafeEqual } from 'node:crypto';
import { isUuid } from '../id.ts';
import { type MailAddress, parseMailAddress } from './mailAddress.ts';

export interface BounceAddressOptions {
  /** Signs the tokens; at least {@link KEY_BYTES_MIN}. The same at every node, and for as long as bounces may come. */
  readonly key: Buffer;
  /** Before the token: `retur` gives `retur+<token>@…`. */
  readonly localPart: string;
  /** The domain whose mail comes to our bounce listener (its MX, or the municipality's mail server passes it on). */
  readonly domain: string;
}

const KEY_BYTES_MIN = 32;
const ID_BYTES = 16;
/** 80 bits: nobody guesses it, and the whole local part still fits in RFC 5321's 64 characters. */
const MAC_BYTES = 10;
const TOKEN = /^[a-z2-7]{42}$/;

/**
 * The envelope sender of one message (VERP): the message's id and a signature over it, so that a bounce says by itself
 * what it is about, with no table to look in, and so that nobody can make up a bounce for a message he has not seen.
 */
export function bounceAddress(messageId: string, options: BounceAddressOptions): MailAddress {
  checkKey(options.key);
  if (!isUuid(messageId)) throw new TypeError('a bounce address is made for a UUID');
  const id = Buffer.from(messageId.replaceAll('-', ''), 'hex');
  const token = toBase32(Buffer.concat([id, macOf(id, options.key)]));
  return parseMailAddress(`${options.localPart}+${token}@${options.domain}`);
}

/** The id of the message that a bounce was addressed to; `undefined` for every address that we did not make. */
export function readBounceAddress(address: string, options: BounceAddressOptions): string | undefined {
  checkKey(options.key);
  const at = address.lastIndexOf('@');
  const prefix = `${options.localPart}+`.toLowerCase();
  const local = address.slice(0, Math.max(at, 0)).toLowerCase();
  if (!local.startsWith(prefix) || address.slice(at + 1).toLowerCase() !== options.domain.toLowerCase())
    return undefined;
  const token = local.slice(prefix.length);
  if (!TOKEN.test(token)) return undefined;
  const bytes = fromBase32(token);
  const id = bytes.subarray(0, ID_BYTES);
  if (!timingSafeEqual(bytes.subarray(ID_BYTES, ID_BYTES + MAC_BYTES), macOf(id, options.key))) return undefined;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function macOf(id: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', key).update('brevduva bounce\0').update(id).digest().subarray(0, MAC_BYTES);
}

function checkKey(key: Buffer): void {
  if (key.length < KEY_BYTES_MIN) throw new TypeError(`A bounce key has at least ${KEY_BYTES_MIN} bytes`);
}

/** RFC 4648, in lower case: mail servers may change the case of a local part, so base64 would not survive. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const BITS = 5;

function toBase32(bytes: Buffer): string {
  const bits = [...bytes].map((each) => each.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((each) => ALPHABET[Number.parseInt(each.padEnd(BITS, '0'), 2)]).join('');
}

function fromBase32(token: string): Buffer {
  const bits = [...token].map((each) => ALPHABET.indexOf(each).toString(2).padStart(BITS, '0')).join('');
  const octets = bits.match(/.{8}/g) ?? [];
  return Buffer.from(octets.map((each) => Number.parseInt(each, 2)));
}
