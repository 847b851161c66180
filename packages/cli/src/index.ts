export { CLI_ERRORS } from './errors.ts';
export { runCli } from './runCli.ts';
export type { Terminal } from './terminal.ts';
