import { END_OF_ATTRIBUTES, FIRST_VALUE_TAG, GROUP_TAGS, type IppGroupName, VALUE_TAGS } from './ippCodes.ts';

/** Kinds of text; RFC 8011 5.1 says which attribute has which. */
export type IppTextTag =
  | 'text'
  | 'name'
  | 'keyword'
  | 'uri'
  | 'uriScheme'
  | 'charset'
  | 'naturalLanguage'
  | 'mimeMediaType';

/** One value. Languages beside texts (`textWithLanguage`) are read over: a name is the same in all of them. */
export type IppValue =
  | { readonly tag: 'integer' | 'enum'; readonly value: number }
  | { readonly tag: 'boolean'; readonly value: boolean }
  | { readonly tag: 'dateTime'; readonly value: Date }
  | { readonly tag: 'resolution'; readonly value: { readonly x: number; readonly y: number } }
  | { readonly tag: 'rangeOfInteger'; readonly value: { readonly from: number; readonly to: number } }
  | { readonly tag: 'collection'; readonly value: IppAttributes }
  | { readonly tag: IppTextTag; readonly value: string }
  | { readonly tag: 'noValue' | 'unknown' | 'unsupported' }
  /** Also every kind of value that RFC 8010 does not know. */
  | { readonly tag: 'octetString'; readonly value: Buffer };

/** By name; an attribute has one value or more. */
export type IppAttributes = ReadonlyMap<string, readonly IppValue[]>;

export interface IppGroup {
  readonly name: IppGroupName;
  readonly attributes: IppAttributes;
}

/** A request, or an answer: they differ only in what `code` says (RFC 8010 3.1). */
export interface IppMessage {
  readonly version: { readonly major: number; readonly minor: number };
  /** Operation of a request, status of an answer. */
  readonly code: number;
  readonly requestId: number;
  readonly groups: readonly IppGroup[];
}

/** What stands where it should not, in one word; the caller answers `client-error-bad-request`. */
export class IppSyntaxError extends Error {
  override readonly name = 'IppSyntaxError';
}

const HEADER_BYTES = 8;
const VALUES_MAX = 5_000;
const COLLECTION_DEPTH_MAX = 8;

/**
 * Reads a message; what follows the attributes is the document.
 *
 * @throws IppSyntaxError when it is cut short, nested too deep, too long, or otherwise not RFC 8010.
 */
export function decodeIpp(bytes: Buffer): { message: IppMessage; document: Buffer } {
  if (bytes.length < HEADER_BYTES) throw new IppSyntaxError('shorter than a header');
  const reader = createReader(bytes, HEADER_BYTES);
  const groups: IppGroup[] = [];
  let tag = reader.byte();
  while (tag !== END_OF_ATTRIBUTES) {
    const name = GROUP_NAMES.get(tag);
    if (tag >= FIRST_VALUE_TAG) throw new IppSyntaxError('a value outside of a group');
    const { attributes, nextTag } = readGroup(reader);
    // A group of a kind that came later (subscriptions, documents) is read over.
    if (name !== undefined) groups.push({ name, attributes });
    tag = nextTag;
  }
  const message = {
    version: { major: bytes.readUInt8(0), minor: bytes.readUInt8(1) },
    code: bytes.readUInt16BE(2),
    requestId: bytes.readInt32BE(4),
    groups,
  };
  return { message, document: bytes.subarray(reader.position()) };
}

/** Writes a message; the document, if any, is the caller's to append. */
export function encodeIpp({ version, code, requestId, groups }: IppMessage): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(version.major, 0);
  header.writeUInt8(version.minor, 1);
  header.writeUInt16BE(code, 2);
  header.writeInt32BE(requestId, 4);
  const parts = [header];
  for (const { name, attributes } of groups) {
    parts.push(Buffer.of(GROUP_TAGS[name]));
    for (const [attribute, values] of attributes) writeAttribute(parts, attribute, values);
  }
  parts.push(Buffer.of(END_OF_ATTRIBUTES));
  return Buffer.concat(parts);
}

/** The first group of a kind; empty when there is none. */
export function groupOf({ groups }: IppMessage, name: IppGroupName): IppAttributes {
  return groups.find((group) => group.name === name)?.attributes ?? new Map();
}

/** The text of an attribute's first value, whatever kind of text it is. */
export function textOf(attributes: IppAttributes, name: string): string | undefined {
  const [value] = attributes.get(name) ?? [];
  return value !== undefined && 'value' in value && typeof value.value === 'string' ? value.value : undefined;
}

