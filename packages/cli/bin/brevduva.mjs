#!/usr/bin/env node
// Node 22.18 and later run TypeScript as it is; before that tsx does.
if (!process.features.typescript) {
  const { register } = await import('tsx/esm/api');
  register();
  // Processes that we fork start with our own arguments, and need the loader as well.
  process.execArgv.push('--import', import.meta.resolve('tsx'));
}
await import('./brevduva.ts');
