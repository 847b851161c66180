import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { loginNameOf } from '../src/organisation/businessSystem.ts';
import { IPP_OPERATIONS } from '../src/waysIn/printer/ippCodes.ts';
import { decodeIpp, groupOf, numberOf } from '../src/waysIn/printer/ippMessage.ts';
import { enumeration, flag, integer, keyword, mediaType } from '../src/waysIn/printer/ippValues.ts';
import { samplePdf } from './pdfSamples.ts';
import { EICAR } from './support/eicar.ts';
import { OTHER_MUNICIPALITY } from './support/hubDatabase.ts';
import {
  jobIdOf,
  LOGIN_NAME,
  type PrinterAnswer,
  type PrinterHub,
  printerClient,
  setPrinter,
  startPrinterHub,
} from './support/printerHub.ts';
import { LETTER_RULES, letterPage, printoutPdf } from './support/printouts.ts';

/** What the printer refuses, in the protocol's words, and whom it does not know. */
const MEGABYTE = 1024 * 1024;
const ONE_LETTER = printoutPdf([letterPage({ number: '19270517-8354', name: 'Anna Ek' })]);

let hub: PrinterHub;
before(async () => {
  hub = await startPrinterHub();
});
after(() => hub.close());

describe('what the printer does not take', () => {
  const FORMATS: Record<string, Buffer> = {
    'image/pwg-raster': Buffer.from('RaS2PwgRaster'),
    'image/urf': Buffer.from('UNIRAST\0'),
    'image/jpeg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
    'application/postscript': Buffer.from('%!PS-Adobe-3.0'),
    'text/plain': Buffer.from('Hej'),
  };

  test('is any other format than PDF, and it says what to do', async () => {
    const before = await hub.rows();
    for (const [format, document] of Object.entries(FORMATS)) {
      const named = await hub.print('printJob', { attributes: [mediaType('document-format', format)], document });
      assert.equal(named.status, 'documentFormatNotSupported', format);
      assert.match(named.statusMessage ?? '', /Skrivaren tar emot PDF/);
      const guessed = await hub.print('printJob', { document });
      assert.equal(guessed.status, 'documentFormatNotSupported', `${format} without a name`);
      const asked = await hub.print('validateJob', { attributes: [mediaType('document-format', format)] });
      assert.equal(asked.status, 'documentFormatNotSupported');
    }
    const disguised = { attributes: [mediaType('document-format', 'application/pdf')], document: Buffer.from('%!PS') };
    assert.equal((await hub.print('printJob', disguised)).status, 'documentFormatError');
    const virus = { ...disguised, document: Buffer.from(EICAR) };
    assert.equal((await hub.print('printJob', virus)).status, 'documentFormatError');
    assert.deepEqual(await hub.rows(), before);
  });

  test('is what cannot be obeyed, when the client insists; else the letter goes and the client is told', async () => {
    const wanted = { jobAttributes: [enumeration('finishings', 4), keyword('media', 'na_letter_8.5x11in')] };
    const insisting = { ...wanted, attributes: [flag('ipp-attribute-fidelity', true)] };
    const refused = await hub.print('printJob', { ...insisting, document: ONE_LETTER });
    assert.equal(refused.status, 'attributesOrValuesNotSupported');
    assert.deepEqual([...unsupportedIn(refused)], ['finishings', 'media']);
    const told = await hub.print('printJob', { ...wanted, document: ONE_LETTER });
    assert.equal(told.status, 'okIgnoredOrSubstituted');
    assert.deepEqual([...unsupportedIn(told)], ['finishings', 'media']);
    await hub.ended(jobIdOf(told));
  });

  test('is more than 129 MB, whether it says so first or not', async () => {
    const refused = { status: 413, code: 'BASE_BODY_TOO_LARGE' };
    assert.deepEqual(await upload(200, { 'content-length': String(200 * MEGABYTE) }), refused);
    assert.deepEqual(await upload(200, {}), refused, 'in chunks');
    assert.deepEqual(
      await upload(0, { 'content-length': String(2000 * MEGABYTE) }),
      refused,
      'before any of it is sent',
    );
  });

  test('is nonsense: it is told, under the number of the request', async () => {
    const post = async (hex: string) => {
      const response = await hub.postIpp(new Uint8Array(Buffer.from(hex, 'hex')));
      assert.equal(response.status, 200);
      return Buffer.from(await response.arrayBuffer())
        .subarray(0, 8)
        .toString('hex');
    };
    assert.equal(await post('0101000b0000000709'), '0101040000000007', 'cut short');
    assert.equal(await post(''), '0101040000000000', 'nothing');
    const attributes = '014700126174747269627574657300';
    assert.equal(await post(`0101000b00000007${attributes}`), '0101040000000007');
    const good =
      '470012617474726962757465732d636861727365740005' +
      '7574662d38' +
      '48001b617474726962757465732d6e61747572616c2d6c616e67756167650002' +
      '7376';
    const printerUri = `45000b7072696e7465722d757269${'0009'}${Buffer.from('ipp://x/y').toString('hex')}`;
    const ask = (head: string) => post(`${head}01${good}${printerUri}03`);
    assert.equal((await ask('0101000b00000007')).slice(4, 8), '0000', 'as it should be');
    assert.equal(await ask('0101000b00000000'), '0101040000000000', 'request-id 0 (RFC 8011 4.1.1)');
    assert.equal(await ask('0900000b00000007'), '0101050300000007', 'IPP 9.0');
    assert.equal(await ask('0101ffff00000007'), '0101050100000007', 'an operation that is none');
    assert.equal(await post(`0101000b0000000701${good}03`), '0101040000000007', 'no printer-uri');
  });
});

