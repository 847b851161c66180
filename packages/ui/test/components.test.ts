import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionForm,
  badge,
  codeBlock,
  cursorPagination,
  decisionTable,
  errorPage,
  errorSummary,
  html,
  inbox,
  linkButton,
  messageDocument,
  messageFrame,
  page,
  pagination,
  pdfFrame,
  render,
  table,
  textArea,
  textField,
  timeline,
  xmlView,
} from '../src/index.ts';

const HOSTILE = `<img src=x onerror="alert('å')">`;
const BRAND = { name: HOSTILE, home: '/' };
const NOW = new Date('2026-10-25T01:30:00Z');

function assertHarmless(markup: string): void {
  assert.ok(!markup.includes('<img'), markup);
  assert.ok(!markup.includes('onerror="'), markup);
  assert.ok(markup.includes('&lt;img'), markup);
}

test('hostile names and subjects are only text in every component that shows them', () => {
  const lang = 'sv';
  const pieces = [
    badge({ text: HOSTILE }),
    table({ caption: HOSTILE, columns: [{ header: HOSTILE, cell: (row) => row }], rows: [HOSTILE] }),
    timeline({
      lang,
      label: HOSTILE,
      entries: [{ at: NOW, title: HOSTILE, actor: HOSTILE, text: HOSTILE, details: HOSTILE }],
    }),
    inbox({
      lang,
      label: HOSTILE,
      items: [{ href: '/1', sender: HOSTILE, subject: HOSTILE, preview: HOSTILE, receivedAt: NOW, unread: true }],
    }),
    decisionTable({ lang, caption: HOSTILE, rules: [{ rule: HOSTILE, verdict: 'won', reason: HOSTILE }] }),
    codeBlock({ lang, label: HOSTILE, code: `<a b="${HOSTILE}">${HOSTILE}</a>`, language: 'xml' }),
    xmlView({ lang, label: HOSTILE, xml: `<a>${HOSTILE}</a>` }),
    textField({ name: 'a', label: HOSTILE, value: HOSTILE, description: HOSTILE, error: HOSTILE }),
    textArea({ name: 'a', label: 'a', value: `</textarea>${HOSTILE}` }),
    actionForm({ action: '/x', csrfToken: HOSTILE, hidden: { a: HOSTILE }, submit: { text: HOSTILE } }),
    pdfFrame({ lang, title: HOSTILE, href: '/x.pdf', fileName: HOSTILE }),
    errorSummary({ lang, errors: [{ fieldId: 'a', text: HOSTILE }] }),
  ];
  for (const piece of pieces) assertHarmless(piece.toString());
});

test('hostile names in the frame of the page and on the error page', () => {
  const user = { name: HOSTILE, role: HOSTILE, logoutPath: '/logout', csrfToken: HOSTILE };
  assertHarmless(page({ lang: 'sv', title: HOSTILE, brand: BRAND, user, nonce: HOSTILE, content: html`` }));
  const error = errorPage({
    lang: 'en',
    brand: BRAND,
    nonce: 'n',
    status: 400,
    title: HOSTILE,
    text: HOSTILE,
    requestId: HOSTILE,
    faults: [{ path: HOSTILE, text: HOSTILE }],
  });
  assertHarmless(error);
});

test('links and forms refuse addresses that run script', () => {
  const address = 'javascript:alert(1)';
  const refused = { code: 'UI_UNSAFE_HREF', message: /not a path of this site/ };
  assert.throws(() => linkButton({ text: 'x', href: address }), refused);
  assert.throws(() => actionForm({ action: address, csrfToken: 't', submit: { text: 'x' } }), refused);
  assert.throws(() => pagination({ lang: 'sv', page: 1, pageCount: 2, href: () => address }), refused);
});

