import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, systemClock } from '@brevduva/base';
import type { OrganizationNumber } from '@brevduva/protocol';
import { createTestAuthority } from '@brevduva/protocol/testing';
import { startHub } from '../../src/hub.ts';
import type { HubOptions } from '../../src/hubOptions.ts';
import { samplePdf } from '../pdfSamples.ts';
import { API_KEY, createHubDatabase, MUNICIPALITY } from './hubDatabase.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire; each test asserts what it reads.
  readonly body: any;
}

export type IntakeHub = Awaited<ReturnType<typeof startIntakeHub>>;

export const DISPATCHER = '165568402266' as OrganizationNumber;
export const CONTENT_KEY = Buffer.alloc(32, 7);

/** A hub on a database of its own that takes letters in and does nothing else with them; its log is kept. */
export async function startIntakeHub(options: Partial<HubOptions> = {}) {
  const database = await createHubDatabase();
  const dir = await mkdtemp(join(tmpdir(), 'brevduva-intake-'));
  const authority = await createTestAuthority({ name: 'Test CA' });
  const [sender, dispatcher] = await Promise.all([
    authority.issue({ organizationNumber: MUNICIPALITY, commonName: 'Kommun A' }),
    authority.issue({ organizationNumber: DISPATCHER, commonName: 'Förmedlaren' }),
  ]);
  const lines: string[] = [];
  const log = createLog({ service: 'hub', level: 'trace', destination: { write: (line) => lines.push(line) } });
  const hub = await startHub({
    databaseUrl: database.url,
    node: 'test',
    web: { host: '127.0.0.1', port: 0, publicUrl: 'http://localhost' },
    oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'x' },
    farUrl: 'https://127.0.0.1:9/',
    dispatcher,
    senders: [{ organizationNumber: MUNICIPALITY, ...sender }],
    caPem: authority.caPem,
    contentKey: CONTENT_KEY,
    paperDir: join(dir, 'paper'),
    clock: systemClock,
    log,
    runsPipeline: false,
    ...options,
  });
  const url = `${hub.webUrl}/api/v1/letters`;
  const call = async (address: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(address, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const headers = { authorization: `Bearer ${API_KEY}` };
  /** Every code that a refusal has named. */
  const codes = new Set<string>();
  const hubApi = {
    codes,
    ...database,
    hub,
    url,
    sender,
    dispatcher,
    log: () => lines.join(''),
    post: (json: unknown, more: Record<string, string> = {}) =>
      call(url, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', ...more },
        body: typeof json === 'string' ? json : JSON.stringify(json),
      }),
    postForm: (form: FormData, more: Record<string, string> = {}) =>
      call(url, { method: 'POST', headers: { ...headers, ...more }, body: form }),
    postRaw: (body: Uint8Array<ArrayBuffer> | string, contentType: string, more: Record<string, string> = {}) =>
      call(url, { method: 'POST', headers: { ...headers, 'content-type': contentType, ...more }, body }),
    get: (id: string, apiKey = API_KEY) => call(`${url}/${id}`, { headers: { authorization: `Bearer ${apiKey}` } }),
    /** Rows of every table that a hand-in writes to. */
    async rows(): Promise<Record<string, number>> {
      const { rows } = await database.pool.query(
        `select (select count(*)::integer from letter) as letter, (select count(*)::integer from content) as content,
          (select count(*)::integer from attachment) as attachment, (select count(*)::integer from idempotency) as idempotency,
          (select count(*)::integer from letter_event) as letter_event`,
      );
      return rows[0];
    },
    /** Runs what must be refused, and proves that it left nothing behind. */
    async refused(send: () => Promise<Answer>, status: number, code: string): Promise<Answer> {
      const before = await hubApi.rows();
      const answer = await send();
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.equal(answer.body.code, code, JSON.stringify(answer.body));
      assert.equal(answer.body.status, status);
      for (const each of [answer.body, ...answer.body.faults]) codes.add(each.code);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
      assert.ok(answer.body.title.length > 10, 'a refusal says something');
      assert.deepEqual(await hubApi.rows(), before, 'a refusal stores nothing');
      return answer;
    },
    async close() {
      await hub.close();
      await database.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return hubApi;
}

/** `code path` of every fault. */
export function faultsOf(answer: Answer): string[] {
  return answer.body.faults.map(({ code, path }: { code: string; path: string }) => `${code} ${path}`);
}

export const LETTER = {
  flow: 'beslut',
  recipient: '191212121212',
  subject: 'Beslut om bygglov',
  body: { text: 'Ditt bygglov är beviljat.' },
};

export const PDF = samplePdf({ pages: [{}] });

/** A PDF of about so many bytes that says the same as {@link PDF}. */
export function pdfOf(bytes: number): Buffer {
  const padding = Math.max(0, bytes - PDF.length - 60);
  return samplePdf({ pages: [{}], objects: [`<< /Padding (${'x'.repeat(padding)}) >>`] });
}

export function formOf(letter: unknown, ...pdfs: readonly { name: string; bytes: Buffer; type?: string }[]): FormData {
  const form = new FormData();
  form.append('letter', JSON.stringify(letter));
  for (const { name, bytes, type = 'application/pdf' } of pdfs) {
    form.append('attachment', new Blob([new Uint8Array(bytes)], { type }), name);
  }
  return form;
}

export function base64Of(filename: string, bytes: Buffer): { filename: string; base64: string } {
  return { filename, base64: bytes.toString('base64') };
}
