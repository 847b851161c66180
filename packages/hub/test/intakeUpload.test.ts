import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listRoutes } from '@brevduva/base';
import { LETTER_REQUEST_BYTES_MAX } from '../src/http/letters.http.ts';
import { seedSession } from './support/consoleLetters.ts';
import { API_KEY } from './support/hubDatabase.ts';
import { faultsOf, type IntakeHub, LETTER, PDF, startIntakeHub } from './support/intakeHub.ts';

let hub: IntakeHub;
before(async () => {
  hub = await startIntakeHub();
});
after(() => hub.close());

const BOUNDARY = 'grans';
const TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
const JSON_LETTER = JSON.stringify(LETTER);

/** A form as bytes; each part is its head and its bytes. */
function formBytes(...parts: readonly (readonly [head: string, bytes: string | Buffer])[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.flatMap(([head, bytes]) => [
    Buffer.from(`--${BOUNDARY}\r\n${head}\r\n\r\n`),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ]);
  return new Uint8Array(Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]));
}

const letterPart = ['Content-Disposition: form-data; name="letter"', JSON_LETTER] as const;
const pdfHead = (rest: string) =>
  `Content-Disposition: form-data; name="attachment"; ${rest}\r\nContent-Type: application/pdf`;

async function acceptedNames(body: Uint8Array<ArrayBuffer>, type = TYPE): Promise<string[]> {
  const answer = await hub.postRaw(body, type);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  const query = 'select filename from attachment where letter_id = $1 order by position';
  const { rows } = await hub.pool.query(query, [answer.body.id]);
  return rows.map(({ filename }) => filename);
}

