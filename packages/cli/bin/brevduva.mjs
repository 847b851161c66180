#!/usr/bin/env node
// Node 22.18 and later run TypeScript as it is; before that tsx does.
if (!process.features.typescript) {
  const { register } = await import('tsx/esm/api');
  register();
}
await import('./brevduva.ts');
