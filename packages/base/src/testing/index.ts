export * from './freePort.ts';
export * from './testDatabase.ts';
export * from './testServer.ts';