describe('whose printer it is', () => {
  test('a wrong password, or none, is asked for one and prints nothing', async () => {
    const before = await hub.rows();
    const nobody = printerClient(hub.hub.webUrl, 'fel');
    await assert.rejects(nobody.print('printJob', { document: ONE_LETTER }), /HTTP 401.*HUB_API_KEY/);
    const response = await nobody.postIpp(new Uint8Array(8));
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('www-authenticate'), 'Basic realm="Brevduva", charset="UTF-8"');
    for (const operation of ['printJob', 'createJob', 'getJobs', 'cancelMyJobs', 'validateJob'] as const) {
      const stranger = await asStranger(hub.path, requestBytes(operation));
      assert.equal(stranger.status, 401, operation);
      assert.match(stranger.headers.get('www-authenticate') ?? '', /^Basic /);
    }
    // A whole printout comes before the program knows that it must log in; larger than what a stranger may ask.
    const printout = new Uint8Array(Buffer.concat([requestBytes('printJob'), Buffer.alloc(MEGABYTE)]));
    const whole = await asStranger(hub.path, printout);
    assert.deepEqual([whole.status, whole.headers.get('www-authenticate')?.slice(0, 5)], [401, 'Basic']);
    const question = new Uint8Array(Buffer.concat([requestBytes('getPrinterAttributes'), Buffer.alloc(MEGABYTE)]));
    assert.equal((await asStranger(hub.path, question)).status, 401, 'a question is short');
    assert.deepEqual(await hub.rows(), before);
    assert.equal((await hub.pool.query(`select from print_job where user_name = 'stranger'`)).rowCount, 0);
  });

  test('a stranger learns what printers here can do, and nothing of whose they are or if they are there', async () => {
    const ask = async (path: string) => {
      const response = await asStranger(path, requestBytes('getPrinterAttributes'));
      assert.equal(response.status, 200);
      const answer = Buffer.from(await response.arrayBuffer());
      const told = Object.fromEntries(groupOf(decodeIpp(answer).message, 'printer'));
      // What is made of the name in the address, and the time.
      const { 'printer-uuid': uuid, 'printer-up-time': up, 'printer-current-time': now, ...rest } = told;
      assert.ok(uuid && up && now);
      return JSON.stringify(rest);
    };
    const own = await ask(hub.path);
    assert.match(own, /application\/pdf/);
    assert.doesNotMatch(own, /Kommun A|Ärendesystemet|Byggn/, 'neither organisation, system nor unit');
    assert.equal(own.replaceAll(LOGIN_NAME, 'x'), (await ask('/print/finns-inte')).replaceAll('finns-inte', 'x'));
  });

  test('another’s printer is not found, nor is one that the system does not have', async () => {
    const theirs = loginNameOf(OTHER_MUNICIPALITY, 'grannens-system');
    for (const path of [`/print/${theirs}`, '/print/finns-inte']) {
      const response = await fetch(`${hub.hub.webUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/ipp', authorization: authorizationOf(hub) },
        body: requestBytes('printJob'),
      });
      assert.equal(response.status, 404, path);
    }
    await hub.pool.query(`update business_system set ways_in = '{}' where code = 'arendesystemet'`);
    try {
      await assert.rejects(hub.print('printJob', { document: ONE_LETTER }), /HTTP 404/);
    } finally {
      await setPrinter(hub, LETTER_RULES);
    }
  });

  test('a job of another system’s printer is not found', async () => {
    const { rows } = await hub.pool.query(
      `insert into print_job (organisation_id, id, business_system_id, name, user_name, state, ended_at)
       select organisation_id, gen_random_uuid(), id, 'Grannens', 'nils', 'canceled', now() from business_system
       where code = 'grannens-system' returning number`,
    );
    const about = { attributes: [integer('job-id', rows[0].number)] };
    for (const operation of ['getJobAttributes', 'cancelJob', 'closeJob'] as const) {
      assert.equal((await hub.print(operation, about)).status, 'notFound', operation);
    }
    const all = await hub.print('getJobs', { attributes: [keyword('which-jobs', 'all')] });
    assert.ok(!numbersOf(all).includes(rows[0].number));
  });
});

test('the log names no recipient and nothing that was printed', () => {
  assert.doesNotMatch(hub.log(), /192705178354|19270517-8354|191212121212|Anna Ek|Storgatan/);
  assert.doesNotMatch(hub.log(), new RegExp(hub.password));
});

function numbersOf({ groups }: PrinterAnswer): number[] {
  return groups.filter(({ name }) => name === 'job').map(({ attributes }) => numberOf(attributes, 'job-id') ?? 0);
}

function unsupportedIn({ groups }: PrinterAnswer): Iterable<string> {
  return groups.find(({ name }) => name === 'unsupported')?.attributes.keys() ?? [];
}

function asStranger(path: string, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`${hub.hub.webUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/ipp' }, body });
}

function authorizationOf({ printerUri }: PrinterHub): string {
  const { username, password } = new URL(printerUri.replace(/^ipp/, 'http'));
  return `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`;
}

/** A request as any program writes it, by hand. */
function requestBytes(operation: keyof typeof IPP_OPERATIONS): Uint8Array<ArrayBuffer> {
  const value = (tag: number, name: string, text: string) => {
    const length = (of: string) => Buffer.of(of.length >> 8, of.length & 0xff);
    return Buffer.concat([Buffer.of(tag), length(name), Buffer.from(name), length(text), Buffer.from(text)]);
  };
  return new Uint8Array(
    Buffer.concat([
      Buffer.of(2, 0, 0, IPP_OPERATIONS[operation], 0, 0, 0, 1, 1),
      value(0x47, 'attributes-charset', 'utf-8'),
      value(0x48, 'attributes-natural-language', 'sv'),
      value(0x45, 'printer-uri', 'ipp://localhost/print/x'),
      value(0x42, 'requesting-user-name', 'stranger'),
      Buffer.of(3),
      samplePdf({ pages: [{}] }),
    ]),
  );
}

/** Sends so many megabytes; with none, only says what it would send. */
function upload(mb: number, headers: Record<string, string>): Promise<{ status: number | undefined; code: string }> {
  const { hostname, port } = new URL(hub.hub.webUrl);
  const all = { 'content-type': 'application/ipp', authorization: authorizationOf(hub), ...headers };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: hostname, port, path: hub.path, method: 'POST', headers: all }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const { code } = JSON.parse(Buffer.concat(parts).toString()) as { code: string };
        resolve({ status: response.statusCode, code });
        request.destroy();
      });
    });
    request.on('error', reject);
    if (mb === 0) request.flushHeaders();
    else Readable.from(megabytes(mb)).pipe(request);
  });
}

function* megabytes(count: number): Generator<Buffer> {
  for (let n = 0; n < count; n += 1) yield Buffer.alloc(MEGABYTE);
}
