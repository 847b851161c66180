import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { PDF as LibPdf } from '@libpdf/core';
import { HUB_ERRORS } from '../src/errors.ts';
import { firstExtra, type PdfSpec, samplePdf, streamObject } from './pdfSamples.ts';
import { EICAR } from './support/eicar.ts';
import { OTHER_API_KEY } from './support/hubDatabase.ts';
import { base64Of, faultsOf, formOf, type IntakeHub, LETTER, PDF, startIntakeHub } from './support/intakeHub.ts';

let hub: IntakeHub;
before(async () => {
  hub = await startIntakeHub();
});
after(() => hub.close());

/** Refused as a whole with exactly these faults (`code path`), the texts saying what `says` asks for. */
async function refusedLetter(changes: object, faults: readonly string[], says: RegExp = /./): Promise<void> {
  const answer = await hub.refused(() => hub.post({ ...LETTER, ...changes }), 422, 'HUB_LETTER_INVALID');
  assert.deepEqual(faultsOf(answer), faults, JSON.stringify(changes).slice(0, 200));
  for (const { text } of answer.body.faults) assert.ok(text.length > 10, 'every fault says something');
  assert.match(answer.body.faults.map(({ text }: { text: string }) => text).join(' '), says);
}

const attached = (bytes: Buffer) => ({ attachments: [base64Of('beslut.pdf', bytes)] });

describe('scenario 1: a PDF that cannot be read is refused at intake with a code of its own', () => {
  it('corrupt, no pages, encrypted, renamed .docx, empty', async () => {
    await refusedLetter(attached(PDF.subarray(0, PDF.length / 2)), ['HUB_PDF_CORRUPT attachments/0'], /trasig/);
    await refusedLetter(attached(samplePdf({ pages: [] })), ['HUB_PDF_NO_PAGES attachments/0'], /inga sidor/);
    const locked = await LibPdf.load(PDF);
    locked.setProtection({ userPassword: 'hemligt', ownerPassword: 'ägare' });
    const encrypted = Buffer.from(await locked.save());
    await refusedLetter(attached(encrypted), ['HUB_PDF_ENCRYPTED attachments/0'], /lösenordsskyddad/);
    const docx = Buffer.from('PK\u0003\u0004xxword/document.xml', 'latin1');
    await refusedLetter(attached(docx), ['HUB_PDF_NOT_A_PDF attachments/0'], /Worddokument/);
    await refusedLetter(attached(Buffer.from(EICAR)), ['HUB_PDF_NOT_A_PDF attachments/0']);
    const empty = formOf(LETTER, { name: 'tom.pdf', bytes: Buffer.alloc(0) });
    const answer = await hub.refused(() => hub.postForm(empty), 422, 'HUB_LETTER_INVALID');
    assert.deepEqual(faultsOf(answer), ['HUB_PDF_NOT_A_PDF attachments/0']);
    assert.match(answer.body.faults[0].text, /filen är tom/);
  });

  it('active content, embedded files, too many pages; every attachment at once, each by its place', async () => {
    const page: PdfSpec = { pages: [{}] };
    const script = samplePdf({ ...page, catalog: '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>' });
    const n = firstExtra(1);
    const carrier = samplePdf({
      ...page,
      catalog: `/Names << /EmbeddedFiles << /Names [(a) ${n} 0 R] >> >>`,
      objects: [
        `<< /Type /Filespec /F (a.xml) /EF << /F ${n + 1} 0 R >> >>`,
        streamObject('/Type /EmbeddedFile', Buffer.from('<a/>')),
      ],
    });
    const long = samplePdf({ pages: Array.from({ length: 501 }, () => ({})) });
    const pdfs = [script, PDF, carrier, long].map((bytes, i) => base64Of(`${i}.pdf`, bytes));
    await refusedLetter({ attachments: pdfs }, [
      'HUB_PDF_ACTIVE_CONTENT attachments/0',
      'HUB_PDF_EMBEDDED_FILE attachments/2',
      'HUB_PDF_TOO_MANY_PAGES attachments/3',
    ]);
  });
});

