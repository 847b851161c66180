/**
 * The generated XSDs judge like the official ones: the same verdict on every document, over random valid documents and
 * documents with one or two faults, for every element and every named type. `DIFFERENTIAL_SEED` and `DIFFERENTIAL_COUNT` change
 * what is tried; `scripts/differential.ts` is the long form.
 */
import assert from 'node:assert/strict';
import { XmlDocument, type XmlElement } from 'libxml2-wasm';
import {
  CONTRACT_SCHEMAS,
  ContractFault,
  checkGlobalElement,
  decodeGlobalElement,
  EncodeFault,
  encodeGlobalElement,
  type GlobalElement,
  invoiceSchema,
  officialMatterV3Schema,
  type SchemaFault,
  XmlFragment,
} from '../src/index.ts';
import { canonicalXml } from '../src/xml/canonicalXml.ts';
import { readMarkup } from '../src/xml/readMarkup.ts';
import { XmlRefused } from '../src/xml/XmlRefused.ts';
import type { Validator } from '../src/xsd/contractValidator.ts';
import { officialXsdPaths, readShared, sharedTest } from './contractShared.ts';
import { DocumentMaker, type Tree, toXml } from './differentialDocument.ts';
import { mutate } from './differentialMutation.ts';
import { Random } from './differentialRandom.ts';
import { libxmlForm } from './libxmlForm.ts';
import { officialValidator, probedValidator, probeSchema } from './officialValidator.ts';

const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_261_123);
const COUNT = Number(process.env['DIFFERENTIAL_COUNT'] ?? 10_000);

/** Both verdicts must be frequent, or equal verdicts prove little. */
const SHARE_MIN = 0.25;

/** The official enumerations: a word that we forgot must be tried. */
const officialEnumerations = (): string[][] =>
  officialXsdPaths()
    .flatMap((path) => [
      ...readShared(`contract/${path}`)
        .toString()
        .matchAll(/<restriction[\s\S]*?<\/restriction>/g),
    ])
    .map(([restriction]) => [...restriction.matchAll(/<enumeration value="([^"]*)"/g)].map(([, word]) => word ?? ''))
    .filter((words) => words.length > 0);

interface Sample {
  readonly element: GlobalElement;
  readonly xml: string;
  readonly changes: readonly string[];
}

const FOREIGN = [invoiceSchema.Invoice, officialMatterV3Schema.officialMatterExtension] as const;
/** Every element, and every type that has a name, used by an operation or not. */
const ELEMENTS = [...CONTRACT_SCHEMAS, probeSchema].flatMap(({ elements }) => elements);

function makeSample(random: Random, enumerations: readonly string[][]): Sample {
  const element = random.pick(ELEMENTS);
  const tree = new DocumentMaker(random, FOREIGN).make(element);
  const changes = random.chance(0.3) ? [] : change(tree, random, enumerations);
  return { element, changes, xml: toXml(tree, random.chance(0.3)) };
}

function change(tree: Tree, random: Random, enumerations: readonly string[][]): string[] {
  const wanted = random.chance(0.8) ? 1 : 2;
  const done: string[] = [];
  for (let attempt = 0; attempt < 20 && done.length < wanted; attempt += 1) {
    const kind = mutate(tree, random, enumerations);
    if (kind !== undefined) done.push(kind);
  }
  return done;
}

/**
 * What we refuse and libxml2 does not: broken base64, a second alternative after a choice's wildcard, and, because XML that is
 * kept as it stands cannot carry it, attributes in a namespace.
 */
const MORE_THAN_THE_SCHEMA = /base64|not allowed|OfficialMatterExtension is not expected here/;

/** What the schema accepts is read without complaint, and what was not changed comes back as it was. */
function assertRead(root: XmlElement, { element, changes }: Sample, seed: string): void {
  const isRoot = root.name === element.name && root.namespaceUri === element.schema.namespace;
  if (!isRoot) return;
  try {
    const again = encodeGlobalElement(element, decodeGlobalElement(root, element));
    if (changes.length === 0) assert.equal(again, canonicalXml(root), seed);
  } catch (error) {
    const isKnown = error instanceof ContractFault && MORE_THAN_THE_SCHEMA.test(error.description);
    if (changes.length > 0 && isKnown) return;
    throw new Error(`${seed}: accepted by the schema but not read: ${error}`, { cause: error });
  }
}

/** The bytes read by ourselves are the tree that libxml2 has read. */
function assertSameTree(xml: string, root: XmlElement, seed: string): void {
  let own: string;
  try {
    own = canonicalXml(readMarkup(Buffer.from(xml)));
  } catch (error) {
    if (!(error instanceof XmlRefused)) throw error;
    own = error.code;
  }
  assert.equal(own, libxmlForm(root), seed);
}

/** What the reader leaves to the schema: parts that stay XML, and the form of `ID`. */
const LEFT_TO_THE_SCHEMA = /xmldsig#|<(?:p:)?ds\.|externalschema|OfficialMatter|xs:ID|content type is empty/;

/** What the schema refuses is refused by the reader too: it may judge alone where nothing stays XML. */
function assertNotRead(
  root: XmlElement,
  { element, xml }: Sample,
  faults: readonly SchemaFault[],
  report: string,
): void {
  const messages = faults.map(({ message }) => message).join();
  if (LEFT_TO_THE_SCHEMA.test(xml + messages)) return;
  // the standard lets white space stand around a date; libxml2 does not
  if (/xs:date/.test(messages) && />\s+\d{4}-|[\dZ]\s+</.test(xml)) return;
  assert.throws(() => decodeGlobalElement(root, element), ContractFault, report);
}

/** Values that the writer's check lets through are valid when they are written, and the others are not. */
function assertChecked({ element }: Sample, root: XmlElement, official: Validator, random: Random): boolean {
  const value = spoilt(decodeGlobalElement(root, element), random);
  const verdict = faultOf(() => checkGlobalElement(element, value as never));
  const document = XmlDocument.fromString(encodeGlobalElement(element, value as never));
  try {
    const faults = official.validate(document);
    const messages = faults.map(({ message }) => message).join();
    if (LEFT_TO_THE_SCHEMA.test(messages)) return false;
    assert.equal(verdict === undefined, faults.length === 0, `${element.name}: ${verdict} ${messages}`);
    return faults.length > 0;
  } finally {
    document.dispose();
  }
}

function faultOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof EncodeFault) return error.message;
    throw error;
  }
}

