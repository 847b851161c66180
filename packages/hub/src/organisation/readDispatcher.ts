import { type ExternalDispatcher, POLL_DEFAULTS } from '../externalDispatcher.ts';
import type { ObjectReader, TextRule } from './objectReader.ts';
import { readOrganizationNumber } from './readOrganizationNumber.ts';

/** The contract is spoken over mutual TLS and nothing else. */
const SERVICE_ADDRESS = { pattern: /^https:\/\/[^\s/@]+(?:\/[^\s]*)?$/, patternText: 'ska vara en https-adress' };
const PENDING_HOURS = { min: 1, max: 720 };
const POLL_SECONDS = { min: 1, max: 3_600 };
const POLL_MINUTES = { min: 1, max: 1_440 };

/** Reads an external dispatcher; faults go to the reader. */
export function readDispatcher(at: ObjectReader, code: TextRule): ExternalDispatcher {
  const dispatcher: ExternalDispatcher = {
    code: at.text('code', code),
    number: readOrganizationNumber(at),
    name: at.text('name'),
    url: at.text('url', SERVICE_ADDRESS),
    takes: at.choice('takes', ['digital', 'digitalAndPaper']),
    asksRegister: at.choice('asksRegister', ['us', 'them'], 'us'),
    addresses: at.choice('addresses', ['register', 'metadata'], 'register'),
    allFlows: at.flag('allFlows', false),
    pendingHours: at.optionalInteger('pendingHours', PENDING_HOURS) ?? POLL_DEFAULTS.pendingHours,
    pollFirstSeconds: at.optionalInteger('pollFirstSeconds', POLL_SECONDS) ?? POLL_DEFAULTS.pollFirstSeconds,
    pollMinutesMax: at.optionalInteger('pollMinutesMax', POLL_MINUTES) ?? POLL_DEFAULTS.pollMinutesMax,
  };
  at.end();
  return dispatcher;
}
