import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { XmlC14NMode, XmlDocument, XmlStringOutputBufferHandler } from 'libxml2-wasm';
import { canonicalNodes, canonicalXml } from '../src/xml/canonicalXml.ts';
import { escapeAttribute, escapeText } from '../src/xml/escape.ts';
import { nodeOf } from '../src/xml/nodeOf.ts';
import { parseXml } from '../src/xml/parseXml.ts';
import { readMarkup } from '../src/xml/readMarkup.ts';
import { childNodes } from '../src/xml/XmlNode.ts';
import { type XmlRefusal, XmlRefused } from '../src/xml/XmlRefused.ts';
import { Random } from './differentialRandom.ts';
import { libxmlForm } from './libxmlForm.ts';

const BYTES_MAX = 2_097_152;

function refusal(bytes: Buffer | string, bytesMax = BYTES_MAX): XmlRefused {
  try {
    parseXml(Buffer.from(bytes), { bytesMax }).dispose();
  } catch (error) {
    assert.ok(error instanceof XmlRefused, `must be XmlRefused, was ${error}`);
    return error;
  }
  throw new assert.AssertionError({ message: 'must be refused' });
}

function refusedWith(code: XmlRefusal, message: RegExp, bytes: Buffer | string): void {
  const error = refusal(bytes);
  assert.equal(error.code, code);
  assert.match(error.message, message);
}

function canonical(xml: string): string {
  const doc = parseXml(Buffer.from(xml), { bytesMax: BYTES_MAX });
  try {
    return canonicalXml(doc.root);
  } finally {
    doc.dispose();
  }
}

function libxmlCanonical(xml: string): string {
  const doc = XmlDocument.fromString(xml);
  try {
    const handler = new XmlStringOutputBufferHandler();
    doc.canonicalize(handler, { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 });
    return handler.result;
  } finally {
    doc.dispose();
  }
}

describe('parseXml', () => {
  it('reads UTF-8 with and without byte order mark and declaration', () => {
    for (const head of [
      '',
      '\ufeff',
      "<?xml version='1.0' encoding='UTF-8'?>\n",
      '\ufeff<?xml version="1.0"?>',
      '\n ',
    ]) {
      const doc = parseXml(Buffer.from(`${head}<a>åäö €</a>`), { bytesMax: BYTES_MAX });
      assert.equal(doc.root.content, 'åäö €', JSON.stringify(head));
      doc.dispose();
    }
  });

  it('refuses a document over the limit and reads one exactly at it', () => {
    const xml = '<a></a>';
    parseXml(Buffer.from(xml), { bytesMax: 7 }).dispose();
    const error = refusal(xml, 6);
    assert.equal(error.code, 'TOO_LARGE');
    assert.equal(error.message, 'the document has 7 bytes, the limit is 6');
  });

  it('refuses every DOCTYPE (scenario 23)', () => {
    const refused = (xml: string) => refusedWith('DOCTYPE', /document type declaration is not allowed/, xml);
    refused('<!DOCTYPE a><a/>');
    refused('<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>');
    refused('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>');
    refused('\ufeff<!-- --><!DOCTYPE a SYSTEM "http://localhost/x.dtd"><a/>');
  });

  it('refuses encodings that could hide a DOCTYPE (scenario 23)', () => {
    const xml = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>';
    const utf16 = Buffer.from(`\ufeff${xml}`, 'utf16le');
    refusedWith('ENCODING', /UTF-8/, utf16);
    refusedWith('ENCODING', /UTF-8/, utf16.subarray(2));
    refusedWith('ENCODING', /UTF-8/, Buffer.from(utf16).swap16());
    refusedWith('ENCODING', /UTF-8/, Buffer.from(utf16.subarray(2)).swap16());
    refusedWith('ENCODING', /another encoding/, '<?xml version="1.0" encoding="UTF-7"?><a/>');
    refusedWith('ENCODING', /another encoding/, "<?xml version='1.0' encoding='ISO-8859-1'?><a/>");
    refusedWith('ENCODING', /another encoding/, '<?xml version="1.0" encoding = "utf-16"?><a/>');
    refusedWith('ENCODING', /does not begin/, Buffer.from([0x4c, 0x6f, 0xa7, 0x94, 0x93, 0x40]));
    refusedWith('ENCODING', /not UTF-8/, Buffer.from('<a>å</a>', 'latin1'));
    refusedWith('ENCODING', /not UTF-8/, Buffer.from('<a>\0</a>'));
  });

  it('refuses processing instructions', () => {
    refusedWith('INSTRUCTION', /not allowed/, '<a><?evil data?></a>');
    refusedWith('INSTRUCTION', /not allowed/, '<?xml version="1.0"?><?xml-stylesheet href="x"?><a/>');
  });

  it('refuses what is not well-formed, without quoting it', () => {
    for (const xml of [
      '',
      '   ',
      '<a>',
      '<a></b>',
      '<a>191212121212&x;</a>',
      '<a b=1/>',
      '<a/><b/>',
      '<x:a/>text',
      '{"a":1}',
    ]) {
      const error = refusal(xml);
      assert.ok(error.code === 'MALFORMED' || error.code === 'ENCODING', `${xml}: ${error.code}`);
      assert.doesNotMatch(error.message, /1912/);
    }
  });

  it('refuses deep nesting in bounded time (scenario 23)', () => {
    const startedMs = performance.now();
    refusedWith('MALFORMED', /not well-formed/, '<a>'.repeat(100_000) + '</a>'.repeat(100_000));
    assert.ok(performance.now() - startedMs < 2000);
  });

  it('reads 200 000 attributes in bounded time (scenario 23)', () => {
    const attributes = Array.from({ length: 200_000 }, (_, i) => `b${i}=""`).join(' ');
    const startedMs = performance.now();
    parseXml(Buffer.from(`<a ${attributes}/>`), { bytesMax: 10_000_000 }).dispose();
    refusedWith('MALFORMED', /not well-formed/, `<a ${'b="" '.repeat(200_000)}/>`);
    assert.ok(performance.now() - startedMs < 5000);
  });

  it('does not follow XInclude (scenario 23)', () => {
    const xml = '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></a>';
    const doc = parseXml(Buffer.from(xml), { bytesMax: BYTES_MAX });
    assert.equal(doc.root.content, '');
    doc.dispose();
  });
});

