import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sanitizeLetterHtml } from '../src/content/sanitize.ts';
import { HOSTILE_HTML } from './hostileHtml.ts';

/** Anything that could run, fetch, submit or cover the page. Judged on the tags of the result, not on its text. */
const ACTIVE_TAG =
  /<\s*(script|iframe|object|embed|applet|form|input|button|textarea|select|link|meta|base|style|svg|math|audio|video|source|template|frame|frameset|noscript|details|marquee)\b/i;
const EVENT_HANDLER = /<[^>]*\son[a-z]+\s*=/i;
const ACTIVE_URL =
  /<[^>]*\s(href|src|action|background|xlink:href|poster)\s*=\s*"?\s*(javascript|vbscript|data:text|file|blob):/i;
const REMOTE_FETCH = /<img[^>]*\ssrc\s*=\s*"(?!data:image\/(png|jpeg|gif|webp);base64,)/i;
const ACTIVE_STYLE = /style="[^"]*(url\(|expression|position|behavior|@import|-moz-binding)/i;

/** What a quoted attribute value says is text; the writer quotes every value and escapes what stands in it. */
const withoutValues = (html: string) => html.replaceAll(/"[^"]*"/g, '""');

describe('hostile HTML is shown inert (scenario 5)', () => {
  for (const [name, html] of HOSTILE_HTML) {
    test(name, () => {
      const shown = sanitizeLetterHtml(html);
      for (const pattern of [ACTIVE_TAG, EVENT_HANDLER]) assert.doesNotMatch(withoutValues(shown), pattern);
      for (const pattern of [ACTIVE_URL, REMOTE_FETCH, ACTIVE_STYLE]) assert.doesNotMatch(shown, pattern);
    });
  }

  test('the patterns of this test see what they look for', () => {
    assert.match('<script>1</script>', ACTIVE_TAG);
    assert.match('<p onclick="x()">', EVENT_HANDLER);
    assert.match('<a href="javascript:x()">', ACTIVE_URL);
    assert.match('<img src="https://spy.example/p.png">', REMOTE_FETCH);
    assert.match('<p style="background:url(x)">', ACTIVE_STYLE);
  });
});

describe('an honest letter keeps its form', () => {
  test('headings, lists, tables and colours pass', () => {
    const html =
      '<h1>Beslut</h1><p style="color:#333333;text-align:center">Hej <strong>Åsa</strong></p>' +
      '<table><tr><th scope="col">Belopp</th></tr><tr><td colspan="2">1 200 kr</td></tr></table><ul><li>Ett</li></ul>';
    assert.equal(sanitizeLetterHtml(html), html);
  });

  test('an inline pixel image passes', () => {
    const html = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="Vapen" />';
    assert.equal(sanitizeLetterHtml(html), html);
  });

  test('a link opens in a window of its own and tells the other side nothing', () => {
    assert.equal(
      sanitizeLetterHtml('<a href="https://kommun.example/">Läs mer</a>'),
      '<a href="https://kommun.example/" target="_blank" rel="noopener noreferrer nofollow">Läs mer</a>',
    );
  });

  test('text that looks like markup stays text', () => {
    assert.equal(sanitizeLetterHtml('<p>3 &lt; 5 &amp; &lt;script&gt;</p>'), '<p>3 &lt; 5 &amp; &lt;script&gt;</p>');
  });

  test('of a whole document only what was meant to be read is left', () => {
    const html =
      '<!DOCTYPE html><html><head><title>Rubrik</title><style>p{color:red}</style></head><body><p>Hej</p></body></html>';
    assert.equal(sanitizeLetterHtml(html), '<p>Hej</p>');
  });

  test('200 levels of nesting are cut, not followed', () => {
    const shown = sanitizeLetterHtml(`${'<div>'.repeat(200)}djupt${'</div>'.repeat(200)}`);
    assert.ok((shown.match(/<div>/g) ?? []).length <= 60);
  });
});
