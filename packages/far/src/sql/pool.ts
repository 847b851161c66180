import type { createPool } from '@brevduva/base';

export type Pool = ReturnType<typeof createPool>;
