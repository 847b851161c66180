export * from './appError.ts';
export * from './clock.ts';
export * from './config.ts';
export * from './errors.ts';
export * from './id.ts';
export * from './log.ts';
export * from './outcome.ts';
