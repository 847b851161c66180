/** The header of an account file, in any order; docs in `brevduva accounts load --help`. */
export const ACCOUNT_COLUMNS = ['recipientId', 'operator', 'type', 'pending', 'registeredAt'] as const;
export type AccountColumn = (typeof ACCOUNT_COLUMNS)[number];

/** What a file of refused lines has besides; such a file can be corrected and loaded as it is. */
export const REJECT_COLUMNS = ['line', 'fault'] as const;
