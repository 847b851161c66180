export { createHubAdmin, type HubAdmin, type NewFlow, type NewOrganisation } from './admin.ts';
export { HUB_ERRORS } from './errors.ts';
export { type HubOptions, type KeyPair, type RunningHub, startHub } from './hub.ts';
export { HUB_MIGRATIONS } from './migrations.ts';
export { ADDRESS_FAULT_TEXTS } from './paper/address.ts';
export { PDF_FAULT_TEXTS } from './pdf/faults.ts';