describe('a form', () => {
  it('may be written as clients do', async () => {
    const heads: [string, string][] = [
      ['filename="beslut.pdf"', 'beslut.pdf'],
      ['filename="årsbeslut å.pdf"', 'årsbeslut å.pdf'],
      ['filename=beslut.pdf', 'beslut.pdf'],
      ["filename*=utf-8''%C3%A5rsbeslut.pdf", 'årsbeslut.pdf'],
      [`filename="=?utf-8?B?w6U=?="; filename*=UTF-8''%C3%A5.pdf`, 'å.pdf'],
    ];
    for (const [rest, name] of heads) {
      assert.deepEqual(await acceptedNames(formBytes(letterPart, [pdfHead(rest), PDF])), [name]);
    }
    const untyped = 'content-disposition:form-data;name=attachment;filename=a.pdf';
    assert.deepEqual(await acceptedNames(formBytes([untyped, PDF], letterPart)), ['a.pdf']);
    const binary = `${pdfHead('filename="a.pdf"')}\r\nContent-Transfer-Encoding: binary`;
    assert.deepEqual(await acceptedNames(formBytes(letterPart, [binary, PDF])), ['a.pdf']);
    const quoted = 'Multipart/Form-Data; charset=utf-8; boundary="grans 1"';
    const spaced = Buffer.from(formBytes(letterPart)).toString('latin1').replaceAll(BOUNDARY, 'grans 1');
    assert.deepEqual(await acceptedNames(new Uint8Array(Buffer.from(`förord\r\n${spaced}efterord`)), quoted), []);
  });

  it('may bring its letter as a file, as JSON, with a byte order mark', async () => {
    const asFile =
      'Content-Disposition: form-data; name="letter"; filename="brev.json"\r\nContent-Type: application/json; charset=utf-8';
    assert.deepEqual(await acceptedNames(formBytes([asFile, JSON_LETTER], [pdfHead('filename=a.pdf'), PDF])), [
      'a.pdf',
    ]);
    assert.deepEqual(await acceptedNames(formBytes([letterPart[0], `\ufeff${JSON_LETTER}`])), []);
    const withPdf = JSON.stringify({
      ...LETTER,
      attachments: [{ filename: 'först.pdf', base64: PDF.toString('base64') }],
    });
    const both = formBytes([pdfHead('filename=sedan.pdf'), PDF], [letterPart[0], withPdf]);
    assert.deepEqual(await acceptedNames(both), ['först.pdf', 'sedan.pdf']);
  });

  it('of curl', async (context) => {
    const dir = mkdtempSync(join(tmpdir(), 'brevduva-curl-'));
    const file = join(dir, 'års beslut.pdf');
    writeFileSync(file, PDF);
    const args = [
      '-s',
      '-H',
      `authorization: Bearer ${API_KEY}`,
      '-F',
      `letter=${JSON_LETTER}`,
      '-F',
      `attachment=@${file}`,
    ];
    const curl = spawn('curl', [...args, hub.url]);
    const chunks: Buffer[] = [];
    curl.stdout.on('data', (chunk) => chunks.push(chunk));
    const code = await new Promise((resolve) => curl.on('error', () => resolve(undefined)).on('close', resolve));
    rmSync(dir, { recursive: true });
    if (code === undefined) return context.skip('curl is not installed');
    const { id } = JSON.parse(Buffer.concat(chunks).toString());
    const { rows } = await hub.pool.query('select filename from attachment where letter_id = $1', [id]);
    assert.deepEqual(rows, [{ filename: 'års beslut.pdf' }]);
  });

  it('without its letter, with two, or with one that is no JSON is refused', async () => {
    const cases = [
      formBytes([pdfHead('filename=a.pdf'), PDF]),
      formBytes(letterPart, letterPart),
      formBytes([letterPart[0], '{"flow":']),
      formBytes([letterPart[0], '']),
      formBytes(['Content-Disposition: form-data; name="Letter"', JSON_LETTER]),
    ];
    for (const body of cases) await hub.refused(() => hub.postRaw(body, TYPE), 400, 'HUB_MULTIPART_LETTER');
  });

  it('with a part that nobody reads is refused, not taken without it', async () => {
    for (const name of ['attachments', 'file', 'Attachment', 'a/b', '__proto__']) {
      const part = [`Content-Disposition: form-data; name="${name}"; filename="a.pdf"`, PDF] as const;
      const send = () => hub.postRaw(formBytes(letterPart, part), TYPE);
      const answer = await hub.refused(send, 422, 'HUB_LETTER_INVALID');
      assert.deepEqual(faultsOf(answer), [`HUB_FIELD_UNKNOWN ${name.replace('/', '~1')}`]);
      assert.match(answer.body.faults[0].text, /letter och attachment/);
    }
  });

  it('with a file name that is none, no name, or an attack is refused', async () => {
    for (const rest of [
      'filename=""',
      'x=1',
      'filename="../../a.pdf"',
      'filename="C:\\dir\\a.pdf"',
      'filename="CON"',
      "filename*=utf-8''a%0Ab.pdf",
      'filename="=?utf-8?B?w6U=?="',
    ]) {
      const send = () => hub.postRaw(formBytes(letterPart, [pdfHead(rest), PDF]), TYPE);
      const answer = await hub.refused(send, 422, 'HUB_LETTER_INVALID');
      assert.deepEqual(faultsOf(answer), ['HUB_ATTACHMENT_NAME attachments/0/filename'], rest);
    }
    const latin = Buffer.from(formBytes(letterPart, [pdfHead('filename="@.pdf"'), PDF]))
      .toString('latin1')
      .replace('@', 'å');
    const send = () => hub.postRaw(new Uint8Array(Buffer.from(latin, 'latin1')), TYPE);
    assert.deepEqual(faultsOf(await hub.refused(send, 422, 'HUB_LETTER_INVALID')), [
      'HUB_ATTACHMENT_NAME attachments/0/filename',
    ]);
  });

  it('that is not understood is refused as a whole, with what is wrong', async () => {
    const good = Buffer.from(formBytes(letterPart, [pdfHead('filename=a.pdf'), PDF])).toString('latin1');
    const head = 'Content-Disposition: form-data; name="letter"';
    const part = `--${BOUNDARY}\r\n${head}\r\n\r\nx\r\n`;
    const cases: [string, string, RegExp][] = [
      ['', TYPE, /saknar den boundary/],
      [good, 'multipart/form-data', /giltig boundary/],
      [good, 'multipart/form-data; boundary=annan', /saknar den boundary/],
      [good, `multipart/form-data; boundary=${'x'.repeat(71)}`, /giltig boundary/],
      [good, `${TYPE}; boundary=annan`, /giltig boundary/],
      [good.slice(0, -20), TYPE, /slutar mitt i en del/],
      [good.slice(0, 200), TYPE, /slutar mitt i en del/],
      [good.replaceAll('\r\n', '\n'), TYPE, /raden sluta/],
      [good.replace(head, 'X-Other: 1'), TYPE, /Del 1 saknar Content-Disposition/],
      [good.replace(head, head.replace('form-data', 'attachment')), TYPE, /Del 1 saknar/],
      [good.replace(head, `${head}; name="attachment"`), TYPE, /Del 1 saknar/],
      [good.replace(head, `${head}; filename="a\rb"`), TYPE, /Del 1 saknar/],
      [good.replace(head, `${head}; filename="a`), TYPE, /Del 1 saknar/],
      [good.replace(head, `${head}\r\n ; filename="folded"`), TYPE, /Del 1 saknar/],
      [good.replace(head, `${head}\r\n${head}`), TYPE, /Del 1 saknar/],
      [good.replace(head, `${head}\r\nX-Long: ${'x'.repeat(9_000)}`), TYPE, /Del 1 saknar/],
      [good.replace('filename=a.pdf', "filename*=iso-8859-1''%E5.pdf"), TYPE, /i UTF-8/],
      [good.replace('filename=a.pdf', "filename*=utf-8''%E5.pdf"), TYPE, /i UTF-8/],
      [good.replace(head, `${head}\r\nContent-Transfer-Encoding: base64`), TYPE, /utan Content-Transfer-Encoding/],
      [`${part.repeat(65)}--${BOUNDARY}--`, TYPE, /fler än 64 delar/],
    ];
    for (const [body, type, says] of cases) {
      const send = () => hub.postRaw(new Uint8Array(Buffer.from(body, 'latin1')), type);
      const answer = await hub.refused(send, 400, 'BASE_BODY_MALFORMED');
      assert.match(answer.body.faults[0].text, says);
    }
  });

  it('cut at any byte is refused and stores nothing', async () => {
    const whole = formBytes(letterPart, [pdfHead('filename=a.pdf'), PDF]);
    const before = await hub.rows();
    // The very last bytes, the line end after the last delimiter, are no loss.
    for (let length = 0; length < whole.length - 2; length += length < 250 ? 7 : 41) {
      const { status } = await hub.postRaw(whole.slice(0, length), TYPE);
      assert.equal(status, 400, `cut at ${length}`);
    }
    assert.deepEqual(await hub.rows(), before);
  });
});

