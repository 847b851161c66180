import type { Log } from '@brevduva/base';
import { contractFault } from '@brevduva/protocol';
import type { Refusal } from './checkList.ts';

/** Logs and throws what a list of checks found; nothing found, nothing done. @throws ContractFault */
export function refuse(
  log: Log,
  { callId, caller }: { callId: string; caller: string },
  refusal: Refusal | undefined,
): void {
  if (refusal === undefined) return;
  log.warn({ callId, caller, check: refusal.check, fault: refusal.fault }, 'delivery refused');
  throw contractFault(refusal.fault, refusal.detail);
}