test('no page has inline style, inline script or an inline handler', () => {
  const markup = page({
    lang: 'sv',
    title: 'x',
    brand: { name: 'Brevduva', home: '/' },
    nonce: 'abc',
    content: html`<p>x</p>`,
  });
  assert.ok(!/\sstyle=/.test(markup));
  assert.ok(!/<style/.test(markup));
  assert.ok(!/\son[a-z]+=/.test(markup));
  assert.deepEqual(markup.match(/<script[^>]*>/g)?.length, 1);
  assert.match(markup, /<script src="\/assets\/[0-9a-f]{16}-brevduva\.js" nonce="abc" defer><\/script>/);
});

test('an accused field is tied to its label, description and error', () => {
  const field = render(
    textField({ name: 'city', label: 'Postort', description: 'Som på kuvertet', error: 'Skriv postort' }),
  );
  assert.match(field, /<label[^>]* for="city">Postort/);
  assert.match(field, /id="city" name="city" aria-describedby="city-description city-error" aria-invalid="true"/);
  assert.match(field, /id="city-description"/);
  assert.match(field, /id="city-error"/);
});

test('a text area keeps a leading line break', () => {
  assert.match(render(textArea({ name: 'a', label: 'a', value: '\nrad två' })), /rows="4">\n\nrad två<\/textarea>/);
});

test('the exact XML is in the page byte for byte, and the reading view is shortened', () => {
  const xml = `<a xmlns="urn:x"><b>${'A'.repeat(500)}</b>\r\n<c></c></a>`;
  const view = render(xmlView({ lang: 'sv', label: 'XML', xml }));
  const shown = [...view.matchAll(/<code id="[^"]*">(.*?)<\/code>/gs)].map(([, code]) => unescaped(code ?? ''));
  assert.equal(shown[0], `<a xmlns="urn:x">\n  <b>${'A'.repeat(48)}… (500 tecken)</b>\n  <c></c>\n</a>`);
  assert.equal(shown[1], xml);
});

test('pages: none for one page, the current one marked, gaps between', () => {
  const options = { lang: 'sv', href: (n: number) => `?page=${n}` } as const;
  assert.equal(pagination({ ...options, page: 1, pageCount: 1 }), '');
  const markup = String(pagination({ ...options, page: 5, pageCount: 9 }));
  assert.deepEqual(
    [...markup.matchAll(/>(\d+|…)<\/(?:a|li)>/g)].map(([, n]) => n),
    ['1', '…', '4', '5', '6', '…', '9'],
  );
  assert.match(markup, /aria-label="Sida 5" aria-current="page"/);
  assert.equal(cursorPagination({ lang: 'sv' }), '');
});

test('a letter of HTML is framed without script, forms or our origin, and brings its own policy', () => {
  const frame = render(
    messageFrame({ lang: 'sv', title: 'Brev', sanitizedHtml: '<p>"Hej" & <b>å</b></p>', nonce: 'abc' }),
  );
  assert.match(frame, /sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  assert.ok(!frame.includes('allow-scripts') && !frame.includes('allow-same-origin') && !frame.includes('allow-forms'));
  const source = unescaped(/srcdoc="([^"]*)"/.exec(frame)?.[1] ?? '');
  assert.equal(
    source,
    messageDocument({ lang: 'sv', title: 'Brev', sanitizedHtml: '<p>"Hej" & <b>å</b></p>', nonce: 'abc' }),
  );
  const policy = unescaped(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(source)?.[1] ?? '');
  assert.match(policy, /^default-src 'none'; img-src data:;/);
  assert.ok(source.indexOf('Content-Security-Policy') < source.indexOf('<style'));
});

test('a story says each day once and tells the repeated hour apart', () => {
  const entries = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((at) => ({ at: new Date(at), title: 'x' }));
  const markup = render(timeline({ lang: 'sv', label: 'Historia', entries }));
  assert.equal(markup.match(/25 oktober 2026/g)?.length, 1);
  assert.match(markup, /02:30:00 \(UTC\+2\)/);
  assert.match(markup, /02:30:00 \(UTC\+1\)/);
});

function unescaped(text: string): string {
  const plain = text.replace(/<[^>]*>/g, '');
  const signs: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", '#13': '\r', amp: '&' };
  return plain.replace(/&(lt|gt|quot|#39|#13|amp);/g, (_, name: string) => signs[name] ?? '');
}
