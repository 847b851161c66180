import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createErrorText, createTexts, errorTitle, pickLanguage } from '../src/index.ts';
import { uiTexts } from '../src/uiTexts.ts';

test('texts of a language, with their parameters', () => {
  const texts = createTexts({
    sv: { title: 'Försändelser', count: (count: number) => `${count} brev` },
    en: { title: 'Letters', count: (count: number) => `${count} letters` },
  });
  assert.equal(texts('sv').title, 'Försändelser');
  assert.equal(texts('en').count(3), '3 letters');
  // @ts-expect-error a key nobody wrote
  assert.equal(texts('sv').missing, undefined);
});

test('a text missing in one language, too many or empty stops the start', () => {
  const message = (keys: string) => ({ name: 'TypeError', message: `Texts differ between languages: ${keys}` });
  // @ts-expect-error "b" is not translated
  assert.throws(() => createTexts({ sv: { a: 'å', b: 'ö' }, en: { a: 'a' } }), message('b'));
  const tooMany = { a: 'a', c: 'c' };
  assert.throws(() => createTexts({ sv: { a: 'å' }, en: tooMany }), message('c'));
  assert.throws(() => createTexts({ sv: { a: 'å', b: ' ' }, en: { a: '', b: 'b' } }), message('a, b'));
  // @ts-expect-error a function in one language, a text in the other
  assert.throws(() => createTexts({ sv: { a: (n: number) => `${n}` }, en: { a: 'a' } }), message('a'));
});

test('every text of the components exists in both languages and says something else in each', () => {
  const sv = Object.entries(uiTexts('sv'));
  const en: Readonly<Record<string, unknown>> = uiTexts('en');
  assert.ok(sv.length > 40);
  const same = sv.filter(([key, text]) => typeof text === 'string' && text === en[key]).map(([key]) => key);
  assert.deepEqual(same, []);
});

test('language: the chosen one, else the best the browser names, else Swedish', () => {
  assert.equal(pickLanguage(undefined), 'sv');
  assert.equal(pickLanguage(''), 'sv');
  assert.equal(pickLanguage('de, fr;q=0.9'), 'sv');
  assert.equal(pickLanguage('en-GB,en;q=0.9,sv;q=0.8'), 'en');
  assert.equal(pickLanguage('en;q=0.5, sv-SE;q=0.9'), 'sv');
  assert.equal(pickLanguage('en;q=0, de'), 'sv');
  assert.equal(pickLanguage('en', 'sv'), 'sv');
  assert.equal(pickLanguage('sv', 'en'), 'en');
  assert.equal(pickLanguage('sv', '<script>'), 'sv');
});

test('an error is told in English from its own list and from what every server can say; in Swedish as it stands', () => {
  const errorText = createErrorText({ TEST_GONE: 'The thing is gone.' });
  assert.equal(errorText('TEST_GONE', 'Saken är borta.', 'en'), 'The thing is gone.');
  assert.equal(
    errorText('BASE_CSRF', 'x', 'en'),
    'The form does not belong to your login. Reload the page and try again.',
  );
  assert.equal(errorText('TEST_GONE', 'Saken är borta.', 'sv'), 'Saken är borta.');
  for (const code of ['TEST_OTHER', 'toString']) assert.equal(errorText(code, 'Annat.', 'en'), 'Annat.', code);
  assert.deepEqual(
    [404, 401, 403, 503, 409, 500].map((status) => errorTitle(status, 'sv')),
    [
      ...['Sidan finns inte', 'Logga in igen', 'Du har inte behörighet', 'Tjänsten svarar inte just nu'],
      ...['Det gick inte att göra', 'Något gick fel'],
    ],
  );
});
