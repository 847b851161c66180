export { createHubAdmin, type HubAdmin, type NewFlow, type NewOrganisation } from './admin.ts';
export { HUB_ERRORS } from './errors.ts';
export { HUB_MIGRATIONS, type HubOptions, type KeyPair, type RunningHub, startHub } from './hub.ts';
