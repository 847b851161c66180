import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  attachmentChecksum,
  type ContentFaultCode,
  checkMessageHtml,
  ENVELOPE_BYTES_MAX,
  isAttachmentChecksum,
} from '../src/index.ts';

const PNG = 'data:image/png;base64,iVBORw0KGgo=';

function page(body: string, head = '<title>Beslut</title>'): string {
  return `<!DOCTYPE html>\n<html lang="sv">\n<head><meta charset="utf-8">${head}</head>\n<body>\n${body}\n</body>\n</html>`;
}

describe('checkMessageHtml passes (scenario 5)', () => {
  for (const [name, html] of [
    ['plain text', 'Hej! 3 < 4 & 5 > 4'],
    ['a fragment', '<p>Hej</p><p>Då</p>'],
    ['a letter', page('<h1>Beslut</h1><p class="ingress" style="color: #333; margin: 0 auto">Hej <b>du</b><br></p>')],
    [
      'a table',
      page('<table border="1" width="100%"><tr><th scope="col">A</th></tr><tr><td bgcolor="#eee">1</td></tr></table>'),
    ],
    [
      'inline pictures',
      page(`<img alt="Logotyp" src="${PNG}"><img src=" data:image/jpeg;base64,/9j/4AAQ\nSkZJRg== ">`),
    ],
    [
      'links',
      page('<a href="https://x.example/">a</a><a href="mailto:a@b.se">b</a><a href="tel:+46">c</a><a href="#d">d</a>'),
    ],
    ['a style sheet', page('<p>Hej</p>', '<style>p { font-family: Arial, sans-serif } /* rubriker */</style>')],
    ['an inline picture in a style', page(`<p style="background: url('${PNG}')">Hej</p>`)],
    [
      'content type as http-equiv',
      page('<p>x</p>', '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'),
    ],
    ['words that look dangerous', page('<p>javascript: och onclick= är bara ord, liksom &lt;script&gt;</p>')],
    ['nothing', ''],
  ] as const) {
    it(name, () => assert.deepEqual(checkMessageHtml(html), []));
  }
});

