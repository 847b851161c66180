import { authorityService, type Operation, recipientService, serviceService } from '@brevduva/protocol';
import { wireRequest } from '@brevduva/protocol/testing';
import type { ServiceName } from './check.ts';
import type { Context } from './context.ts';
import { letter } from './letter.ts';
import { UNREGISTERED } from './numbers.ts';

/** A request that every right server answers and that changes nothing there. */
export interface OrdinaryRequest {
  readonly operation: Operation;
  readonly message: Buffer;
  /** In words, for the checks that send it. */
  readonly what: string;
}

const { isRegistered } = recipientService.operations;
const { getSenders } = authorityService.operations;
const { deliverSecure } = serviceService.operations;

const ORDINARY: Readonly<Record<ServiceName, (context: Context) => Promise<OrdinaryRequest>>> = {
  recipient: async () => ({
    operation: isRegistered,
    message: wireRequest(isRegistered, { recipientId: [UNREGISTERED] }),
    what: 'isRegistered',
  }),
  // For a number that has no mailbox: answered with Delivered=false (FACTS g) and kept by no one.
  service: async (context) => ({
    operation: deliverSecure,
    message: await letter(context),
    what: 'deliverSecure',
  }),
  authority: async () => ({ operation: getSenders, message: wireRequest(getSenders, {}), what: 'getSenders' }),
};

/** A new one at every call, so that no two letters are the same. */
export function ordinaryRequest(context: Context): Promise<OrdinaryRequest> {
  return ORDINARY[context.target.service](context);
}
