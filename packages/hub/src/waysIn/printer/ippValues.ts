import type { IppAttributes, IppTextTag, IppValue } from './ippMessage.ts';

/** Short ways to write attributes: `[name, values]` pairs for a map that keeps their order. */
export type IppEntry = readonly [name: string, values: readonly IppValue[]];

export const integer = (name: string, ...numbers: number[]): IppEntry => [
  name,
  numbers.map((value) => ({ tag: 'integer', value })),
];

export const enumeration = (name: string, ...numbers: number[]): IppEntry => [
  name,
  numbers.map((value) => ({ tag: 'enum', value })),
];

export const flag = (name: string, value: boolean): IppEntry => [name, [{ tag: 'boolean', value }]];

export const range = (name: string, from: number, to: number): IppEntry => [
  name,
  [{ tag: 'rangeOfInteger', value: { from, to } }],
];

export const dateTime = (name: string, value: Date | undefined): IppEntry => [
  name,
  [value === undefined ? { tag: 'noValue' } : { tag: 'dateTime', value }],
];

export const resolution = (name: string, dpi: number): IppEntry => [
  name,
  [{ tag: 'resolution', value: { x: dpi, y: dpi } }],
];

export const collection = (name: string, ...members: IppAttributes[]): IppEntry => [
  name,
  members.map((value) => ({ tag: 'collection', value })),
];

const textEntry =
  (tag: IppTextTag) =>
  (name: string, ...texts: string[]): IppEntry => [name, texts.map((value) => ({ tag, value }))];

export const keyword = textEntry('keyword');
export const uri = textEntry('uri');
export const charset = textEntry('charset');
export const language = textEntry('naturalLanguage');
export const mediaType = textEntry('mimeMediaType');

/** RFC 8011 5.1.2 and 5.1.3: a text has at most 1023 bytes and a name 255; printers' own names and texts 127 characters. */
const SHORT_CHARACTERS_MAX = 127;
const short = (text: string) => [...text].slice(0, SHORT_CHARACTERS_MAX).join('');

export const text = (name: string, ...texts: string[]): IppEntry => textEntry('text')(name, ...texts.map(short));
export const named = (name: string, ...texts: string[]): IppEntry => textEntry('name')(name, ...texts.map(short));
