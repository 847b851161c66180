import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startCups } from './support/cupsServer.ts';
import { type PrinterHub, startPrinterHub } from './support/printerHub.ts';
import { furtherPage, letterPage, printoutPdf } from './support/printouts.ts';
import { missingPrograms, runProgram } from './support/programs.ts';

/** The printer as programs of others meet it: CUPS' conformance tests of IPP, and CUPS' own print queue. */
const PROGRAMS = {
  ipptool: 'cups-ipp-utils',
  lp: 'cups-client',
  cupsd: 'cups-daemon',
  driverless: 'cups-filters-core-drivers',
};
const skip = missingPrograms(PROGRAMS) ?? false;
/** Where Debian keeps the tests of ipptool. */
const IPPTOOL_TESTS = '/usr/share/cups/ipptool';

const THREE_LETTERS = printoutPdf([
  letterPage({ number: '19270517-8354', name: 'Anna Ek', reference: 'BYGG-1' }),
  furtherPage('Sida två'),
  letterPage({ number: '191212121212', name: 'Tolvan Tolvansson' }),
  letterPage({ number: '202100-4748', name: 'Kommun A' }),
]);

let hub: PrinterHub;
let dir: string;
let pdf: string;
before(async () => {
  [hub, dir] = await Promise.all([startPrinterHub(), mkdtemp(join(tmpdir(), 'brevduva-print-'))]);
  pdf = join(dir, 'tre-brev.pdf');
  await writeFile(pdf, THREE_LETTERS);
});
after(async () => {
  await hub.close();
  await rm(dir, { recursive: true, force: true });
});

async function recipients(): Promise<string[]> {
  const { rows } = await hub.pool.query('select recipient from letter order by recipient');
  return rows.map((row) => row.recipient);
}

/** Of that name, when they have ended: CUPS may be content with having sent one, and ours is not done until it has become letters. */
async function endedJobs(name: string): Promise<unknown[]> {
  for (let tries = 1; ; tries += 1) {
    const { rows } = await hub.pool.query('select state, letters, cases from print_job where name = $1', [name]);
    const haveEnded = rows.length > 0 && rows.every(({ state }) => state === 'completed' || state === 'aborted');
    if (haveEnded || tries === ENDED_TRIES_MAX) return rows;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
const ENDED_TRIES_MAX = 200;

describe('CUPS’ conformance tests', { skip }, () => {
  test('ipp-1.1 and ipp-2.0 pass, all that apply', { timeout: 180_000 }, async () => {
    const relay = await startRelay(hub);
    const { status, output } = await runProgram('ipptool', ['-tI', '-f', pdf, relay.printerUri, await suite()]);
    await relay.close();
    assert.deepEqual(marked(output, 'FAIL'), [], output);
    assert.equal(status, 0, output);
    const passed = marked(output, 'PASS');
    assert.ok(passed.length >= 32, `${passed.length} passed:\n${output}`);
    for (const name of ['RFC 8011 section 4.2.1: Print-Job Operation', 'Print-Job with A4 PDF, Duplex']) {
      assert.ok(passed.includes(name), name);
    }
    // What a printer of letters has no use for: fetching what lies elsewhere, other formats and sizes, banners, waiting.
    const ours =
      /Print-URI|Send-URI|Create-Job Operation|my-jobs different user|US Letter|PostScript|JPEG|Standard Sheet|2-Up|Draft|hold|Release/;
    assert.deepEqual(
      marked(output, 'SKIP').filter((name) => !ours.test(name)),
      [],
    );
  });

  test('with the password in the address, as a person types it, and a printout that is sent before it is asked for', async () => {
    const large = join(dir, 'stor.pdf');
    await writeFile(large, Buffer.concat([THREE_LETTERS, Buffer.alloc(1_000_000, ' ')]));
    for (const file of [pdf, large]) {
      const words = ['-tI', '-f', file, hub.printerUri, 'print-job-and-wait.test'];
      const { status, output } = await runProgram('ipptool', words);
      assert.equal(status, 0, output);
      assert.deepEqual(marked(output, 'FAIL'), []);
    }
  });
});

describe('Debian’s CUPS', { skip }, () => {
  test('finds out by itself what the printer can do, and what lp prints becomes letters', {
    timeout: 120_000,
  }, async () => {
    const cups = await startCups();
    try {
      await hub.pool.query('truncate letter cascade');
      const added = await cups.run('lpadmin', '-p', 'brev', '-E', '-v', hub.printerUri, '-m', 'everywhere');
      assert.equal(added.status, 0, added.output);
      const printed = await cups.run('lp', '-d', 'brev', '-n', '2', '-t', 'Tre beslut', pdf);
      assert.equal(printed.status, 0, printed.output);
      while (!(await cups.run('lpstat', '-W', 'completed', '-o')).output.includes('brev-1')) {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const jobs = await endedJobs('Tre beslut');
      assert.deepEqual(jobs, [{ state: 'completed', letters: 3, cases: 0 }], `CUPS says:\n${await cups.log()}`);
      assert.deepEqual(
        await recipients(),
        ['162021004748', '191212121212', '192705178354'],
        'once each, also with two copies',
      );
      const { rows: pages } = await hub.pool.query(
        'select pages from attachment join letter l on l.id = letter_id order by l.recipient',
      );
      assert.deepEqual(
        pages.map((row) => row.pages),
        [1, 1, 2],
      );
    } finally {
      await cups.close();
    }
  });
});

/** The names of the tests that ended so. */
function marked(output: string, how: 'PASS' | 'FAIL' | 'SKIP'): string[] {
  return output.split('\n').flatMap((line) => (line.endsWith(`[${how}]`) ? line.slice(0, -6).trim() : []));
}

/** The suite with the files it wants beside it; Debian leaves them out. Those of other formats are looked for and never sent. */
async function suite(): Promise<string> {
  for (const name of ['ipp-1.1.test', 'ipp-2.0.test']) await copyFile(join(IPPTOOL_TESTS, name), join(dir, name));
  for (const name of ['document-a4.pdf', 'document-letter.pdf']) await writeFile(join(dir, name), THREE_LETTERS);
  for (const name of ['document-a4.ps', 'document-letter.ps', 'color.jpg', 'gray.jpg'])
    await writeFile(join(dir, name), 'x');
  return join(dir, 'ipp-2.0.test');
}

/**
 * Hands every request on with the password. ipptool asks without it first, and when it asks again it gives the request a number of its
 * own: the test that sends request-id 0 never sends it (seen on the wire: 0, then 1). printer.test.ts sends it.
 */
async function startRelay({ hub: { webUrl }, path, printerUri }: PrinterHub) {
  const target = new URL(webUrl);
  const { username, password } = new URL(printerUri.replace(/^ipp/, 'http'));
  const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`;
  const server = createServer((incoming, outgoing) => {
    const { host, port } = { host: target.hostname, port: target.port };
    const headers = { ...incoming.headers, authorization };
    const onward = httpRequest({ host, port, path: incoming.url, method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    printerUri: `ipp://127.0.0.1:${port}${path}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