/** All texts of an attribute. */
export function textsOf(attributes: IppAttributes, name: string): string[] | undefined {
  return attributes
    .get(name)
    ?.flatMap((value) => ('value' in value && typeof value.value === 'string' ? value.value : []));
}

/** The number of an attribute's first value. */
export function numberOf(attributes: IppAttributes, name: string): number | undefined {
  const [value] = attributes.get(name) ?? [];
  return value?.tag === 'integer' || value?.tag === 'enum' ? value.value : undefined;
}

/** The truth of an attribute's first value. */
export function flagOf(attributes: IppAttributes, name: string): boolean | undefined {
  const [value] = attributes.get(name) ?? [];
  return value?.tag === 'boolean' ? value.value : undefined;
}

const GROUP_NAMES = new Map<number, IppGroupName>(
  Object.entries(GROUP_TAGS).map(([name, tag]) => [tag, name as IppGroupName]),
);
const TEXT_NAMES = new Map<number, IppTextTag>(
  (['text', 'name', 'keyword', 'uri', 'uriScheme', 'charset', 'naturalLanguage', 'mimeMediaType'] as const).map(
    (name) => [VALUE_TAGS[name], name],
  ),
);

type Reader = ReturnType<typeof createReader>;

function createReader(bytes: Buffer, start: number) {
  let at = start;
  let values = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new IppSyntaxError('cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const shortText = (): Buffer => {
    const length = take(2).readInt16BE(0);
    if (length < 0) throw new IppSyntaxError('a length below zero');
    return take(length);
  };
  return {
    position: () => at,
    byte: () => take(1).readUInt8(0),
    name: () => shortText().toString('utf8'),
    value: (): Buffer => {
      values += 1;
      if (values > VALUES_MAX) throw new IppSyntaxError('too many values');
      return shortText();
    },
  };
}

/** Attributes up to the next tag that is no value's; a value without a name belongs to the attribute before it. */
function readGroup(reader: Reader): { attributes: IppAttributes; nextTag: number } {
  const attributes = new Map<string, IppValue[]>();
  let current: IppValue[] | undefined;
  let tag = reader.byte();
  while (tag >= FIRST_VALUE_TAG) {
    const name = reader.name();
    if (name !== '') {
      if (attributes.has(name)) throw new IppSyntaxError('an attribute stands twice');
      current = [];
      attributes.set(name, current);
    }
    if (current === undefined) throw new IppSyntaxError('a value without a name');
    current.push(readValue(reader, tag, 1));
    tag = reader.byte();
  }
  return { attributes, nextTag: tag };
}

function readValue(reader: Reader, tag: number, depth: number): IppValue {
  const bytes = reader.value();
  if (tag === VALUE_TAGS.collection) return { tag: 'collection', value: readCollection(reader, depth) };
  const text = TEXT_NAMES.get(tag);
  if (text !== undefined) return { tag: text, value: bytes.toString('utf8') };
  switch (tag) {
    case VALUE_TAGS.integer:
      return { tag: 'integer', value: sized(bytes, 4).readInt32BE(0) };
    case VALUE_TAGS.enum:
      return { tag: 'enum', value: sized(bytes, 4).readInt32BE(0) };
    case VALUE_TAGS.boolean:
      return { tag: 'boolean', value: sized(bytes, 1).readUInt8(0) !== 0 };
    case VALUE_TAGS.rangeOfInteger:
      return { tag: 'rangeOfInteger', value: { from: sized(bytes, 8).readInt32BE(0), to: bytes.readInt32BE(4) } };
    case VALUE_TAGS.resolution:
      return { tag: 'resolution', value: { x: sized(bytes, 9).readInt32BE(0), y: bytes.readInt32BE(4) } };
    case VALUE_TAGS.dateTime:
      return { tag: 'dateTime', value: readDateTime(sized(bytes, 11)) };
    case VALUE_TAGS.textWithLanguage:
      return { tag: 'text', value: withoutLanguage(bytes) };
    case VALUE_TAGS.nameWithLanguage:
      return { tag: 'name', value: withoutLanguage(bytes) };
    case VALUE_TAGS.noValue:
      return { tag: 'noValue' };
    case VALUE_TAGS.unknown:
      return { tag: 'unknown' };
    case VALUE_TAGS.unsupported:
      return { tag: 'unsupported' };
    case VALUE_TAGS.endCollection:
    case VALUE_TAGS.memberName:
      throw new IppSyntaxError('a collection that was never begun');
    default:
      return { tag: 'octetString', value: bytes };
  }
}

