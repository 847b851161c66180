import type { OrganizationNumber, ServiceSupplier } from '@brevduva/protocol';

/** Somebody else's dispatcher, whom the organisation hands letters to by `Message.distributeSecure` (alternatives B and C of design 8). */
export interface ExternalDispatcher {
  /** What flows call it by. */
  readonly code: string;
  readonly number: OrganizationNumber;
  readonly name: string;
  /** Of its Message service. */
  readonly url: string;
  /** Whether it also prints what cannot go digitally. */
  readonly takes: 'digital' | 'digitalAndPaper';
  /** Who asks FaR first: `us`, and only what the answer fits is handed over; `them`, and it is left to it. */
  readonly asksRegister: 'us' | 'them';
  /**
   * Where it has the postal address from, for which the contract has no field: a register of its own, or, by agreement, the metadata of
   * the message.
   */
  readonly addresses: 'register' | 'metadata';
  /** The one for all flows that name none. */
  readonly allFlows: boolean;
  /** It may say Pending for so long; then a person asks it. */
  readonly pendingHours: number;
  /** The first question how it went; the delays double. */
  readonly pollFirstSeconds: number;
  readonly pollMinutesMax: number;
}

/** What a flow says when it goes by nobody else's dispatcher. */
export const OWN_DISPATCH = 'own';

interface Place {
  readonly organisation: { readonly dispatchers: readonly ExternalDispatcher[] };
  readonly flow: { readonly dispatcher: string | undefined };
}

/** Who dispatches the flow's letters, when it is not this hub. */
export function dispatcherOf({ organisation: { dispatchers }, flow }: Place): ExternalDispatcher | undefined {
  if (flow.dispatcher === OWN_DISPATCH) return undefined;
  return dispatchers.find(({ code, allFlows }) =>
    flow.dispatcher === undefined ? allFlows : code === flow.dispatcher,
  );
}

/** As the letter's row keeps whom it was handed to: in the words that FaR has for an operator. */
export function asSupplier({ number, name, url }: ExternalDispatcher): ServiceSupplier {
  return { Id: number, Name: name, ServiceAdress: url, InternalServiceAdress: '' };
}

/**
 * The dispatcher that has the letter, as the organisation has it now: its address may have moved since. What it was then, if the
 * organisation has left it.
 */
export function holderOf(
  { dispatchers }: Place['organisation'],
  supplier: ServiceSupplier,
): Pick<ExternalDispatcher, 'name' | 'url' | 'pendingHours' | 'pollFirstSeconds' | 'pollMinutesMax'> {
  const known = dispatchers.find(({ number }) => number === supplier.Id);
  return known ?? { name: supplier.Name, url: supplier.ServiceAdress, ...POLL_DEFAULTS };
}

export const POLL_DEFAULTS = { pendingHours: 72, pollFirstSeconds: 60, pollMinutesMax: 60 } as const;

/** When to ask again: soon at first, then less and less often. */
export function pollDelayMs(
  { pollFirstSeconds, pollMinutesMax }: Pick<ExternalDispatcher, 'pollFirstSeconds' | 'pollMinutesMax'>,
  attempts: number,
): number {
  const doublings = Math.min(Math.max(attempts - 1, 0), DOUBLINGS_MAX);
  return Math.min(pollFirstSeconds * 1_000 * 2 ** doublings, pollMinutesMax * 60_000);
}

/** Past the longest delay, whatever the first. */
const DOUBLINGS_MAX = 24;
