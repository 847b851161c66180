import type { Lane } from '../letter.ts';
import type { WaysIn } from './waysIn.ts';

/** A business system as ways in and intake know it. */
export interface BusinessSystem extends SystemIdentity {
  /** Word for the system in configuration, folders and login names; unique in its organisation. */
  readonly code: string;
  /** What it logs in as where a name is asked for ({@link loginNameOf}). */
  readonly loginName: string;
  readonly unitCode: string | undefined;
  /** Codes of the flows that it may send. Intake asks again at every letter. */
  readonly flows: readonly string[];
  /** The fastest lane of its letters. */
  readonly lane: Lane;
  readonly waysIn: WaysIn;
}

export interface SystemIdentity {
  readonly organisationId: string;
  readonly id: string;
  readonly name: string;
}

/**
 * The name under which the system logs in where a name is asked for beside the secret: OAuth's `client_id`, the user of SFTP and of
 * the printer. The organisation's number makes it unique in the hub.
 */
export function loginNameOf(organizationNumber: string, systemCode: string): string {
  return `${organizationNumber}-${systemCode}`;
}

/** What such a name looks like; nothing else is a system's. */
export const LOGIN_NAME = /^\d{12}-[^./\\]+$/;
