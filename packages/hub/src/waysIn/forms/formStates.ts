/*
 * A form message's way. `received`: it is in the database and its portal has been told so; it is pushed to its receiver, or waits to be
 * fetched. `handedOver`: the receiver's webhook has said that it has it. `acknowledged`: the receiver has said so by itself, and perhaps
 * under which case number. `failed`: it did not arrive, or nobody fetched it; it lies with a person, and the receiver can still fetch
 * it. `settled`: a person has ended it in another way.
 */
export const FORM_STATES = ['received', 'handedOver', 'acknowledged', 'failed', 'settled'] as const;
export type FormState = (typeof FORM_STATES)[number];

/** What the receiver calls the case that it has made of a form. */
export const CASE_REFERENCE_CHARS_MAX = 255;

/** Why a form lies with a person: formFailures.ts has the words. */
export const FORM_FAILURES = [
  'unreachable',
  'tooSlow',
  'untrusted',
  'refused',
  'redirected',
  'forbiddenAddress',
  'notFetched',
  'noReceiver',
  'internal',
] as const;
export type FormFailure = (typeof FORM_FAILURES)[number];