it('a telephone number and an e-mail address that nobody can be reached by are refused', async () => {
  const contact = { phone: '12', email: 'Anna <anna@example.se>' };
  await refusedLetter({ contact }, ['HUB_CONTACT_PHONE contact/phone', 'HUB_CONTACT_EMAIL contact/email']);
});

describe('scenario 4: an address is refused with a fault per cause', () => {
  const GOOD = { name: 'Åsa Öberg', street: 'Storgatan 1', postalCode: '123 45', city: 'Ödeshög' };
  const cases: [string, object, string[]][] = [
    ['no name', { name: null }, ['HUB_ADDRESS_NAME_MISSING address/name']],
    ['two lines', { street: null }, ['HUB_ADDRESS_TOO_FEW_LINES address/lines']],
    ['eight lines', { lines: ['A', 'B', 'C', 'D', 'E'] }, ['HUB_ADDRESS_TOO_MANY_LINES address/lines']],
    ['long line', { street: 'x'.repeat(61) }, ['HUB_ADDRESS_LINE_TOO_LONG address/street']],
    ['bad postcode', { postalCode: '01234' }, ['HUB_ADDRESS_POSTAL_CODE address/postalCode']],
    ['no city', { city: '' }, ['HUB_ADDRESS_CITY address/city']],
    ['no such country', { country: 'Lyonesse' }, ['HUB_ADDRESS_COUNTRY address/country']],
    ['care of nobody', { careOf: 'c/o' }, ['HUB_ADDRESS_CARE_OF address/careOf']],
    ['first character', { lines: ['#2'] }, ['HUB_ADDRESS_FIRST_CHARACTER address/lines/0']],
    ['control character', { city: 'Ödes\u0007hög' }, ['HUB_ADDRESS_CHARACTER address/city']],
    ['no fixed abode', { street: 'Saknar fast bostad' }, ['HUB_ADDRESS_NO_FIXED_ABODE address/street']],
    [
      'many causes',
      { name: '', postalCode: '1', city: '9' },
      [
        'HUB_ADDRESS_NAME_MISSING address/name',
        'HUB_ADDRESS_POSTAL_CODE address/postalCode',
        'HUB_ADDRESS_CITY address/city',
      ],
    ],
    ['misspelt field', { postcode: '123 45' }, ['HUB_FIELD_UNKNOWN address/postcode']],
    ['wrong types', { name: 1, lines: 'x' }, ['HUB_FIELD_TYPE address/lines', 'HUB_FIELD_TYPE address/name']],
  ];
  for (const [name, changes, faults] of cases) {
    it(name, () => refusedLetter({ address: { ...GOOD, ...changes } }, faults));
  }

  it('a flow that goes on paper only needs one; a million lines get one fault back', async () => {
    await refusedLetter({ flow: 'papper' }, ['HUB_ADDRESS_REQUIRED address'], /postadressen måste finnas/);
    const lines = Array.from({ length: 1_000_000 }, () => '#');
    const answer = await hub.refused(
      () => hub.post({ ...LETTER, address: { ...GOOD, lines } }),
      422,
      'HUB_LETTER_INVALID',
    );
    assert.ok(answer.body.faults.length <= 51);
  });
});