function sized(bytes: Buffer, length: number): Buffer {
  if (bytes.length !== length) throw new IppSyntaxError('a value of another length than its kind has');
  return bytes;
}

/** Members stand as a value with their name, then their values; none has a name in the ordinary place (RFC 8010 3.1.6). */
function readCollection(reader: Reader, depth: number): IppAttributes {
  if (depth > COLLECTION_DEPTH_MAX) throw new IppSyntaxError('nested too deep');
  const members = new Map<string, IppValue[]>();
  let current: IppValue[] | undefined;
  for (;;) {
    const tag = reader.byte();
    if (tag < FIRST_VALUE_TAG || reader.name() !== '') throw new IppSyntaxError('a collection that does not end');
    if (tag === VALUE_TAGS.endCollection) {
      reader.value();
      return members;
    }
    if (tag === VALUE_TAGS.memberName) {
      current = [];
      members.set(reader.value().toString('utf8'), current);
    } else if (current === undefined) throw new IppSyntaxError('a member without a name');
    else current.push(readValue(reader, tag, depth + 1));
  }
}

/** RFC 8010 3.9: two lengths, the language, then the text. */
function withoutLanguage(bytes: Buffer): string {
  const languageBytes = bytes.length < 4 ? Number.POSITIVE_INFINITY : bytes.readUInt16BE(0);
  if (languageBytes + 4 > bytes.length) throw new IppSyntaxError('a text that is cut short');
  return bytes.subarray(languageBytes + 4).toString('utf8');
}

/** RFC 2579 DateAndTime: local time with its distance to UTC. */
function readDateTime(bytes: Buffer): Date {
  const [month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, tenths = 0] = bytes.subarray(2, 8);
  const sign = bytes.subarray(8, 9).toString('latin1') === '-' ? -1 : 1;
  const offsetMinutes = sign * (bytes.readUInt8(9) * 60 + bytes.readUInt8(10));
  const localMs = Date.UTC(bytes.readUInt16BE(0), month - 1, day, hours, minutes, seconds, tenths * 100);
  return new Date(localMs - offsetMinutes * 60_000);
}

function writeDateTime(date: Date): Buffer {
  const bytes = Buffer.alloc(11);
  bytes.writeUInt16BE(date.getUTCFullYear(), 0);
  bytes.set([date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes()], 2);
  bytes.set([date.getUTCSeconds(), Math.floor(date.getUTCMilliseconds() / 100), 0x2b, 0, 0], 6);
  return bytes;
}

function writeAttribute(parts: Buffer[], name: string, values: readonly IppValue[]): void {
  values.forEach((value, n) => {
    writeValue(parts, n === 0 ? name : '', value);
  });
}

function writeValue(parts: Buffer[], name: string, value: IppValue): void {
  writeTagged(parts, VALUE_TAGS[value.tag], name, valueBytes(value));
  if (value.tag !== 'collection') return;
  for (const [member, values] of value.value) {
    writeTagged(parts, VALUE_TAGS.memberName, '', Buffer.from(member));
    writeAttribute(parts, '', values);
  }
  writeTagged(parts, VALUE_TAGS.endCollection, '', Buffer.alloc(0));
}

function writeTagged(parts: Buffer[], tag: number, name: string, value: Buffer): void {
  const nameBytes = Buffer.from(name);
  const head = Buffer.alloc(3);
  head.writeUInt8(tag, 0);
  head.writeUInt16BE(nameBytes.length, 1);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length, 0);
  parts.push(head, nameBytes, length, value);
}

/** Dots per inch (RFC 8010 3.9). */
const PER_INCH = 3;

function valueBytes(value: IppValue): Buffer {
  switch (value.tag) {
    case 'integer':
    case 'enum':
      return integers(value.value);
    case 'boolean':
      return Buffer.of(value.value ? 1 : 0);
    case 'dateTime':
      return writeDateTime(value.value);
    case 'resolution':
      return Buffer.concat([integers(value.value.x, value.value.y), Buffer.of(PER_INCH)]);
    case 'rangeOfInteger':
      return integers(value.value.from, value.value.to);
    case 'octetString':
      return value.value;
    case 'collection':
    case 'noValue':
    case 'unknown':
    case 'unsupported':
      return Buffer.alloc(0);
    default:
      return Buffer.from(value.value);
  }
}

function integers(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, n) => {
    bytes.writeInt32BE(number, n * 4);
  });
  return bytes;
}
