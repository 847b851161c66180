import type { PlainElement } from '@brevduva/protocol';

/** A rule of the published lists, by the id that it has there. */
export interface PeppolRule {
  readonly id: string;
  /** What must be so; in Swedish, for whoever gets the letter as a case. */
  readonly text: string;
  /** `warning`: published as such; it is told and does not stop the invoice. */
  readonly level: 'fatal' | 'warning';
  readonly holds: (invoice: PlainElement) => boolean;
}

export function rule(
  id: string,
  text: string,
  holds: PeppolRule['holds'],
  level: PeppolRule['level'] = 'fatal',
): PeppolRule {
  return { id, text, level, holds };
}