describe('scenario 5: an HTML body with anything active is refused, the element named', () => {
  const cases: [string, string, RegExp][] = [
    ['<p>Hej</p><script>alert(1)</script>', 'script', /Skript.*<script>/],
    ['<p onclick="x()">Hej</p>', 'p', /onclick på <p>/],
    ['<p>Hej<img src="https://x.example/pixel.gif"></p>', 'img', /Bilder måste ligga i meddelandet.*<img>/],
    ['<form action="https://x.example"><p>Hej</p></form>', 'form', /Formulär.*<form>/],
    ['<base href="https://x.example/"><p>Hej</p>', 'base', /Basadress.*<base>/],
    ['<p>Hej</p><svg><circle r="1"/></svg>', 'svg', /SVG.*<svg>/],
    ['<p style="position: fixed">Hej</p>', 'p', /Stilmallen.*position/],
    ['<p>Hej</p><iframe src="https://x.example"></iframe>', 'iframe', /Ramar.*<iframe>/],
    ['<a href="javascript:x()">Hej</a>', 'a', /Länkar måste börja.*<a>/],
    ['<meta http-equiv="refresh" content="0;url=https://x.example"><p>Hej</p>', 'meta', /<meta http-equiv>/],
  ];
  for (const [text, element, says] of cases) {
    it(element === 'p' ? text : element, async () => {
      const send = () => hub.post({ ...LETTER, body: { contentType: 'text/html', text } });
      const answer = await hub.refused(send, 422, 'HUB_LETTER_INVALID');
      const [found] = answer.body.faults;
      assert.equal(found.code, 'HUB_HTML_NOT_ALLOWED');
      assert.match(found.path, new RegExp(`^body/text/html/(body|head).*/${element}$`));
      assert.match(found.text, /^Rad 1: /);
      assert.match(found.text, says);
    });
  }

  it('all of them at once, with their lines', async () => {
    const text = '<p>Hej</p>\n<script>1</script>\n<p onclick="x()">x</p>';
    await refusedLetter(
      { body: { contentType: 'text/html', text } },
      ['HUB_HTML_NOT_ALLOWED body/text/html/body/script', 'HUB_HTML_NOT_ALLOWED body/text/html/body/p[2]'],
      /Rad 2: .*Rad 3: /,
    );
  });
});

describe('scenario 12: a recipient is judged by form, calendar and check digit', () => {
  const cases: [string, string][] = [
    ['19121212', 'FORMAT'],
    ['121212-1212', 'FORMAT'],
    ['1212121212', 'FORMAT'],
    ['171212121212', 'FORMAT'],
    ['١٩١٢١٢١٢١٢١٢', 'FORMAT'],
    ["191212121212' or 1=1", 'FORMAT'],
    ['190002291233', 'DATE'],
    ['202302290001', 'DATE'],
    ['199013011234', 'DATE'],
    ['199001921234', 'DATE'],
    ['191212121213', 'CHECK_DIGIT'],
    ['199001612388', 'CHECK_DIGIT'],
    ['5565682665', 'CHECK_DIGIT'],
    ['165565682665', 'CHECK_DIGIT'],
  ];
  for (const [recipient, fault] of cases) {
    it(`${recipient}: ${fault}`, () => refusedLetter({ recipient }, [`HUB_RECIPIENT_${fault} recipient`]));
  }
});

