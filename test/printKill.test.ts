import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createCredentialAdmin } from '@brevduva/hub';
import { named } from '../packages/hub/src/waysIn/printer/ippValues.ts';
import { printerClient, setPrinter, told } from '../packages/hub/test/support/printerHub.ts';
import { furtherPage, LETTER_RULES, letterPage, printoutPdf } from '../packages/hub/test/support/printouts.ts';
import { type Ecosystem, MUNICIPALITY, PEOPLE, startEcosystem } from './support/ecosystem.ts';
import { isSettled, waitFor } from './support/hubClient.ts';
import { crashAt, killHub, startHubProcess, writeHubOptions } from './support/startHubProcess.ts';

/** Scenario 9 for the printer: killed in the middle of a printout, each page becomes exactly one letter or one case. */
let world: Ecosystem;
let optionsFile: string;
let password: string;
/** The hub that went on after the last kill is the next one to die: a start costs seconds. */
let alive: { url: string; process: ChildProcess };
before(async () => {
  world = await startEcosystem({ withHub: false });
  optionsFile = await writeHubOptions(world);
  const { hub } = world.world.pools;
  await setPrinter({ pool: hub }, { ...LETTER_RULES, newLetter: { at: 'pages', pages: 1 } });
  const of = { organizationNumber: MUNICIPALITY, systemCode: 'arendesystemet' };
  ({ secret: password } = await createCredentialAdmin(hub).makeSecret(of, { kind: 'password', by: 'test' }));
  alive = await startHubProcess(optionsFile);
});
after(async () => {
  await killHub(alive.process);
  await world.close();
});

const ANNA = letterPage({ number: PEOPLE.atFirst, name: 'Anna Ek' });
const KIM = letterPage({ number: PEOPLE.atSecond, name: 'Kim Berg' });
const NOBODY = furtherPage('Här står inget nummer');

/** In each order something else has just been committed when the process dies. */
const PRINTOUTS = {
  'letter first': [ANNA, NOBODY, KIM],
  'case first': [NOBODY, ANNA, KIM],
};

for (const point of ['printJob:claimed', 'printJob:handedIn']) {
  for (const [order, pages] of Object.entries(PRINTOUTS)) {
    test(`killed at ${point}, ${order}: one letter or case of each page`, { timeout: 150_000 }, async () => {
      const before = await deliveries();
      const dying = alive;
      await crashAt(dying.process, point);
      const exited = once(dying.process, 'exit');
      const name = `${point} ${order}`;
      const request = { attributes: [named('job-name', name)], document: printoutPdf(pages) };
      await printerClient(dying.url, password).print('printJob', request).catch(answerWasLost);
      const [, signal] = await exited;
      assert.equal(signal, 'SIGKILL', 'the crash point was reached');

      alive = await startHubProcess(optionsFile);
      const jobNumber = await jobCalled(name);
      const job = await printerClient(alive.url, password).ended(jobNumber);
      assert.deepEqual(told(job), [
        'completed',
        'job-completed-with-warnings',
        '2 brev lämnades in, 1 ligger hos en person för att redas ut.',
      ]);
      const made = await madeOf(jobNumber);
      assert.deepEqual(made.pages, [1, 2, 3], 'each page once');
      assert.equal(made.cases, 1);
      const settled = [];
      for (const id of made.letters) settled.push(await waitFor(alive.url, id, isSettled));
      assert.deepEqual(
        settled.map(({ status }) => status),
        ['delivered', 'delivered'],
      );
      const delivered = (await deliveries()).map((count, n) => count - (before[n] ?? 0));
      assert.deepEqual(delivered, [1, 1], 'each exactly once');
    });
  }
}

/** The job may be claimed, and the process dead, before the answer has left. */
function answerWasLost(error: unknown): void {
  const isLost = error instanceof TypeError && error.message === 'fetch failed';
  if (!isLost) throw error;
}

async function jobCalled(name: string): Promise<number> {
  const { rows } = await world.world.pools.hub.query<{ number: number }>(
    'select number from print_job where name = $1',
    [name],
  );
  assert.equal(rows.length, 1, 'the job was kept, once');
  return Number(rows[0]?.number);
}

const deliveries = () => Promise.all([PEOPLE.atFirst, PEOPLE.atSecond].map((person) => world.deliveriesTo(person)));

/** Letters and cases of a print job, and from which page each begins. */
async function madeOf(jobNumber: number): Promise<{ pages: number[]; letters: string[]; cases: number }> {
  const { rows } = await world.world.pools.hub.query<{ key: string; letterId: string | null }>(
    `select key, letter_id as "letterId" from idempotency i join print_job j on i.key like 'print-' || j.id || '-%' where j.number = $1
     union all
     select key, null from hand_in_case c join print_job j on c.key like 'print-' || j.id || '-%' where j.number = $1`,
    [jobNumber],
  );
  return {
    pages: rows.map(({ key }) => Number(key.split('-').at(-1))).sort(),
    letters: rows.flatMap(({ letterId }) => letterId ?? []),
    cases: rows.filter(({ letterId }) => letterId === null).length,
  };
}
