import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createContentCipher,
  createLog,
  createPool,
  migrate,
  newId,
  type Pool,
  provisionParty,
  startEmbeddedPostgres,
  systemClock,
} from '@brevduva/base';
import { createHubAdmin, HUB_MIGRATIONS, startHub } from '@brevduva/hub';
import type { OrganizationNumber } from '@brevduva/protocol';
import { createTestAuthority } from '@brevduva/protocol/testing';
import { type ContentStore, createContentStore } from '../../packages/hub/src/content.ts';
import { DEFAULT_SHOP } from '../../packages/hub/src/printShop/printShop.ts';
import { putPrintShops } from '../../packages/hub/src/sql/printShops.ts';
import { measureWork, type WorkFigures } from './measureWork.ts';
import { printLetter } from './printLetter.ts';
import { parentOf } from './processTree.ts';
import { countByState, countClosedBatches, releaseHeldLetters, seedPaperLetters, serverProcess } from './sql.ts';

const NUMBER = '162021004748' as OrganizationNumber;
const SHOP = 'tryckeriet';
const WARM_UP = 30;
const SEEDED_AT_ONCE = 500;
const LOOK_MS = 200;
const log = createLog({ service: 'bench', level: 'error', destination: process.stderr });

/**
 * Letters that are to go on paper, through a hub with its database: claimed in sets, composed, encrypted and stored, ordered, closed to one
 * batch of one file, handed over to a folder, and confirmed. From when they fall due until each is printed.
 */
export async function hubBatch(letters: number, folder: string): Promise<WorkFigures & { fileBytes: number }> {
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port: 0 });
  try {
    return await throughHub(letters, folder, postgres.adminUrl);
  } finally {
    await postgres.stop();
  }
}

async function throughHub(
  letters: number,
  folder: string,
  adminUrl: string,
): Promise<WorkFigures & { fileBytes: number }> {
  const databaseUrl = await provisionParty({ adminUrl, party: 'hub', password: randomBytes(16).toString('hex') });
  const contentKey = randomBytes(32);
  const paperDir = join(folder, 'paper');
  const pool = createPool({ connectionString: databaseUrl, applicationName: 'bench', max: 2 });
  const content = createContentStore(pool, createContentCipher(contentKey));
  const organisationId = await prepare(pool);
  const hub = await startBenchHub({ databaseUrl, contentKey, paperDir });
  const print = async (count: number, before: number) => {
    // Closed when all are there, and not before.
    await putPrintShops(pool, organisationId, [shopOfBatch(count)]);
    await releaseHeldLetters(pool);
    while ((await countClosedBatches(pool)) < (before === 0 ? 1 : 2)) await sleep(LOOK_MS);
    while (((await countByState(pool))['printed'] ?? 0) < before + count) await sleep(LOOK_MS);
  };
  try {
    await seed(pool, content, organisationId, { from: 0, to: WARM_UP });
    await print(WARM_UP, 0);
    await seed(pool, content, organisationId, { from: WARM_UP, to: WARM_UP + letters });
    const database = parentOf(await serverProcess(pool));
    const figures = await measureWork(() => print(letters, WARM_UP), database);
    return { ...figures, fileBytes: await handedOver(join(paperDir, NUMBER, SHOP, 'batches'), letters) };
  } finally {
    await hub.close();
    await pool.end();
  }
}

function shopOfBatch(count: number) {
  // A day away: the batch is closed because it is full.
  const at = new Date(Date.now() - 2 * 3_600_000).toLocaleTimeString('sv-SE', { timeStyle: 'short' });
  const cutOffs = [{ at, weekdays: [1, 2, 3, 4, 5, 6, 7] }];
  return { ...DEFAULT_SHOP, code: SHOP, name: 'Tryckeriet', files: 'one', lettersMax: count, cutOffs } as const;
}

async function prepare(pool: Pool): Promise<string> {
  await migrate(pool, HUB_MIGRATIONS, { log });
  const { returnAddress, letter } = printLetter(0);
  const { id } = await createHubAdmin(pool).putOrganisation({
    ...{
      organizationNumber: NUMBER,
      name: letter.sender.name,
      units: [{ code: 'bun', name: letter.sender.unit ?? '' }],
    },
    ...{ returnAddress, support: { text: 'Ring växeln.' } },
    flows: [{ code: 'beslut', name: 'Beslut', unit: 'bun', channelPolicy: 'paperOnly' }],
    systems: [{ name: 'Barn', apiKey: 'bd_bench_0123456789abcdef0123456789abcdef' }],
  });
  return id;
}

async function seed(
  pool: Pool,
  content: ContentStore,
  organisationId: string,
  { from, to }: { from: number; to: number },
): Promise<void> {
  for (let first = from; first < to; first += SEEDED_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(SEEDED_AT_ONCE, to - first) }, (_, index) => first + index);
    const letters = numbers.map((n) => {
      const { letter, address } = printLetter(n);
      const body = content.prepare(organisationId, Buffer.from(letter.body.text), letter.body.contentType);
      return {
        body,
        row: { id: newId(), subject: letter.subject, reference: `BUN ${n}`, address, bodyHash: body.hash },
      };
    });
    await content.put(
      pool,
      organisationId,
      letters.map(({ body }) => body),
    );
    await seedPaperLetters(
      pool,
      organisationId,
      letters.map(({ row }) => row),
    );
  }
}

async function startBenchHub(own: { databaseUrl: string; contentKey: Buffer; paperDir: string }) {
  const authority = await createTestAuthority({ name: 'Bench CA' });
  const keys = await authority.issue({ organizationNumber: NUMBER, commonName: 'Kommunen' });
  return startHub({
    ...own,
    ...{ node: 'bench', web: { host: '127.0.0.1', port: 0, publicUrl: 'http://localhost' } },
    ...{ oidc: { issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'x' }, farUrl: 'https://127.0.0.1:9/' },
    ...{ dispatcher: keys, senders: [{ organizationNumber: NUMBER, ...keys }], caPem: authority.caPem },
    ...{ clock: systemClock, log },
  });
}

/** @returns the bytes of the batch's PDF. @throws Error unless the manifest has every letter */
async function handedOver(batches: string, letters: number): Promise<number> {
  for (const id of readdirSync(batches)) {
    const path = join(batches, id, 'manifest.json');
    if (!existsSync(path)) continue;
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { letters: { letter: string; file: string }[] };
    const distinct = new Set(manifest.letters.map(({ letter }) => letter));
    const [first] = manifest.letters;
    if (distinct.size === letters && first !== undefined) return (await stat(join(batches, id, first.file))).size;
  }
  throw new Error(`no batch of ${letters} letters was handed over`);
}
