export * from './testDatabase.ts';
export * from './testServer.ts';
