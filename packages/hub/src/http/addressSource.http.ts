import type { RecipientId } from '@brevduva/protocol';
import { ADDRESS_PERSONS_MAX, type AddressAnswer, type AddressSource, type FoundAddress } from '../addressSource.ts';
import { checkPostalAddress } from '../paper/address.ts';
import { createJsonCaller, type JsonCallerOptions } from './jsonCaller.http.ts';

/** Where the source answers; documented in docs/operations/address-source.md. */
export type AddressSourceOptions = Omit<JsonCallerOptions, 'answerBytesMax'>;

/**
 * Asks a source over HTTP: `POST` of `{ "persons": ["192705178354", …] }`, answered by `{ "persons": { "192705178354": { … } } }`. The
 * municipality's integration platform, which has Navet or SPAR already, gives this small interface; so no letter depends on the form
 * of a register that each municipality reaches in its own way.
 */
export function createHttpAddressSource(options: AddressSourceOptions): AddressSource & { close(): void } {
  const caller = createJsonCaller(options);
  return {
    async find(persons) {
      if (persons.length > ADDRESS_PERSONS_MAX) throw new RangeError(`at most ${ADDRESS_PERSONS_MAX} persons`);
      try {
        const body = Buffer.from(JSON.stringify({ persons }));
        const { status, json } = await caller.call({ method: 'POST', headers: JSON_HEADERS, body });
        return status === 200 ? readAnswer(json, persons) : { kind: 'unavailable', reason: `status ${status}` };
      } catch (error) {
        // Whatever failed between us and the source, or in its answer, the letters wait; the message names no person.
        return { kind: 'unavailable', reason: error instanceof Error ? error.message : 'unknown' };
      }
    },
    close: () => caller.close(),
  };
}

const JSON_HEADERS = { 'content-type': 'application/json' };

/** An answer that leaves somebody out, or says something we do not understand, is no answer: nobody is sent to a guessed address. */
function readAnswer(answer: unknown, persons: readonly RecipientId[]): AddressAnswer {
  const given = isObject(answer) && isObject(answer['persons']) ? answer['persons'] : undefined;
  if (given === undefined) return { kind: 'unavailable', reason: 'the answer has no persons' };
  const read = new Map<string, FoundAddress>();
  for (const person of persons) {
    const found = readPerson(given[person]);
    if (found === undefined) return { kind: 'unavailable', reason: 'the answer is not understood' };
    read.set(person, found);
  }
  return { kind: 'answered', persons: read };
}

function readPerson(value: unknown): FoundAddress | undefined {
  if (!isObject(value)) return undefined;
  const { status, address } = value;
  if (status === 'protected' || status === 'deceased' || status === 'unknown') return { kind: status };
  if (status !== 'found' || !isObject(address)) return undefined;
  const checked = checkPostalAddress(addressInput(address));
  // An address that no envelope takes is as good as none.
  return checked.ok ? { kind: 'found', address: checked.address } : { kind: 'unknown' };
}

function addressInput(address: Readonly<Record<string, unknown>>) {
  const text = (field: string) => (typeof address[field] === 'string' ? address[field] : undefined);
  const { lines } = address;
  return {
    name: text('name'),
    careOf: text('careOf'),
    lines: Array.isArray(lines) ? lines.filter((line) => typeof line === 'string') : [],
    postalCode: text('postalCode'),
    city: text('city'),
    country: text('country'),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
