/**
 * The plain reader may leave any document to libxml2, but what it reads must be well-formed, and must be read as libxml2 and
 * the general reader read it: over documents of every element of the contract, and over what chance makes of them.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CONTRACT_SCHEMAS,
  encodeGlobalElement,
  invoiceSchema,
  officialMatterV3Schema,
  recipientV3Schema,
} from '../src/index.ts';
import { writeEnvelope } from '../src/soap/envelope.ts';
import { parseXml } from '../src/xml/parseXml.ts';
import { readMarkup } from '../src/xml/readMarkup.ts';
import { readPlain } from '../src/xml/readPlain.ts';
import { XmlNode, XmlText } from '../src/xml/XmlNode.ts';
import { XmlRefused } from '../src/xml/XmlRefused.ts';
import { DocumentMaker, toXml } from './differentialDocument.ts';
import { Random } from './differentialRandom.ts';

const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_261_123);
const COUNT = Number(process.env['DIFFERENTIAL_COUNT'] ?? 4_000);
const ELEMENTS = CONTRACT_SCHEMAS.flatMap(({ elements }) => elements);
const FOREIGN = [invoiceSchema.Invoice, officialMatterV3Schema.officialMatterExtension] as const;

/** What makes documents wrong, or right in another way. */
const PIECES = [
  ...[
    '<',
    '>',
    '/',
    '&',
    '"',
    "'",
    ' ',
    '\n',
    '\t',
    '\r',
    '=',
    ':',
    '-',
    '!',
    '?',
    ']',
    ';',
    '#',
    'x',
    'xml',
    'a:',
    'ö',
    '€',
    '𝄞',
  ],
  ...[
    '<a>',
    '</a>',
    '<a/>',
    '<a b="c">',
    '<!-- c -->',
    '<![CDATA[x]]>',
    '<?p?>',
    '<!DOCTYPE a>',
    ']]>',
    '&amp;',
    '&#65;',
    '&x;',
    '&#0;',
  ],
  ...[
    ' xmlns=""',
    ' xmlns="urn:x"',
    ' xmlns:p="urn:p"',
    ' xmlns:p=""',
    ' xmlns:xml="urn:p"',
    ' p:a="1" q:a="1"',
    ' a="1" a="2"',
    ' xml:lang="sv"',
  ],
  ...[
    '<p:a xmlns:p="urn:p"></p:a>',
    '<p:a></p:a>',
    ' xmlns:p="urn:x" xmlns:q="urn:x" p:a="1" q:a="1"',
    ' xmlns="relative"',
    ' xmlns="urn:å"',
    '\0',
    '\u0001',
    '\u007f',
    '\uffff',
    '\ufeff',
    '\u0085',
  ],
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<?xml version="1.1"?>',
  '<?XML version="1.0"?>',
  '<?xml version="1.0" encoding="ISO-8859-1"?>',
];

type Tree = { name: string; namespace: string; attributes: unknown; content: (Tree | string)[] };

function treeOf(node: XmlNode): Tree {
  const content: (Tree | string)[] = [];
  for (const part of node.content) {
    if (part instanceof XmlNode) content.push(treeOf(part));
    else if (part instanceof XmlText) content.push(part.value);
  }
  return { name: node.name, namespace: node.namespace, attributes: node.attributes, content };
}

/** As all other messages are read. */
function generalTree(bytes: Buffer): Tree | undefined {
  try {
    parseXml(bytes, { bytesMax: 10_000_000 }).dispose();
    return treeOf(readMarkup(bytes));
  } catch (error) {
    if (error instanceof XmlRefused || error instanceof TypeError) return undefined;
    throw error;
  }
}

function spoil(bytes: Buffer, random: Random): Buffer {
  let spoilt = bytes;
  for (let changes = random.chance(0.7) ? 1 : 3; changes > 0; changes -= 1) {
    // most of what is interesting happens where tags are
    const tags = [...spoilt.keys()].filter((at) => spoilt[at] === 0x3c || spoilt[at] === 0x3e);
    const at = random.chance(0.6)
      ? random.pick(tags.length > 0 ? tags : [0]) + (random.chance(0.5) ? 1 : 0)
      : random.between(0, spoilt.length);
    const cut = random.chance(0.5) ? random.between(0, 4) : 0;
    const piece = random.chance(0.8) ? random.pick(PIECES) : '';
    spoilt = Buffer.concat([spoilt.subarray(0, at), Buffer.from(piece), spoilt.subarray(at + cut)]);
  }
  return spoilt;
}

describe('the plain reader', () => {
  it('reads every message that we write', () => {
    const recipientId = Array.from({ length: 1000 }, (_, index) => `16${5_560_000_000 + index}`);
    const question = encodeGlobalElement(recipientV3Schema.isReachable, { senderOrgNr: '162021004748', recipientId });
    const bytes = writeEnvelope(question);
    const plain = readPlain(bytes);
    assert.ok(plain !== undefined);
    assert.deepEqual(treeOf(plain), generalTree(bytes));
  });

  it('reads what it reads as libxml2 and the general reader do, and nothing that they refuse', () => {
    const random = new Random(SEED);
    const counts = { plain: 0, leftButRight: 0, wrong: 0 };
    for (let count = 0; count < COUNT; count += 1) {
      const tree = new DocumentMaker(random, FOREIGN).make(random.pick(ELEMENTS));
      const xml = toXml(tree, random.chance(0.5));
      const whole = random.chance(0.5) ? Buffer.from(xml) : writeEnvelope(xml);
      const bytes = random.chance(0.3) ? whole : spoil(whole, random);
      const plain = readPlain(bytes);
      const general = generalTree(bytes);
      if (plain !== undefined) assert.deepEqual(treeOf(plain), general, `${count}: ${bytes.toString()}`);
      counts[plain !== undefined ? 'plain' : general === undefined ? 'wrong' : 'leftButRight'] += 1;
    }
    // else equal verdicts prove little
    assert.ok(counts.plain > COUNT * 0.2 && counts.wrong > COUNT * 0.2, JSON.stringify(counts));
  });

  it('leaves what is deep, large or not in UTF-8', () => {
    const deep = (depth: number) => Buffer.from(`${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`);
    assert.ok(readPlain(deep(90)) !== undefined);
    assert.equal(readPlain(deep(300)), undefined);
    assert.equal(readPlain(Buffer.from(`<a>${'x'.repeat(300_000)}</a>`)), undefined);
    assert.equal(readPlain(Buffer.from('<a>\xe5</a>', 'latin1')), undefined);
    assert.equal(readPlain(Buffer.from('<a></a>', 'utf16le')), undefined);
    assert.equal(readPlain(Buffer.alloc(0)), undefined);
  });
});
