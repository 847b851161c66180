import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneByteEncodingOf, readXml } from '../src/index.ts';

const LIMITS = { bytesMax: 1_000_000 };
const refusal = (bytes: Buffer | string, code: string, limits = LIMITS) =>
  assert.throws(
    () => readXml(Buffer.from(bytes), limits),
    (error: { name?: string; code?: string }) => error.name === 'XmlRefused' && error.code === code,
    String(bytes).slice(0, 80),
  );

test('elements, attributes, namespaces and texts are read; comments are not', () => {
  const root = readXml(
    Buffer.from(
      '<a:brev xmlns:a="urn:x" id="7"><namn> Åsa <!-- x -->&amp; Öberg </namn><![CDATA[<x>]]><tom/></a:brev>',
    ),
    LIMITS,
  );
  assert.equal(root.name, 'brev');
  assert.equal(root.namespace, 'urn:x');
  assert.equal(root.attributes.get('id'), '7');
  assert.equal(root.text, '<x>');
  assert.deepEqual(
    root.children.map(({ name, namespace, text }) => [name, namespace, text]),
    [
      ['namn', '', 'Åsa & Öberg'],
      ['tom', '', ''],
    ],
  );
});

test('one-byte encodings that older systems declare are read; undeclared they are refused', () => {
  for (const encoding of ['ISO-8859-1', 'windows-1252']) {
    const bytes = Buffer.from(`<?xml version="1.0" encoding="${encoding}"?><ort>Åmål</ort>`, 'latin1');
    assert.equal(readXml(bytes, LIMITS).text, 'Åmål', encoding);
    assert.equal(oneByteEncodingOf(bytes), 'Windows-1252');
  }
  assert.equal(oneByteEncodingOf(Buffer.from('<?xml version="1.0" encoding="UTF-8"?><ort>Åmål</ort>')), undefined);
  refusal(Buffer.from('<ort>Åmål</ort>', 'latin1'), 'ENCODING');
  refusal(Buffer.from('<ort>x</ort>', 'utf16le'), 'ENCODING');
});

test('hostile documents are refused: DTD, entities, instructions, size, depth, number', () => {
  refusal('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'DOCTYPE');
  refusal(
    Buffer.from('<?xml version="1.0" encoding="windows-1252"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'latin1'),
    'DOCTYPE',
  );
  refusal('<?xml-stylesheet href="http://x"?><a/>', 'INSTRUCTION');
  refusal('<a>&nbsp;</a>', 'MALFORMED');
  refusal('<a><b></a>', 'MALFORMED');
  refusal('', 'ENCODING');
  refusal(`<a>${'x'.repeat(1_000_000)}</a>`, 'TOO_LARGE');
  refusal(`${'<a>'.repeat(65)}${'</a>'.repeat(65)}`, 'TOO_LARGE');
  assert.equal(readXml(Buffer.from(`${'<a>'.repeat(64)}${'</a>'.repeat(64)}`), LIMITS).name, 'a');
  const many = `<a>${'<b/>'.repeat(1_000)}</a>`;
  assert.throws(() => readXml(Buffer.from(many), { ...LIMITS, itemsMax: 1_000 }), { code: 'TOO_LARGE' });
  const attributes = Array.from({ length: 2_000 }, (_, n) => `a${n}="x"`).join(' ');
  assert.throws(() => readXml(Buffer.from(`<a ${attributes}/>`), { ...LIMITS, itemsMax: 1_000 }), {
    code: 'TOO_LARGE',
  });
});
