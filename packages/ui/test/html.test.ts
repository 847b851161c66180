import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributes, escapeHtml, href, html, join, raw, render, SafeHtml, UnsafeHrefError } from '../src/index.ts';

const HOSTILE = `"><script>alert('x')</script>&amp;`;
const HOSTILE_ESCAPED = '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;';

test('text and attribute values are escaped alike', () => {
  assert.equal(
    render(html`<p title="${HOSTILE}">${HOSTILE}</p>`),
    `<p title="${HOSTILE_ESCAPED}">${HOSTILE_ESCAPED}</p>`,
  );
  assert.equal(render(html`<p title='${HOSTILE}'></p>`), `<p title='${HOSTILE_ESCAPED}'></p>`);
  assert.equal(escapeHtml('åäö ÅÄÖ €'), 'åäö ÅÄÖ €');
});

test('nested markup and lists pass, nothing and truth values vanish, numbers are written', () => {
  const items = ['<a>', 'b'].map((item) => html`<li>${item}</li>`);
  assert.equal(render(html`<ul>${items}</ul>`), '<ul><li>&lt;a&gt;</li><li>b</li></ul>');
  assert.equal(
    render(html`${null}${undefined}${false}${true}${0}${-1.5}${[1, [html`<i>2</i>`, '<']]}`),
    '0-1.51<i>2</i>&lt;',
  );
  assert.equal(render(join(['<', html`<b></b>`], ', ')), '&lt;, <b></b>');
  assert.equal(render(raw('<b>')), '<b>');
  assert.ok(html`x` instanceof SafeHtml);
});

test('an object that only looks like markup is not trusted', () => {
  const forged = { toString: () => '<script>' } as unknown as SafeHtml;
  assert.throws(() => html`<p>${forged}</p>`, TypeError);
});

test('a value in an unquoted attribute is refused, wherever in the tag it stands', () => {
  const value = 'x onclick=alert(1)';
  assert.throws(() => html`<p class=${value}>`, { name: 'TypeError', message: /unquoted attribute/ });
  assert.throws(() => html`<p class="${'a'}" id=${value}>`, { name: 'TypeError', message: /unquoted attribute/ });
  assert.equal(render(html`<p>a = ${'b'}</p>`), '<p>a = b</p>');
});

test('addresses that run script or leave the site unseen are refused', () => {
  const refused = [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'blob:x',
    'file:///etc/passwd',
    '//evil.example/x',
    '/\\evil.example',
    '\\\\evil.example',
  ];
  for (const address of refused) {
    const expected = { name: 'Error', code: 'UI_UNSAFE_HREF', message: /not a path of this site/ };
    assert.throws(() => href(address), expected, address);
    assert.throws(() => html`<a href="${address}">x</a>`, UnsafeHrefError, address);
    assert.throws(() => html`<form action="${address}">`, UnsafeHrefError, address);
    assert.throws(() => html`<button class="a" formaction='${address}'>`, UnsafeHrefError, address);
    assert.throws(() => attributes({ src: address }), UnsafeHrefError, address);
  }
});

test('a part of an address after its fixed beginning cannot change where it leads', () => {
  assert.equal(render(html`<a href="/letters/${'javascript:x"'}">`), '<a href="/letters/javascript:x&quot;">');
});

test('ordinary addresses pass, with parameters written safely', () => {
  for (const address of [
    '/',
    '/letters/1',
    '?page=2',
    '#name',
    'letters',
    'https://a.example/?b=c',
    'mailto:a@b.se',
    'tel:+46',
    '/a:b',
  ]) {
    assert.equal(href(address), address);
  }
  assert.equal(href('/l', { q: 'å & ö', page: 2, empty: '', none: undefined }), '/l?q=%C3%A5+%26+%C3%B6&page=2');
  assert.equal(href('/l?a=1', { b: true }), '/l?a=1&b=true');
});

test('attributes: absent, bare and escaped; no handlers, no inline style', () => {
  const written = attributes({ id: 'a"b', hidden: true, checked: false, title: undefined, 'data-n': 0 });
  assert.equal(render(written), ' id="a&quot;b" hidden data-n="0"');
  for (const name of ['onclick', 'style', 'srcdoc', 'a b', 'x"']) {
    assert.throws(() => attributes({ [name]: 'x' }), { name: 'TypeError', message: `Attribute not allowed: ${name}` });
  }
});
