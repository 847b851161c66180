import { wantedFacts } from '../eInvoice/eInvoiceFacts.ts';
import { EINVOICE_QUESTIONS_MAX, type EInvoiceQuestion } from '../eInvoice/eInvoiceRegistry.ts';
import type { ClaimedLetter } from '../letter.ts';
import { needsEInvoiceRegistry, type SwitchFacts } from '../switch.ts';
import { groupBy } from './groupBy.ts';
import type { StageContext } from './stage.ts';

/** A letter with what the switch is to know of it. */
export interface KnownLetter {
  readonly letter: ClaimedLetter;
  readonly facts: SwitchFacts;
}

/** Letters that the switch can decide on, as far as e-invoices go, and those that wait for a registry that does not answer. */
export interface AskedLetters {
  readonly known: readonly KnownLetter[];
  readonly waiting: readonly { readonly letter: ClaimedLetter; readonly reason: string }[];
}

const HOUR_MS = 3_600_000;

/**
 * Asks the registry of e-invoices about the letters that need it, one call for each flow and thousand. While it does not answer the letters
 * wait, as they do for FaR; a flow may say for how long, and that they then go the next way.
 */
export async function askEInvoiceRegistry(
  letters: readonly KnownLetter[],
  context: Pick<StageContext, 'eInvoice' | 'clock' | 'log'>,
): Promise<AskedLetters> {
  const known = letters.filter(({ facts }) => !needsEInvoiceRegistry(facts));
  const waiting: { letter: ClaimedLetter; reason: string }[] = [];
  const asking = letters.filter(({ facts }) => needsEInvoiceRegistry(facts));
  const flowOf = ({ letter }: KnownLetter) => `${letter.organisationId} ${letter.flow.code}`;
  for (const group of groupBy(asking, flowOf).values()) {
    for (let start = 0; start < group.length; start += EINVOICE_QUESTIONS_MAX) {
      const asked = await askOnce(group.slice(start, start + EINVOICE_QUESTIONS_MAX), context);
      known.push(...asked.known);
      waiting.push(...asked.waiting);
    }
  }
  return { known, waiting };
}

async function askOnce(
  letters: readonly KnownLetter[],
  { eInvoice, clock, log }: Pick<StageContext, 'eInvoice' | 'clock' | 'log'>,
): Promise<AskedLetters> {
  const [first] = letters;
  if (first === undefined || eInvoice === undefined) return { known: letters, waiting: [] };
  const { organisation, flow } = first.letter;
  const creditor = { organizationNumber: organisation.organizationNumber, flow: flow.code };
  const answer = await eInvoice.registry.find(
    creditor,
    letters.map(({ letter }) => questionOf(letter)),
  );
  if (answer.kind === 'answered') {
    const known = letters.map(({ letter, facts }, n): KnownLetter => {
      const wish = answer.wishes[n];
      if (wish === undefined) throw new Error('the registry of e-invoices left an invoice out');
      return {
        letter,
        facts: { ...facts, eInvoice: wish.kind === 'wanted' ? wantedFacts(letter, wish.address) : wish },
      };
    });
    return { known, waiting: [] };
  }
  log.warn({ reason: answer.reason, letters: letters.length }, 'the registry of e-invoices did not answer');
  const now = clock.now();
  const tired = letters.filter(({ letter }) => hasWaitedEnough(letter, now));
  return {
    known: tired.map(({ letter, facts }) => ({ letter, facts: { ...facts, eInvoice: { kind: 'unavailable' } } })),
    waiting: letters.filter((each) => !tired.includes(each)).map(({ letter }) => ({ letter, reason: answer.reason })),
  };
}

function hasWaitedEnough({ flow, stageEnteredAt }: ClaimedLetter, now: Date): boolean {
  const { eInvoiceWaitHours: hours } = flow;
  return hours !== undefined && now.getTime() - stageEnteredAt.getTime() >= hours * HOUR_MS;
}

function questionOf({ recipient, reference, invoice }: ClaimedLetter): EInvoiceQuestion {
  const ocr = invoice?.reference?.kind === 'ocr' ? invoice.reference.text : undefined;
  return { recipient, reference, ocr };
}