/** A connection that is written to by hand. */
async function openSocket(): Promise<{ socket: Socket; answer: () => string; closed: Promise<void> }> {
  const { hostname, port } = new URL(hub.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('error', () => undefined); // a reset is a way to be told off
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, answer: () => text, closed };
}

const requestHead = (contentLength: number, type = 'application/json', apiKey = API_KEY) =>
  `POST /api/v1/letters HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${apiKey}\r\ncontent-type: ${type}\r\ncontent-length: ${contentLength}\r\n\r\n`;

async function until(holds: () => boolean): Promise<void> {
  for (let n = 0; n < 400 && !holds(); n += 1) await sleep(10);
  assert.ok(holds(), 'it happened within four seconds');
}

describe('a body', () => {
  it('of a stranger is not waited for: 401 comes before its first byte', async () => {
    const { socket, answer } = await openSocket();
    socket.write(requestHead(10_000_000, 'application/json', 'x'.repeat(40)));
    await until(() => answer().includes('HUB_API_KEY'));
    assert.match(answer(), /^HTTP\/1.1 401 /);
    socket.destroy();
  });

  for (const type of ['application/json', TYPE]) {
    it(`that says it is too large is refused before its first byte: ${type}`, async () => {
      const before = await hub.rows();
      const { socket, answer, closed } = await openSocket();
      socket.write(requestHead(LETTER_REQUEST_BYTES_MAX + 1, type));
      await until(() => answer().includes('BASE_BODY_TOO_LARGE'));
      assert.match(answer(), /^HTTP\/1.1 413 /);
      await closed;
      assert.deepEqual(await hub.rows(), before);
    });

    it(`that never ends is read no further than the limit: ${type}`, async () => {
      const { socket, answer, closed } = await openSocket();
      socket.write(requestHead(0, type).replace('content-length: 0', 'transfer-encoding: chunked'));
      const chunk = Buffer.alloc(1_000_000, 32);
      let sent = 0;
      while (sent < 100_000_000 && !socket.destroyed && socket.writable) {
        if (!socket.write(`${chunk.length.toString(16)}\r\n${chunk.toString('latin1')}\r\n`)) {
          await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
        }
        sent += chunk.length;
        if (answer() !== '') break;
      }
      await until(() => answer().includes('BASE_BODY_TOO_LARGE') || socket.destroyed);
      assert.ok(sent < 40_000_000, `${sent} bytes were taken`);
      socket.destroy();
    });
  }

  it('that is exactly as large as is read at all is judged as a letter', async () => {
    const json = JSON.stringify({ ...LETTER, body: { text: '@' } });
    const body = json.replace('@', 'x'.repeat(LETTER_REQUEST_BYTES_MAX - json.length + 1));
    await hub.refused(() => hub.post(body), 413, 'HUB_LETTER_TOO_LARGE');
    const fetched = await hub.refused(() => hub.post(`${body} `), 413, 'BASE_BODY_TOO_LARGE');
    assert.match(fetched.body.title, /för stort/);
  });

  for (const type of ['application/json', TYPE]) {
    it(`that is cut off or never comes leaves nothing: ${type}`, async () => {
      const before = await hub.rows();
      const whole =
        type === TYPE ? Buffer.from(formBytes(letterPart, [pdfHead('filename=a.pdf'), PDF])) : Buffer.from(JSON_LETTER);
      for (const share of [0, 0.1, 0.5, 0.99]) {
        const { socket, closed } = await openSocket();
        socket.write(requestHead(whole.length, type));
        socket.write(whole.subarray(0, Math.floor(whole.length * share)));
        await sleep(20);
        socket.destroy();
        await closed;
      }
      await sleep(100);
      assert.deepEqual(await hub.rows(), before);
      assert.doesNotMatch(hub.log(), /"level":"error"/, 'a lost caller is no error of ours');
    });

    it(`that comes slowly is a letter: ${type}`, async () => {
      const whole =
        type === TYPE ? Buffer.from(formBytes(letterPart, [pdfHead('filename=a.pdf'), PDF])) : Buffer.from(JSON_LETTER);
      const { socket, answer } = await openSocket();
      socket.write(requestHead(whole.length, type));
      for (let at = 0; at < whole.length; at += 97) {
        socket.write(whole.subarray(at, at + 97));
        await sleep(2);
      }
      await until(() => answer().includes('"links"'));
      assert.match(answer(), /^HTTP\/1.1 201 /);
      socket.destroy();
    });
  }

  it('is waited for no longer than two minutes', () => {
    assert.equal(hub.hub.app.server.requestTimeout, 120_000);
    assert.equal(hub.hub.app.server.headersTimeout, 15_000);
  });

  it('of two gigabytes is refused before its first byte at every door, whoever knocks', async () => {
    const own = await seedSession(hub.pool, { id: hub.organisationId, name: 'Kommun A' }, ['caseworker']);
    const doors = listRoutes(hub.hub.app).filter(({ method }) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method));
    const routes = doors.map(({ url }) => url);
    for (const door of ['/api/v1/letters', '/api/v1/forms', '/oauth/token', '/utskick/nytt']) {
      assert.ok(routes.includes(door), `${door} is not one of ${routes.join(' ')}`);
    }
    assert.ok(routes.some((url) => url.startsWith('/print/')));
    const before = await hub.rows();
    const open: string[] = [];
    const tooLarge = new Set<string>();
    for (const { method, url } of doors) {
      const path = url.replace(/:\w+/g, '01990000-0000-7000-8000-000000000000').replace('*', 'x');
      const types = ['application/json', TYPE, 'application/x-www-form-urlencoded', 'application/ipp', 'text/xml'];
      for (const type of types) {
        const { socket, answer } = await openSocket();
        const credentials = `authorization: Bearer ${API_KEY}\r\ncookie: ${own.cookie}\r\n`;
        socket.write(
          `${method} ${path} HTTP/1.1\r\nhost: x\r\n${credentials}content-type: ${type}\r\ncontent-length: ${2 ** 31}\r\n\r\n`,
        );
        await until(() => answer().includes('\r\n\r\n'));
        const status = Number(answer().split(' ')[1]);
        // OAuth has its own word for everything that is wrong with a request (RFC 6749 5.2).
        const isRefused = [401, 403, 413, 415].includes(status) || (status === 400 && url === '/oauth/token');
        if (!isRefused) open.push(`${method} ${url} ${type}: ${status}`);
        if (status === 413) tooLarge.add(url);
        socket.destroy();
      }
    }
    assert.deepEqual(open, []);
    const silent = routes.filter((url) => url !== '/oauth/token' && !tooLarge.has(url));
    assert.deepEqual(silent, [], 'each says that it is too large to somebody');
    assert.deepEqual(await hub.rows(), before);
  });

  it('and after all this the hub still takes letters', async () => {
    assert.equal((await hub.post(LETTER)).status, 201);
  });
});
