import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { appError } from '@brevduva/base';
import { CLI_ERRORS } from '../errors.ts';
import { makeFolder } from '../makeFolder.ts';
import { writeFileAtomic } from '../writeFileAtomic.ts';

/** What can be made to go wrong, as it is written on the command line. */
export const FAULT_KINDS = [
  'slow',
  'down',
  'accept-then-silence',
  'wrong-answer',
  'closes-after-lookup',
  'refuse-now',
  'refuse-for-good',
  'fails-later',
  'loses-letter',
  'tells-twice',
  'tells-of-unknown',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Who can be made to fail: the register, the operators, the address source (`down` alone), the message gateway (dev/messageGateway), the bank and the print shop. */
export const FAULT_PARTIES = [
  'far',
  'brevladan',
  'posthornan',
  'folkbokforing',
  'epost',
  'sms',
  'banken',
  'tryckeriet',
] as const;
export type FaultParty = (typeof FAULT_PARTIES)[number];

export const SLOW_MS_MAX = 600_000;
export const SLOW_MS_DEFAULT = 5_000;
export const FAULT_COUNT_MAX = 1_000_000;

export interface SetFault {
  /** Tells one setting of a fault from the next, so that its count starts anew. */
  readonly id: string;
  readonly party: FaultParty;
  readonly kind: FaultKind;
  /** How long `slow` waits. */
  readonly delayMs?: number;
  /** Only the next so many calls; without it until cleared. */
  readonly calls?: number;
}

/** The faults that are set, of which each party has at most one. Throws CLI_FAULTS_FILE when the file is damaged. */
export async function readFaults(folder: string): Promise<readonly SetFault[]> {
  const file = faultsFile(folder);
  const text = await readFile(file, 'utf8').catch(noneWhenMissing);
  if (text === undefined) return [];
  const faults = parseFaults(text);
  if (faults === undefined) throw appError(CLI_ERRORS, 'CLI_FAULTS_FILE', { values: { file } });
  return faults;
}

/** How many calls each set fault has met, by its id. Written by the party alone, so that nobody's writing is lost. */
export async function readFaultUse(folder: string): Promise<Readonly<Record<string, number>>> {
  const text = await readFile(faultUseFile(folder), 'utf8').catch(noneWhenMissing);
  return text === undefined ? {} : (JSON.parse(text) as Record<string, number>);
}

/** Sets a party's fault, in place of the one it had. A running installation obeys from the next call. */
export async function setFault(folder: string, fault: Omit<SetFault, 'id'>): Promise<SetFault> {
  const set = { id: randomUUID(), ...fault };
  const others = (await readFaults(folder)).filter((one) => one.party !== fault.party);
  await writeFaults(folder, [...others, set]);
  return set;
}

/** Takes away one party's fault, or all. Returns how many there were. A damaged file is cleared too. */
export async function clearFaults(folder: string, party?: FaultParty): Promise<number> {
  if (party === undefined) {
    const text = await readFile(faultsFile(folder), 'utf8').catch(noneWhenMissing);
    await writeFaults(folder, []);
    return text === undefined ? 0 : (parseFaults(text)?.length ?? 0);
  }
  const faults = await readFaults(folder);
  const left = faults.filter((one) => one.party !== party);
  await writeFaults(folder, left);
  return faults.length - left.length;
}

/** Changes when the file does: a replaced file has another inode even within one tick of the file system's clock. */
export async function faultsVersion(folder: string): Promise<string> {
  const found = await stat(faultsFile(folder), { bigint: true }).catch(noneWhenMissing);
  return found === undefined ? '' : `${found.ino}:${found.mtimeNs}:${found.size}`;
}

export async function writeFaultUse(folder: string, used: ReadonlyMap<string, number>): Promise<void> {
  await writeFileAtomic(faultUseFile(folder), `${JSON.stringify(Object.fromEntries(used))}\n`);
}

async function writeFaults(folder: string, faults: readonly SetFault[]): Promise<void> {
  await makeFolder(folder);
  await writeFileAtomic(faultsFile(folder), `${JSON.stringify({ faults }, null, 2)}\n`);
}

function faultsFile(folder: string): string {
  return join(folder, 'faults.json');
}

function faultUseFile(folder: string): string {
  return join(folder, 'faults-used.json');
}

function parseFaults(text: string): SetFault[] | undefined {
  try {
    const content = JSON.parse(text) as { faults?: unknown };
    return Array.isArray(content.faults) && content.faults.every(isFault) ? content.faults : undefined;
  } catch {
    // Not JSON: the caller tells the user which file to remove.
    return undefined;
  }
}

function isFault(value: unknown): value is SetFault {
  const fault = value as Partial<SetFault> | null;
  return (
    typeof fault?.id === 'string' &&
    FAULT_PARTIES.some((party) => party === fault.party) &&
    FAULT_KINDS.some((kind) => kind === fault.kind)
  );
}

function noneWhenMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