describe('canonicalXml', () => {
  it('drops prefixes and declares a namespace only where it changes (FACTS e.3)', () => {
    const xml =
      '<p:a xmlns:p="urn:1" xmlns:q="urn:2" xmlns:unused="urn:3"><q:b><q:c/><p:d>x</p:d></q:b><e xmlns=""/></p:a>';
    assert.equal(
      canonical(xml),
      '<a xmlns="urn:1"><b xmlns="urn:2"><c></c><d xmlns="urn:1">x</d></b><e xmlns=""></e></a>',
    );
  });

  it('gives the bytes that libxml2 gives for prefix-free documents', () => {
    const documents = [
      '<a/>',
      '<a xmlns="urn:1" z="1" b="&lt;&amp;&quot;&#9;&#10;&#13;&gt;\'" Id="x"><b xmlns="urn:2">&lt;&gt;&amp;"\'&#13;\n\t</b></a>',
      '<a xml:lang="sv" b="1" xml:space="preserve"> <b/>text<![CDATA[<&>]]>tail </a>',
      '<a xmlns="urn:1"><b xmlns=""><c xmlns="urn:1">€ 😀</c></b></a>',
    ];
    for (const xml of documents) assert.equal(canonical(xml), libxmlCanonical(xml), xml);
  });

  it('writes the same as bytes, also the large texts that it takes another way', () => {
    const texts = [
      '',
      'QUJD',
      'a&amp;b',
      '&lt;',
      '&gt;',
      '&#13;',
      '\r\n',
      '"\'\t\n ',
      'åäö€😀',
      '&#x85;&#x2028;',
      '<![CDATA[<&>]]>',
      '<x/>y',
    ];
    for (const text of texts) {
      const xml = `<p:a xmlns:p="urn:1"><p:Body q="1&gt;2">${text}</p:Body></p:a>`;
      const doc = parseXml(Buffer.from(xml), { bytesMax: BYTES_MAX });
      const expected = libxmlCanonical(canonicalXml(doc.root));
      assert.equal(canonicalNodes([nodeOf(doc.root)], '').toString(), expected, xml);
      assert.equal(canonicalXml(doc.root), expected, xml);
      doc.dispose();
    }
  });

  it('takes the namespace around into account', () => {
    const doc = parseXml(Buffer.from('<x:a xmlns:x="urn:1"><x:b/></x:a>'), { bytesMax: BYTES_MAX });
    assert.equal(canonicalXml(doc.root, { parentNamespace: 'urn:1' }), '<a><b></b></a>');
    doc.dispose();
  });

  it('refuses what it cannot write, and drops nothing', () => {
    const refused = (code: XmlRefusal, xml: string) =>
      assert.throws(
        () => canonical(xml),
        (error) => error instanceof XmlRefused && error.code === code && /not allowed/.test(error.message),
      );
    refused('COMMENT', '<a>16<!-- x -->20</a>');
    refused('ATTRIBUTE', '<a xmlns:x="urn:1" x:b="1"/>');
    refused('ATTRIBUTE', '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>');
    const doc = XmlDocument.fromString('<a>1<?evil data?>2</a>');
    assert.throws(
      () => canonicalXml(doc.root),
      (error) => error instanceof XmlRefused && error.code === 'INSTRUCTION',
    );
    doc.dispose();
  });
});

const SEED = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_261_123);
const MUTATIONS = Number(process.env['DIFFERENTIAL_COUNT'] ?? 5000);
const FRAGMENTS = [
  ...['<', '>', '&', ';', '"', "'", '=', '/', ' ', '\r', '\n', '\t', 'x', 'å', ':', ']', '-', '', '/>', '</a>'],
  ...['<b>', '</b>', '<a>', '&lt;', '&#13;', '&#x20;', '&amp;', '<![CDATA[', ']]>', '<!--', '-->', '<x:b/>'],
  ...['xmlns="u:9"', 'xmlns:x="u:8"', ' x:y="z"', ' b="c"', '<b/>', '<b c="&#10;>"/>', 'xmlns=""', 'xml:lang="sv"'],
];

