import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZipFile } from 'yazl';
import type { HubOptions } from '../../src/hubOptions.ts';
import { loginNameOf } from '../../src/organisation/businessSystem.ts';
import { foldersOf } from '../../src/waysIn/dropFolder/folders.ts';
import type { DeliveryResult, RowOutcome } from '../../src/waysIn/dropFolder/result.ts';
import { MUNICIPALITY } from './hubDatabase.ts';
import { startIntakeHub } from './intakeHub.ts';

const SYSTEM = 'arendesystemet';
export const LOGIN_NAME = loginNameOf(MUNICIPALITY, SYSTEM);
/** Complete as soon as they have another name than .tmp: what is tested here is not the waiting. */
export const AT_ONCE = { flow: 'beslut', subject: 'Ett beslut', completeWhen: 'renamed' };

export type Told = DeliveryResult & { readonly counts: Record<RowOutcome, number> };
export type DropFolderHub = Awaited<ReturnType<typeof startDropFolderHub>>;

/** A hub whose system has a drop folder. The pipeline runs, and finds no FaR: letters wait. */
export async function startDropFolderHub({
  settings = AT_ONCE,
  lookEveryMs = 20,
  ...options
}: Partial<HubOptions> & { settings?: object; lookEveryMs?: number } = {}) {
  const root = await mkdtemp(join(tmpdir(), 'brevduva-drop-'));
  const started = await startIntakeHub({
    runsPipeline: true,
    dropFolder: { root, lookEveryMs },
    ...options,
  });
  const folders = foldersOf(root, LOGIN_NAME);
  const use = async (next: object) => {
    await started.pool.query(
      `update business_system set ways_in = jsonb_build_object('dropFolder', $1::jsonb) where code = $2`,
      [JSON.stringify(next), SYSTEM],
    );
  };
  await use(settings);
  const answer = (name: string) => until(() => answerIn(folders.results, name));
  await until(async () => ((await readdir(root)).includes(LOGIN_NAME) ? true : undefined));
  return {
    ...started,
    root,
    folders,
    use,
    answer,
    /** Leaves files, the last one last, and waits for what the delivery is answered. */
    async handIn(
      files: Readonly<Record<string, Buffer | string>>,
      name = Object.keys(files).at(-1) ?? '',
    ): Promise<Told> {
      await rm(join(folders.results, `${name}.result.json`), { force: true });
      // As the rule `renamed` wants it: what is half-written has another name.
      for (const [file, bytes] of Object.entries(files)) {
        await writeFile(join(folders.in, `${file}.tmp`), bytes);
        await rename(join(folders.in, `${file}.tmp`), join(folders.in, file));
      }
      return answer(name);
    },
    async letters(): Promise<{ id: string; recipient: string; reference: string; state: string }[]> {
      const { rows } = await started.pool.query(
        'select id, recipient, reference, state from letter order by reference',
      );
      return rows;
    },
    async close() {
      await started.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function answerIn(results: string, name: string): Promise<Told | undefined> {
  const text = await readFile(join(results, `${name}.result.json`), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Asks until there is an answer; without end it would keep the process of a test that has failed. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const deadlineMs = Date.now() + ANSWER_MS_MAX;
  while (Date.now() < deadlineMs) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('no answer');
}

const ANSWER_MS_MAX = 90_000;

export async function zipOf(files: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(Buffer.from(bytes), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** `line outcome code` of every row. */
export function told({ rows }: Told): string[] {
  return rows.map(({ line, outcome, faults }) =>
    [line ?? '-', outcome, ...faults.map(({ code }) => code)].join(' ').trim(),
  );
}
