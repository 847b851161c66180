import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XmlDocument } from 'libxml2-wasm';
import { isLanguage, isUri } from '../src/codec/uri.ts';
import { escapeText } from '../src/xml/escape.ts';
import { compileValidator } from '../src/xsd/contractValidator.ts';
import { XSD_NAMESPACE } from '../src/xsd/writeSchema.ts';
import { Random } from './differentialRandom.ts';

const SCHEMA = ['anyURI', 'language'].map((type) => `<xs:element name="${type}" type="xs:${type}"/>`).join('');
const validator = compileValidator(
  { 'uri-test/all.xsd': `<xs:schema xmlns:xs="${XSD_NAMESPACE}">${SCHEMA}</xs:schema>` },
  'uri-test/all.xsd',
);

function libxmlAccepts(type: 'anyURI' | 'language', text: string): boolean {
  const document = XmlDocument.fromString(`<${type}>${escapeText(text)}</${type}>`);
  try {
    return validator.validate(document).length === 0;
  } finally {
    document.dispose();
  }
}

const PIECES = [...`ab1:/?#[]@!%.-_ <"{åé\t~;,\\'(`, '%2F', '%zz', 'http:', 'https://', '//', '://h:8', 'sv-'];

function judgedAlike(type: 'anyURI' | 'language', judge: (text: string) => boolean, pieces: readonly string[]): void {
  const random = new Random(20_261_123);
  const count = { accepted: 0, refused: 0 };
  for (let index = 0; index < 10_000; index += 1) {
    const text = Array.from({ length: random.between(0, 8) }, () => random.pick(pieces)).join('');
    const accepted = libxmlAccepts(type, text);
    assert.equal(judge(text), accepted, JSON.stringify(text));
    count[accepted ? 'accepted' : 'refused'] += 1;
  }
  assert.ok(Math.min(count.accepted, count.refused) > 500, JSON.stringify(count));
}

test('addresses are judged as libxml2 judges them', () => judgedAlike('anyURI', isUri, PIECES));

test('languages are judged as libxml2 judges them', () =>
  judgedAlike('language', isLanguage, ['s', 'v', 'SE', '-', '-', ' ', '1', '_', 'å', 'svenska']));

test('what is met in practice: the addresses of FACTS j and every spelling of Swedish', () => {
  for (const address of ['', 'https://mm.kivra.com/service/v3', 'http://[::1]:8080/x', '/relative', 'mailto:a@b.se']) {
    assert.ok(isUri(address), address);
  }
  for (const address of ['https://mm.kivra.com:port/', 'http://[::1', '100%', 'a#b#c', ':x']) {
    assert.equal(isUri(address), false, address);
  }
  for (const language of ['svSE', 'sv', 'sv-SE', 'en']) assert.ok(isLanguage(language), language);
  for (const language of ['', 'sv_SE', 'svenska-språket', 'swedishSE']) assert.equal(isLanguage(language), false);
});

test('a hostile address takes no longer than its length', () => {
  for (const unit of ['a:', 'a%20', '/a', 'a@', '[']) {
    const startedMs = performance.now();
    isUri(`//${unit.repeat(200_000)}%`);
    assert.ok(performance.now() - startedMs < 3000, unit);
  }
});