describe('fields', () => {
  const cases: [string, object, string[]][] = [
    [
      'missing',
      { flow: undefined, recipient: null, subject: '' },
      ['flow', 'recipient', 'subject'].map((f) => `HUB_FIELD_REQUIRED ${f}`),
    ],
    ['a blank subject', { subject: ' \u00a0 ' }, ['HUB_FIELD_REQUIRED subject']],
    ['no body', { body: undefined }, ['HUB_BODY_MISSING body']],
    ['null body', { body: null }, ['HUB_BODY_MISSING body']],
    ['an empty body', { body: {} }, ['HUB_BODY_MISSING body/text']],
    ['a blank body', { body: { text: ' \r\n ' } }, ['HUB_BODY_MISSING body/text']],
    ['body as text', { body: 'Hej' }, ['HUB_FIELD_TYPE body']],
    [
      'body of another type',
      { body: { contentType: 'text/markdown', text: '# Hej' } },
      ['HUB_BODY_CONTENT_TYPE body/contentType'],
    ],
    [
      'misspelt',
      { adress: {}, body: { text: 'Hej', html: '' } },
      ['HUB_FIELD_UNKNOWN adress', 'HUB_FIELD_UNKNOWN body/html'],
    ],
    [
      'an invoice that is none',
      { invoice: 'x' },
      ['HUB_FIELD_TYPE invoice', 'HUB_FIELD_REQUIRED invoice/dueDate', 'HUB_FIELD_REQUIRED invoice/amount'],
    ],
    [
      'an amount that was a float',
      { invoice: { amount: 1234.5, dueDate: '2026-12-24', bankgiro: '5050-1055', belopp: '1' } },
      ['HUB_FIELD_UNKNOWN invoice/belopp', 'HUB_FIELD_TYPE invoice/amount'],
    ],
    [
      'an invoice of which nothing is right',
      { invoice: { amount: '1,50', dueDate: '24/12 2026', currency: 'USD', bankgiro: '5050-1056', ocr: '70012076' } },
      [
        'HUB_INVOICE_AMOUNT invoice/amount',
        'HUB_INVOICE_DUE_DATE invoice/dueDate',
        'HUB_INVOICE_CURRENCY invoice/currency',
        'HUB_INVOICE_ACCOUNT invoice/bankgiro',
        'HUB_INVOICE_OCR invoice/ocr',
      ],
    ],
    ['a name with slash and tilde', { 'a/b~c': 1 }, ['HUB_FIELD_UNKNOWN a~1b~0c']],
    [
      'of wrong type',
      { subject: 1, reference: [], language: {}, protectedIdentity: 'yes', address: [], attachments: {} },
      ['subject', 'attachments', 'address', 'reference', 'language', 'protectedIdentity'].map(
        (f) => `HUB_FIELD_TYPE ${f}`,
      ),
    ],
    [
      'an attachment that is none',
      { attachments: [null, 'x', {}] },
      [
        'HUB_FIELD_TYPE attachments/0',
        'HUB_FIELD_REQUIRED attachments/0/base64',
        'HUB_FIELD_TYPE attachments/1',
        'HUB_FIELD_REQUIRED attachments/1/base64',
        'HUB_FIELD_REQUIRED attachments/2/base64',
        'HUB_ATTACHMENT_NAME attachments/2/filename',
      ],
    ],
    ['subject with a newline', { subject: 'Beslut\nBcc: alla' }, ['HUB_FIELD_CHARACTER subject']],
    ['subject with a paragraph separator', { subject: 'Beslut\u2029' }, ['HUB_FIELD_CHARACTER subject']],
    ['subject with a tab', { subject: 'Beslut\tom' }, ['HUB_FIELD_CHARACTER subject']],
    ['subject too long', { subject: 'å'.repeat(256) }, ['HUB_FIELD_TOO_LONG subject']],
    ['reference too long', { reference: 'x'.repeat(256) }, ['HUB_FIELD_TOO_LONG reference']],
    ['nothing but U+0000 in a flow', { flow: 'beslut\u0000' }, ['HUB_FLOW_UNKNOWN flow', 'HUB_FIELD_CHARACTER flow']],
    [
      'control characters',
      { subject: 'a\u0000b', reference: '\u001b[31m', body: { text: 'Hej\u0008' } },
      ['HUB_FIELD_CHARACTER subject', 'HUB_FIELD_CHARACTER reference', 'HUB_FIELD_CHARACTER body/text'],
    ],
    ['half an emoji', { body: { text: 'Hej \ud83d' } }, ['HUB_FIELD_CHARACTER body/text']],
    ['what XML cannot carry', { body: { text: 'Hej \uffff' } }, ['HUB_FIELD_CHARACTER body/text']],
    ['Windows-1252 read as Latin-1', { body: { text: 'Avgift 10 \u0080' } }, ['HUB_FIELD_CHARACTER body/text']],
    ...['', 'svenska språket', 'sv_SE', 'sv-', '123456789', `sv${'-a'.repeat(20)}`].map(
      (language): [string, object, string[]] => [`language ${language}`, { language }, ['HUB_FIELD_TYPE language']],
    ),
  ];
  for (const [name, changes, faults] of cases) it(name, () => refusedLetter(changes, faults));

  it('a text that is not UTF-8 is told so', async () => {
    const json = Buffer.from(JSON.stringify({ ...LETTER, subject: 'Byggnadsnämnden' }), 'latin1');
    const send = () => hub.postRaw(new Uint8Array(json), 'application/json');
    const answer = await hub.refused(send, 422, 'HUB_LETTER_INVALID');
    assert.ok(faultsOf(answer).includes('HUB_FIELD_CHARACTER subject'));
    assert.match(answer.body.faults[0].text, /Tecken 10 gick inte att läsa. Skicka texten i UTF-8/);
  });

  it('nested a million times', async () => {
    const nested = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    const json = JSON.stringify(LETTER).replace('"Beslut om bygglov"', nested);
    const answer = await hub.refused(() => hub.post(json), 422, 'HUB_LETTER_INVALID');
    assert.deepEqual(faultsOf(answer), ['HUB_FIELD_TYPE subject']);
  });

  it('the character and its place are named', () =>
    refusedLetter({ subject: '👍 a\u0007' }, ['HUB_FIELD_CHARACTER subject'], /Tecken 4 \(U\+0007\)/));

  it('an unknown flow is told together with everything else', () =>
    refusedLetter(
      {
        flow: 'finnsinte',
        recipient: '191212121213',
        subject: '',
        body: { contentType: 'text/html', text: '<script>' },
        address: { city: 'Staden' },
        attachments: [base64Of('../x.pdf', Buffer.from('%PDF-'))],
      },
      [
        'HUB_FIELD_REQUIRED subject',
        'HUB_FLOW_UNKNOWN flow',
        'HUB_RECIPIENT_CHECK_DIGIT recipient',
        'HUB_HTML_NOT_ALLOWED body/text/html/head/script',
        'HUB_ADDRESS_NAME_MISSING address/name',
        'HUB_ADDRESS_POSTAL_CODE address/postalCode',
        'HUB_ATTACHMENT_NAME attachments/0/filename',
        'HUB_PDF_CORRUPT attachments/0',
      ],
    ));

  it('what is no object at all is one fault', async () => {
    for (const json of ['null', '[]', '"brev"', '17']) {
      const answer = await hub.refused(() => hub.post(json), 422, 'HUB_LETTER_INVALID');
      assert.deepEqual(faultsOf(answer), ['HUB_FIELD_TYPE ']);
    }
  });

  it('a thousand faults are told as two hundred', async () => {
    const fields = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`x${n}`, n]));
    const answer = await hub.refused(() => hub.post({ ...LETTER, ...fields }), 422, 'HUB_LETTER_INVALID');
    assert.equal(answer.body.faults.length, 200);
  });
});

