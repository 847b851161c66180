import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '@brevduva/base';
import { CLI_ERRORS } from '../errors.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';

/** The four ways in which a municipality can connect (design 8; docs/topologies.md). */
export const TOPOLOGIES = ['a', 'b', 'c', 'd'] as const;
export type Topology = (typeof TOPOLOGIES)[number];

interface TopologyFacts {
  /** Swedish, for the welcome. */
  readonly name: string;
  /** Who runs the hub that business systems hand in to; undefined: there is none, each system connects by itself. */
  readonly hubOf: 'municipality' | 'service' | undefined;
  /** Another hub, of a company that dispatches and prints for the municipality. */
  readonly hasCompanyHub: boolean;
}

export const TOPOLOGY_FACTS: Readonly<Record<Topology, TopologyFacts>> = {
  a: { name: 'egen växel och egen förmedling', hubOf: 'municipality', hasCompanyHub: false },
  b: { name: 'egen växel, ett bolag förmedlar och skriver ut', hubOf: 'municipality', hasCompanyHub: true },
  c: { name: 'ett bolag kör Brevduva för flera organisationer', hubOf: 'service', hasCompanyHub: false },
  d: { name: 'verksamhetssystemen ansluter själva', hubOf: undefined, hasCompanyHub: false },
};

/**
 * The topology of a data folder: what it was first started with, and for ever. A folder of before there was a choice is `a`.
 *
 * @throws AppError CLI_TOPOLOGY_OTHER when another one is wanted than the folder has.
 */
export async function topologyOf(folder: string, wanted: Topology | undefined): Promise<Topology> {
  const kept = await keptTopology(folder);
  if (kept !== undefined && wanted !== undefined && kept !== wanted) {
    throw appError(CLI_ERRORS, 'CLI_TOPOLOGY_OTHER', { values: { folder, kept, wanted } });
  }
  const topology = kept ?? wanted ?? 'a';
  if (kept === undefined) await writeFileAtomic(join(folder, FILE), `${topology}\n`);
  return topology;
}

const FILE = 'topology';

async function keptTopology(folder: string): Promise<Topology | undefined> {
  const file = join(folder, FILE);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw appError(CLI_ERRORS, 'CLI_FILE', { values: { file }, cause: error });
  });
  if (text === undefined) return (await isOld(folder)) ? 'a' : undefined;
  const kept = TOPOLOGIES.find((each) => each === text.trim());
  if (kept === undefined) throw appError(CLI_ERRORS, 'CLI_STATE_FILE', { values: { file } });
  return kept;
}

/** Everything that was started has a secret. */
async function isOld(folder: string): Promise<boolean> {
  return stat(join(folder, 'secret')).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