function parsedOrUndefined(bytes: Buffer): XmlDocument | undefined {
  try {
    return parseXml(bytes, { bytesMax: BYTES_MAX });
  } catch (error) {
    if (error instanceof XmlRefused) return undefined;
    throw error;
  }
}

/** Canonical form, or why there is none. */
function formOf(element: Parameters<typeof canonicalXml>[0]): string {
  try {
    return canonicalXml(element);
  } catch (error) {
    if (error instanceof XmlRefused) return error.code;
    throw error;
  }
}

describe('readMarkup', () => {
  const documents = [
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- <a> -->\n<a>x</a>\n<!-- > -->',
    `<a\n\tb = '"'\r\n c="'>"\td="&lt;">x</a>`,
    '<a b="åäö€😀"><c>x</c></a>',
    '<a><c d="å">x</c><c d="å">y</c></a>',
    '<a b="1\r\n2\r3\n4\t5&#13;&#10;&#9;&#x20;"> \r\n x \r y &#13; &#xD; &#x1F48C; &apos;&quot;&gt;&lt;&amp;amp; </a >',
    '<a>></a>',
    '<a>]] ></a>',
    '<a>1<![CDATA[<b>&amp;\r\n]]]]><![CDATA[>]]>2</a>',
    '<a><![CDATA[]]></a>',
    '<a/>',
    '<a />',
    '<a b="/"/>',
    '<a b="x/" ></a>',
    '<a xmlns="u:1"><b xmlns=""><c/></b><b/></a>',
    '<p:a xmlns:p="u:1"><b xmlns="u:1"/><p:b xmlns:p="u:2"><p:c/></p:b><p:c/></p:a>',
    '<a xmlns="u:1"><b/><c xmlns="u:2"><b/></c><b/><c xmlns="u:3"><b/></c><b/></a>',
    '<a xmlns:x="u:1?a&amp;b"><x:b/><x:b/><b c=">"/><b c=">"/></a>',
    '<a xml:lang="sv" xmlns:q="u:q"><b/><b xml:space="preserve"/></a>',
    '<åäö:é xmlns:åäö="u:a">ü<åäö:é/>€😀</åäö:é>',
    '<a><b>x</b><b>y</b><b><c/></b><b/><b>z</b> <b>x</b></a>',
    `<a>${'x'.repeat(5000)}</a>`,
    `<a>${'å'.repeat(5000)}&lt;${'>'.repeat(5000)}</a>`,
  ];

  function assertSame(xml: string): void {
    assert.ok(sameIfAccepted(Buffer.from(xml)), `not well-formed: ${xml}`);
  }

  function sameIfAccepted(bytes: Buffer): boolean {
    const doc = parsedOrUndefined(bytes);
    if (doc === undefined) return false;
    try {
      const expected = libxmlForm(doc.root);
      assert.equal(formOf(readMarkup(bytes)), expected, JSON.stringify(bytes.toString()));
      assert.equal(formOf(doc.root), expected, JSON.stringify(bytes.toString()));
      return true;
    } finally {
      doc.dispose();
    }
  }

  it('reads well-formed bytes as libxml2 does', () => {
    for (const xml of documents) assertSame(xml);
  });

  it('reads what chance makes of them as libxml2 does, whenever that is still well-formed', () => {
    const random = new Random(SEED);
    let accepted = 0;
    for (let i = 0; i < MUTATIONS; i += 1) {
      let xml = random.pick(documents);
      for (let edits = random.between(1, 4); edits > 0; edits -= 1) {
        const at = random.between(0, xml.length);
        xml = xml.slice(0, at) + random.pick(FRAGMENTS) + xml.slice(at + random.between(0, 2));
      }
      if (sameIfAccepted(Buffer.from(xml))) accepted += 1;
    }
    assert.ok(accepted > MUTATIONS / 50, `only ${accepted} of ${MUTATIONS} were well-formed`);
  });

  it('passes over comments between and inside elements, and refuses them where form is kept', () => {
    const root = readMarkup(
      Buffer.from('<a><!-- <b> -- ><c/> --><b>1<!-- & -->2</b><!----></a>'.replace('-- >', '- ->')),
    );
    assert.equal(childNodes(root)[0]?.text, '12');
    assert.throws(() => canonicalXml(root), { name: 'XmlRefused', code: 'COMMENT' });
  });

  it('refuses a reference that only a DTD could explain', () => {
    assert.throws(() => canonicalXml(readMarkup(Buffer.from('<a>&x;</a>'))), { name: 'XmlRefused', code: 'ENTITY' });
  });
});

describe('escape', () => {
  it('follows Canonical XML', () => {
    assert.equal(escapeText('a&b<c>d"\r\n\t'), 'a&amp;b&lt;c&gt;d"&#xD;\n\t');
    assert.equal(escapeAttribute('a&b<c>d"\r\n\t'), 'a&amp;b&lt;c>d&quot;&#xD;&#xA;&#x9;');
    assert.equal(escapeText('inget att byta'), 'inget att byta');
  });
});
