/** Everything that a contract file needs to describe its schema. */
export { anyOther, many, optional } from './occurs.ts';
export { Schema } from './schema.ts';
export type { Operation, OperationName, RequestOf, ResponseOf, ServiceContract } from './service.ts';
export { operation } from './service.ts';
export * from './simple.ts';
export type { GlobalElement, Infer, Type } from './types.ts';
export { XmlFragment } from './XmlFragment.ts';