/** Puts a wrong text in place of some texts, anywhere in a value. */
function spoilt(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((one) => spoilt(one, random));
  if (typeof value === 'string') return random.chance(0.15) ? random.pick(WRONG_TEXTS) : value;
  if (typeof value === 'number') return random.chance(0.3) ? random.pick([0, 1, 9999, -5]) : value;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof XmlFragment) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, spoilt(member, random)]));
}

const WRONG_TEXTS = [
  '',
  'x',
  'x'.repeat(3000),
  '💌'.repeat(256),
  '💌'.repeat(255),
  '162021004748',
  '1620210047481',
  '१६२०२१००४७४८',
  '16२०२१००४७४८',
  'Secure',
  'a@b.c',
  'a\n@b.c',
  '2024-02-29',
  '2023-02-29',
  '1900-02-29',
  '2000-02-29Z',
  '2023-04-31',
  '0000-01-01',
  '-0004-02-29',
  '2023-01-01+14:00',
  '2023-01-01+14:01',
  '2023-01-01-13:60',
  '2023-01-01T24:00:00',
  '2023-01-01T24:00:00.1',
  '2023-01-01T23:59:60',
  '2023-01-01T12:00:00.123Z',
  '12023-01-01T12:00:00',
];

sharedTest(`${COUNT} random documents are judged alike by the generated and the official schemas`, () => {
  const official = officialValidator();
  const own = probedValidator();
  const tried = new Set<GlobalElement>();
  const enumerations = officialEnumerations();
  const count = { accepted: 0, refused: 0 };
  let spoiled = 0;
  const kinds = new Map<string, number>();
  for (let index = 0; index < COUNT; index += 1) {
    const seed = `DIFFERENTIAL_SEED=${SEED + index} DIFFERENTIAL_COUNT=1`;
    const sample = makeSample(new Random(SEED + index), enumerations);
    tried.add(sample.element);
    const document = XmlDocument.fromString(sample.xml);
    try {
      const verdicts = { official: official.validate(document), own: own.validate(document) };
      const accepted = verdicts.official.length === 0;
      assertSameTree(sample.xml, document.root, seed);
      const report = () => `${seed}\nchanges: ${sample.changes}\n${sample.xml}\n${JSON.stringify(verdicts, null, 1)}`;
      assert.equal(verdicts.own.length === 0, accepted, report());
      assert.ok(accepted || sample.changes.length > 0, `an unchanged document is refused by both: ${report()}`);
      if (accepted) assertRead(document.root, sample, seed);
      else assertNotRead(document.root, sample, verdicts.official, report());
      if (sample.changes.length === 0 && assertChecked(sample, document.root, official, new Random(SEED + index)))
        spoiled += 1;
      count[accepted ? 'accepted' : 'refused'] += 1;
      for (const kind of sample.changes) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    } finally {
      document.dispose();
    }
  }
  process.stdout.write(
    `differential: ${JSON.stringify({ seed: SEED, ...count, elementsAndTypes: tried.size, changes: Object.fromEntries(kinds) })}\n`,
  );
  if (COUNT < 5000) return;
  assert.equal(tried.size, ELEMENTS.length, 'an element or a type was never tried');
  assert.ok(count.accepted >= COUNT * SHARE_MIN, `only ${count.accepted} accepted`);
  assert.ok(spoiled > 100, `only ${spoiled} values spoilt`);
  assert.ok(count.refused >= COUNT * SHARE_MIN, `only ${count.refused} refused`);
});
