import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { samplePdf } from '../packages/hub/test/pdfSamples.ts';
import { AT_ONCE, LOGIN_NAME, type Told, until } from '../packages/hub/test/support/dropFolder.ts';
import { type Ecosystem, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { killHub, startHubProcess, writeHubOptions } from './support/startHubProcess.ts';

/** Scenario 9 for the drop folder: the node is killed after each single step of a delivery's way, and the next one goes on. */
let world: Ecosystem;
let optionsFile: string;
let root: string;
before(async () => {
  world = await startEcosystem({ withHub: false });
  root = join(world.world.dir, 'drop');
  optionsFile = await writeHubOptions(world);
  const options = JSON.parse(await readFile(optionsFile, 'utf8'));
  await writeFile(optionsFile, JSON.stringify({ ...options, dropFolder: { root, lookEveryMs: 50 } }));
  await mkdir(join(root, LOGIN_NAME, 'in'), { recursive: true });
  await world.world.pools.hub.query(
    `update business_system set ways_in = jsonb_build_object('dropFolder', $1::jsonb) where code = 'arendesystemet'`,
    [JSON.stringify(AT_ONCE)],
  );
});
after(() => world.close());

const DELIVERIES = {
  small: { letters: 3, dyingAt: ['noted', 'moved', 'taken', 'handedIn', 'answered', 'published', 'putAway'] },
  large: { letters: 240, dyingAt: ['taken', 'stored', 'answered', 'released'] },
};

for (const [size, { letters, dyingAt }] of Object.entries(DELIVERIES)) {
  test(`a ${size} delivery, killed at ${dyingAt.join(', ')}: each letter once`, { timeout: 240_000 }, async () => {
    const inFolder = join(root, LOGIN_NAME, 'in');
    const references = Array.from({ length: letters }, (_, n) => `${size}-${String(n).padStart(3, '0')}`);
    const rows = references.map((reference) => `${PEOPLE.notRegistered};${size}.pdf;${reference}`);
    await writeFile(join(inFolder, `${size}.pdf`), samplePdf({ pages: [{}] }));
    await writeFile(join(inFolder, `${size}.csv`), ['mottagare;fil;referens', ...rows].join('\n'));
    for (const point of dyingAt) {
      const dying = await startHubProcess(optionsFile, `dropFolder:${point}`);
      const { process } = dying;
      const signal = process.signalCode ?? (await once(process, 'exit'))[1];
      assert.equal(signal, 'SIGKILL', `${point} was reached`);
    }
    const alive = await startHubProcess(optionsFile);
    try {
      await until(async () => ((await stateOf(`${size}.csv`)) === 'done' ? true : undefined));
      const answer = await readFile(join(root, LOGIN_NAME, 'results', `${size}.csv.result.json`), 'utf8');
      const told = JSON.parse(answer) as Told;
      assert.deepEqual(told.counts, { accepted: letters, duplicate: 0, refused: 0, heldBack: 0 });
      const made = await lettersOf(size);
      assert.deepEqual(
        made.map(({ reference }) => reference),
        references,
        'each once',
      );
      assert.deepEqual(
        made.map(({ id }) => id),
        told.rows.map(({ letterId }) => letterId),
      );
      assert.deepEqual(await readdir(join(root, LOGIN_NAME, 'working')), []);
      assert.equal((await readdir(join(root, LOGIN_NAME, 'done'))).filter((name) => name.startsWith(size)).length, 1);
    } finally {
      await killHub(alive.process);
    }
  });
}

async function stateOf(name: string): Promise<string | undefined> {
  const { rows } = await world.world.pools.hub.query<{ state: string }>(
    'select state from file_delivery where name = $1',
    [name],
  );
  assert.ok(rows.length <= 1, 'one delivery');
  return rows[0]?.state;
}

async function lettersOf(size: string): Promise<{ id: string; reference: string }[]> {
  const { rows } = await world.world.pools.hub.query<{ id: string; reference: string }>(
    'select id, reference from letter where reference like $1 order by reference',
    [`${size}-%`],
  );
  return rows;
}