describe('attachments', () => {
  const names = [
    '../../etc/passwd.pdf',
    '..\\x.pdf',
    'C:\\beslut.pdf',
    '/beslut.pdf',
    'a/b.pdf',
    '.pdf',
    '..',
    '.',
    ' ',
    'a.pdf ',
    'a.pdf.',
    '-rf.pdf',
    'CON',
    'con.pdf',
    'Nul .pdf',
    'COM1.pdf',
    'lpt9',
    'beslut\u202efdp.exe',
    'beslut\u2066.pdf',
    'be\u0000slut.pdf',
    'be\nslut.pdf',
    'beslut.pdf:zone',
    'a*.pdf',
    'a?.pdf',
    'a"b.pdf',
    '<a>.pdf',
    'a|b.pdf',
    'bes\ud83dlut.pdf',
    `${'x'.repeat(197)}.pdf`,
    '',
    null,
  ];
  for (const filename of names) {
    it(`named ${JSON.stringify(filename)}`, () =>
      refusedLetter(
        { attachments: [{ filename, base64: PDF.toString('base64') }] },
        ['HUB_ATTACHMENT_NAME attachments/0/filename'],
        /filnamn/,
      ));
  }

  it('of another type, in broken base64, too many', async () => {
    const attachment = base64Of('a.pdf', PDF);
    await refusedLetter({ attachments: [{ ...attachment, contentType: 'application/msword' }] }, [
      'HUB_ATTACHMENT_TYPE attachments/0/contentType',
    ]);
    const { base64 } = attachment;
    const url = Buffer.from([0xfb, 0xff, 0xfe]).toString('base64url');
    for (const broken of [`${base64}!`, base64.replace(/(.{76})/g, '$1\r\n'), url, `${base64} `, 'a', 'YQ', 'YR==']) {
      await refusedLetter({ attachments: [{ filename: 'a.pdf', base64: broken }] }, [
        'HUB_ATTACHMENT_BASE64 attachments/0/base64',
      ]);
    }
    const many = Array.from({ length: 21 }, () => attachment);
    await refusedLetter({ attachments: many }, ['HUB_ATTACHMENTS_TOO_MANY attachments']);
    const parts = Array.from({ length: 21 }, () => ({ name: 'a.pdf', bytes: PDF }));
    const answer = await hub.refused(() => hub.postForm(formOf(LETTER, ...parts)), 422, 'HUB_LETTER_INVALID');
    assert.deepEqual(faultsOf(answer), ['HUB_ATTACHMENTS_TOO_MANY attachments']);
  });
});

