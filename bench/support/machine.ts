import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Queryable } from '@brevduva/base';
import { durability, serverVersion } from './sql.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly openssl: string;
  readonly postgres: string;
  readonly fsync: string;
  readonly synchronousCommit: string;
  /** One-minute load when the bench began: above zero, somebody else used the machine. */
  readonly loadBefore: number;
}

export async function describeMachine(db: Queryable, loadBefore: number): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    openssl: process.versions.openssl,
    postgres: await serverVersion(db),
    ...(await durability(db)),
    loadBefore,
  };
}

export function loadNow(): number {
  return loadavg()[0] ?? 0;
}