describe('checkMessageHtml refuses, with the element named (scenario 5)', () => {
  const cases: [ContentFaultCode, string, string][] = [
    ['SCRIPT', 'script', '<script>alert(1)</script>'],
    ['SCRIPT', 'script', '<SCRIPT SRC="https://x/x.js"></SCRIPT>'],
    ['SCRIPT', 'script', '<p><script/src="x">'],
    ['SCRIPT', 'noscript', '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>'],
    ['EVENT_HANDLER', 'p', '<p onclick="x()">a</p>'],
    ['EVENT_HANDLER', 'img', `<img src="${PNG}" OnError=x()>`],
    ['EVENT_HANDLER', 'body', '<body onload="x()">a'],
    ['EVENT_HANDLER', 'a', '<a/onmouseover=alert(1) href="https://x">a</a>'],
    ['EXTERNAL_IMAGE', 'img', '<img src="https://x.example/pixel.gif">'],
    ['EXTERNAL_IMAGE', 'img', '<img src="//x.example/pixel.gif">'],
    ['EXTERNAL_IMAGE', 'img', '<img src="cid:logo">'],
    ['EXTERNAL_IMAGE', 'img', '<image src="logo.png">'],
    ['EXTERNAL_IMAGE', 'img', '<img src="data:image/svg+xml;base64,PHN2Zz4=">'],
    ['EXTERNAL_IMAGE', 'img', `<img src="${PNG}" srcset="https://x/2.png 2x">`],
    ['EXTERNAL_IMAGE', 'td', '<table><tr><td background="https://x/x.png">a</td></tr></table>'],
    ['FORM', 'form', '<form action="https://x"></form>'],
    ['FORM', 'input', '<input type="password">'],
    ['FORM', 'button', '<button formaction="https://x">a</button>'],
    ['FORM', 'select', '<select><option>a</select>'],
    ['BASE', 'base', '<base href="https://x.example/">'],
    ['SVG', 'svg', '<svg><circle r="1"/></svg>'],
    ['SVG', 'svg', '<p><svg><script>alert(1)</script></svg></p>'],
    ['CSS', 'p', '<p style="background: url(https://x/x.png)">a</p>'],
    ['CSS', 'p', '<p style="background: u\\72 l(https://x/x.png)">a</p>'],
    ['CSS', 'p', '<p style="width: exp/**/ression(alert(1))">a</p>'],
    ['CSS', 'p', '<p style="behavior: url(#default#time2)">a</p>'],
    ['CSS', 'p', '<p style="-moz-binding: none">a</p>'],
    ['CSS', 'p', '<p style="position: FIXED; top: 0">a</p>'],
    ['CSS', 'p', '<p style="background: URL(\'javascript:x\')">a</p>'],
    ['CSS', 'style', '<style>@import "https://x/x.css";</style>'],
    ['CSS', 'style', '<style>p { background: url( "x.png" ) }</style>'],
    ['CSS', 'style', '<style>@\\69mport url(x)</style>'],
    ['CSS', 'style', '<style>a{content:"/*"} b{background:url(https://x)} c{content:"*/"}</style>'],
    ['FRAME', 'iframe', '<iframe src="https://x"></iframe>'],
    ['FRAME', 'iframe', '<iframe srcdoc="<script>x</script>"></iframe>'],
    ['OBJECT', 'object', '<object data="x.swf"></object>'],
    ['OBJECT', 'embed', '<embed src="x.swf">'],
    ['OBJECT', 'video', '<video src="https://x/x.mp4"></video>'],
    ['META', 'meta', '<meta http-equiv="refresh" content="0;url=https://x">'],
    ['META', 'meta', '<META HTTP-EQUIV=" Refresh " CONTENT="0">'],
    ['LINK', 'link', '<link rel="stylesheet" href="https://x/x.css">'],
    ['URL', 'a', '<a href="javascript:alert(1)">a</a>'],
    ['URL', 'a', '<a href=" java&#10;script:alert(1)">a</a>'],
    ['URL', 'a', '<a href="&#1;JAVASCRIPT:alert(1)">a</a>'],
    ['URL', 'a', '<a href="data:text/html,<script>x</script>">a</a>'],
    ['URL', 'a', '<a href="vbscript:x">a</a>'],
    ['URL', 'a', '<a href="file:///etc/passwd">a</a>'],
    ['URL', 'a', '<a href="../other">a</a>'],
    ['URL', 'a', '<a href="https://x" ping="https://y">a</a>'],
    ['ATTRIBUTE', 'p', '<p contenteditable>a</p>'],
    ['ELEMENT', 'template', '<template><p>a</p></template>'],
    ['ELEMENT', 'math', '<math><mi>x</mi></math>'],
    ['ELEMENT', 'marquee', '<marquee>a</marquee>'],
    ['ELEMENT', 'x-widget', '<x-widget>a</x-widget>'],
  ];
  for (const [code, element, html] of cases) {
    it(`${code}: ${html}`, () => {
      const [fault] = checkMessageHtml(html);
      assert.ok(fault !== undefined, 'must be refused');
      assert.deepEqual({ code: fault.code, element: fault.element }, { code, element });
      assert.match(fault.text, new RegExp(`<${element}|http-equiv`));
    });
  }

  it('says where: path and line, all faults at once, in the order of the text', () => {
    const faults = checkMessageHtml(page('<p>a</p>\n<p onclick="x">b\n<img src="https://x">\n</p>\n<script></script>'));
    assert.deepEqual(
      faults.map(({ code, path, line }) => ({ code, path, line })),
      [
        { code: 'EVENT_HANDLER', path: '/html/body/p[2]', line: 6 },
        { code: 'EXTERNAL_IMAGE', path: '/html/body/p[2]/img', line: 7 },
        { code: 'SCRIPT', path: '/html/body/script', line: 9 },
      ],
    );
    assert.equal(faults[0]?.text, 'Händelseattribut är inte tillåtna: onclick på <p>.');
  });

  it('quotes nothing of the content', () => {
    for (const { text } of checkMessageHtml(
      '<a href="javascript:191212121212">a</a><img src="https://191212121212">',
    )) {
      assert.doesNotMatch(text, /1912/);
    }
  });

  it('refuses what would take long, in bounded time', () => {
    const startedMs = performance.now();
    assert.equal(checkMessageHtml('<b>'.repeat(600_000))[0]?.code, 'TOO_COMPLEX');
    assert.equal(checkMessageHtml('<div>'.repeat(5_000))[0]?.code, 'TOO_COMPLEX');
    assert.ok(checkMessageHtml(`<p ${'x=1 '.repeat(1000)}>`).length === 0);
    assert.equal(checkMessageHtml('<script></script>'.repeat(9_000)).length, 100);
    checkMessageHtml('a'.repeat(ENVELOPE_BYTES_MAX));
    assert.ok(performance.now() - startedMs < 5000);
  });
});

describe('attachmentChecksum', () => {
  it('is MD5 in upper-case hexadecimal (FACTS f)', () => {
    assert.equal(attachmentChecksum(Buffer.from('')), 'D41D8CD98F00B204E9800998ECF8427E');
    assert.equal(attachmentChecksum(Buffer.from('abc')), '900150983CD24FB0D6963F7D28E17F72');
  });

  it('is compared without case, and a wrong one is refused (scenario 24)', () => {
    const bytes = Buffer.from('abc');
    assert.ok(isAttachmentChecksum('900150983CD24FB0D6963F7D28E17F72', bytes));
    assert.ok(isAttachmentChecksum('900150983cd24fb0d6963f7d28e17f72', bytes));
    assert.equal(isAttachmentChecksum('900150983CD24FB0D6963F7D28E17F73', bytes), false);
    assert.equal(isAttachmentChecksum(attachmentChecksum(Buffer.from('abd')), bytes), false);
    assert.equal(isAttachmentChecksum('', bytes), false);
  });

  it('knows the limit of an envelope (scenario 6)', () => {
    assert.equal(ENVELOPE_BYTES_MAX, 2 * 1024 * 1024);
  });
});