describe('the request', () => {
  it('is JSON or a form', async () => {
    await hub.refused(() => hub.post('{"flow":'), 400, 'BASE_BODY_MALFORMED');
    await hub.refused(() => hub.post(''), 400, 'BASE_BODY_MALFORMED');
    await hub.refused(() => hub.post('{"__proto__":{"flow":"beslut"}}'), 400, 'BASE_BODY_MALFORMED');
    const plain = () => hub.postRaw('flow=beslut', 'text/plain');
    await hub.refused(plain, 415, 'HUB_JSON_REQUIRED');
    const form = () => hub.postRaw('flow=beslut&recipient=191212121212', 'application/x-www-form-urlencoded');
    await hub.refused(form, 415, 'HUB_JSON_REQUIRED');
    await hub.refused(() => hub.postRaw('<letter/>', 'application/xml'), 415, 'BASE_MEDIA_TYPE');
  });

  it('has a good idempotency key or none', async () => {
    for (const key of ['', 'två ord', 'nyckel med åäö', 'x'.repeat(201), 'a\tb']) {
      const value = Buffer.from(key).toString('latin1');
      const send = () => hub.post(LETTER, { 'idempotency-key': value });
      const answer = await hub.refused(send, 400, 'HUB_IDEMPOTENCY_KEY');
      assert.match(answer.body.title, /1–200 synliga ASCII-tecken/);
    }
  });

  it('has a good API key', async () => {
    for (const authorization of [
      '',
      'Bearer',
      'Bearer x',
      'Basic eDp5',
      `Bearer ${'x'.repeat(40)}`,
      `Bearer ${OTHER_API_KEY}x`,
    ]) {
      const answer = await hub.refused(() => hub.post(LETTER, { authorization }), 401, 'HUB_API_KEY');
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    }
  });

  it('asks for a letter of its own organisation', async () => {
    const { body } = await hub.post(LETTER);
    assert.equal((await hub.get(body.id)).status, 200);
    for (const id of [body.id.toUpperCase(), 'x', `${body.id}x`, '00000000-0000-0000-0000-000000000000', '%00']) {
      await hub.refused(() => hub.get(id), 404, 'HUB_LETTER_NOT_FOUND');
    }
    await hub.refused(() => hub.get(body.id, OTHER_API_KEY), 404, 'HUB_LETTER_NOT_FOUND');
  });
});

describe('what a system may send', () => {
  it('a flow that is not its own is refused, also when another system may send it, and so is a retired one', async () => {
    await addFlow('annans', { isAllowed: false });
    await refusedLetter({ flow: 'annans' }, ['HUB_FLOW_NOT_ALLOWED flow']);
    await addFlow('gammalt', { isAllowed: true, isActive: false });
    await refusedLetter({ flow: 'gammalt' }, ['HUB_FLOW_RETIRED flow']);
    await addFlow('nytt', { isAllowed: true });
    assert.equal((await hub.post({ ...LETTER, flow: 'nytt' })).status, 201);
  });

  it('a time, only in a flow whose letters may be set to one', async () => {
    await addFlow('genast', { isAllowed: true });
    await hub.pool.query(`update flow set scheduling_allowed = false where code = 'genast'`);
    const notBefore = '2099-01-01T08:00:00+01:00';
    await refusedLetter({ flow: 'genast', notBefore }, ['HUB_FLOW_SCHEDULING notBefore']);
    await refusedLetter({ flow: 'genast', notBefore: '2099' }, ['HUB_MAILING_TIME notBefore']);
    const expiresAt = '2099-01-01T08:00:00+01:00';
    assert.equal((await hub.post({ ...LETTER, flow: 'genast', expiresAt })).status, 201, 'an end is no time to go');
  });
});

async function addFlow(code: string, { isAllowed, isActive = true }: { isAllowed: boolean; isActive?: boolean }) {
  await hub.pool.query(
    `with f as (
       insert into flow (organisation_id, id, unit_id, code, name, channel_policy, is_active)
       select organisation_id, gen_random_uuid(), id, $2, $2, 'digitalFirst', $3 from unit where organisation_id = $1 and code = 'bygg'
       returning organisation_id, id
     )
     insert into system_flow (organisation_id, business_system_id, flow_id)
     select f.organisation_id, b.id, f.id from f join business_system b on b.organisation_id = f.organisation_id where $4`,
    [hub.organisationId, code, isActive, isAllowed],
  );
}

