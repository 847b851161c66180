import type { recipientService, SoapCall, SoapHandlers } from '@brevduva/protocol';
import type { AccountContext } from './accountContext.ts';
import { changeServiceSupplier } from './changeServiceSupplier.ts';
import { deregister } from './deregister.ts';
import { getAccountPreferences } from './getAccountPreferences.ts';
import { isAuthorizedSigner } from './isAuthorizedSigner.ts';
import { deletePendingAccountPreferences, getPendingAccountPreferences } from './pendingAccountPreferences.ts';
import { deletePendingAccountRequest, getPendingAccountRequest } from './pendingAccountRequest.ts';
import { deletePendingChangeServiceSupplier, getPendingChangeServiceSupplier } from './pendingChangeServiceSupplier.ts';
import { register } from './register.ts';
import { storeAccountPreferences } from './storeAccountPreferences.ts';

/** The twelve operations of Recipient v3 that concern accounts; the two questions of senders stand beside. */
export function accountHandlers(context: AccountContext): SoapHandlers<typeof recipientService> {
  const bound =
    <Request, Answer>(operation: (context: AccountContext, request: Request, call: SoapCall) => Promise<Answer>) =>
    (request: Request, call: SoapCall) =>
      operation(context, request, call);
  return {
    register: bound(register),
    deregister: bound(deregister),
    changeServiceSupplier: bound(changeServiceSupplier),
    storeAccountPreferences: bound(storeAccountPreferences),
    getAccountPreferences: bound(getAccountPreferences),
    getPendingAccountRequest: bound(getPendingAccountRequest),
    deletePendingAccountRequest: bound(deletePendingAccountRequest),
    getPendingChangeServiceSupplier: bound(getPendingChangeServiceSupplier),
    deletePendingChangeServiceSupplier: bound(deletePendingChangeServiceSupplier),
    getPendingAccountPreferences: bound(getPendingAccountPreferences),
    deletePendingAccountPreferences: bound(deletePendingAccountPreferences),
    isAuthorizedSigner: bound(isAuthorizedSigner),
  };
}