it('every code of intake is reached by a refusal', async () => {
  const errors = readFileSync(new URL('../src/errors.ts', import.meta.url), 'utf8');
  const start = errors.indexOf('// intake');
  const section = errors.slice(start, errors.indexOf('\n\n  //', start));
  const codes = [...section.matchAll(/\b(HUB_[A-Z0-9_]+):/g)].map(([, code = '']) => code);
  assert.ok(codes.length > 24 && codes.every((code) => code in HUB_ERRORS), 'the list was read');
  const key = { 'idempotency-key': 'inventory' };
  assert.equal((await hub.post(LETTER, key)).status, 201);
  await hub.refused(() => hub.post({ ...LETTER, subject: 'Annat' }, key), 409, 'HUB_IDEMPOTENCY_MISMATCH');
  await hub.refused(() => hub.postForm(new FormData()), 400, 'HUB_MULTIPART_LETTER');
  const part = new FormData();
  part.append('attachment', new Blob([new Uint8Array(PDF)]), 'a.pdf');
  await hub.refused(() => hub.postForm(part), 400, 'HUB_MULTIPART_LETTER');
  const tooLarge = { ...LETTER, body: { text: 'x'.repeat(2_000_000) } };
  await hub.refused(() => hub.post(tooLarge), 413, 'HUB_LETTER_TOO_LARGE');
  assert.deepEqual(
    codes.filter((code) => !hub.codes.has(code)),
    [],
  );
});

it('a letter that can only go as a postcard is refused what no postcard has', async () => {
  const setFormat = (format: string) =>
    hub.pool.query("update hub.flow set paper_format = $1 where code = 'papper'", [format]);
  await setFormat('postcard');
  await refusedLetter(
    {
      ...{ flow: 'papper', body: { text: 'Gäller 19121212-1212' }, ...attached(samplePdf({ pages: [{}] })) },
      address: { name: 'Åsa Öberg', street: 'Gatan 1', postalCode: '123 45', city: 'Orten' },
    },
    ['HUB_POSTCARD_ATTACHMENT attachments', 'HUB_POSTCARD_PERSONAL_NUMBER body/text'],
    /inga bilagor.*personnummer/,
  );
  await setFormat('letter');
});

describe('the accessibility gate of a flow', () => {
  const scanned = samplePdf({ pages: [{ text: '' }, {}] });
  const lacking = ['HUB_PDF_NOT_TAGGED', 'HUB_PDF_NO_LANGUAGE', 'HUB_PDF_NO_TITLE', 'HUB_PDF_NO_TEXT'];
  const setRule = (rule: string) =>
    hub.pool.query('update hub.flow set pdf_accessibility = $1 where code = $2', [rule, LETTER.flow]);
  after(() => setRule('off'));

  it('stop: refused with everything that is lacking', async () => {
    await setRule('stop');
    await refusedLetter(
      attached(scanned),
      lacking.map((code) => `${code} attachments/0`),
      /saknar taggar.*vilket språk.*ingen titel.*utan text.*\(sidan 1\)/,
    );
  });

  it('warn: taken in, with the warnings in the answer and an event; off: nothing is said', async () => {
    for (const [rule, expected] of [
      ['warn', lacking],
      ['off', undefined],
    ] as const) {
      await setRule(rule);
      const answer = await hub.post({ ...LETTER, ...attached(scanned) });
      assert.equal(answer.status, 201, JSON.stringify(answer.body));
      assert.deepEqual(
        answer.body.warnings?.map(({ code }: { code: string }) => code),
        expected,
      );
      const { rows } = await hub.pool.query(
        "select detail from hub.letter_event where letter_id = $1 and kind = 'pdfNotAccessible'",
        [answer.body.id],
      );
      assert.deepEqual(
        rows.map(({ detail }) => detail.faults.map(({ code }: { code: string }) => code)),
        expected === undefined ? [] : [expected],
      );
    }
  });
});
