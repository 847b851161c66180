import { COMMON_OPTIONS, type CommandSpec, type ParsedArguments, twoColumns, usageError } from '../arguments.ts';
import {
  clearFaults,
  FAULT_COUNT_MAX,
  FAULT_KINDS,
  FAULT_PARTIES,
  type FaultKind,
  type FaultParty,
  readFaults,
  readFaultUse,
  type SetFault,
  SLOW_MS_DEFAULT,
  SLOW_MS_MAX,
  setFault,
} from '../dev/faults.ts';
import { GATEWAY_PARTIES, isGatewayFault } from '../dev/messageGateway/gatewayFaults.ts';
import { isShopFault } from '../dev/printShop/shopFaults.ts';
import { dataFolder } from '../installation.ts';
import { type Command, EXIT } from './command.ts';

const PARTY_TEXTS: Readonly<Record<FaultParty, string>> = {
  far: 'registret FaR',
  brevladan: 'operatören Brevlådan',
  folkbokforing: 'folkbokföringens adresser',
  posthornan: 'operatören Posthörnan',
  epost: 'e-postservern',
  sms: 'SMS-växeln (HTTP och SMPP)',
  banken: 'banken som tar emot e-fakturor',
  tryckeriet: 'tryckeriet: felen gäller brev som det hämtar härnäst',
};

const KIND_TEXTS: Readonly<Record<FaultKind, string>> = {
  slow: 'svarar långsamt (--ms)',
  down: 'stängs av helt: portarna är stängda (med --calls: lägger på)',
  'accept-then-silence': 'gör det som begärs men svarar aldrig',
  'wrong-answer': 'gör det som begärs men svarar obegripligt',
  'closes-after-lookup': 'brevlådan har stängts efter uppslaget: "inte levererat" (bara operatörer)',
  'refuse-now': 'avvisar för stunden (bara epost, sms och banken)',
  'refuse-for-good': 'avvisar för gott (bara epost, sms, banken och tryckeriet)',
  'fails-later': 'tar emot, och studsar eller rapporterar fel efteråt (bara epost, sms och banken)',
  'loses-letter': 'tappar bort brevet före posten (bara tryckeriet)',
  'tells-twice': 'skickar alla kvittenser två gånger (bara tryckeriet)',
  'tells-of-unknown': 'skickar kvittens om ett okänt brev (bara tryckeriet)',
};

const spec: CommandSpec = {
  name: 'faults',
  summary: 'Låt en part krångla, för att se vad som händer. Utan ord visas de fel som är påslagna.',
  usage: '[PART FEL [--ms N] [--calls N] | clear [PART]]',
  wordsMax: 2,
  options: {
    ms: { type: 'string', value: 'N', help: `Millisekunder som slow väntar (${SLOW_MS_DEFAULT} om inget anges).` },
    calls: { type: 'string', value: 'N', help: 'Bara de närmaste N anropen; annars tills felet stängs av.' },
    json: { type: 'boolean', help: 'Visa påslagna fel som en rad JSON.' },
    ...COMMON_OPTIONS,
  },
  notes: [
    ['Parter:', ...twoColumns(Object.entries(PARTY_TEXTS))].join('\n'),
    ['Fel:', ...twoColumns(Object.entries(KIND_TEXTS))].join('\n'),
  ],
  examples: ['brevduva faults brevladan down', 'brevduva faults far slow --ms 3000 --calls 3', 'brevduva faults clear'],
};

/** `brevduva faults`: lists, sets and clears; a running installation obeys from its next call. */
export const faults: Command = {
  spec,
  async run(parsed, terminal) {
    const folder = dataFolder(parsed.text('data'), terminal);
    const [first, second] = parsed.words;
    if (first === undefined) terminal.out(await list(folder, parsed.flag('json')));
    else if (first === 'clear') terminal.out(await clear(folder, second));
    else terminal.out(await set(folder, first, second, parsed));
    return EXIT.done;
  },
};

async function list(folder: string, asJson: boolean): Promise<string> {
  const [set, used] = await Promise.all([readFaults(folder), readFaultUse(folder)]);
  const left = (fault: SetFault) => (fault.calls === undefined ? undefined : fault.calls - (used[fault.id] ?? 0));
  const shown = set.map((fault) => ({ ...fault, callsLeft: left(fault) }));
  if (asJson) return `${JSON.stringify({ faults: shown })}\n`;
  if (shown.length === 0) return 'Inga fel är påslagna.\n';
  return `${twoColumns(shown.map((fault) => [fault.party, describe(fault, fault.callsLeft)])).join('\n')}\n`;
}

async function clear(folder: string, word: string | undefined): Promise<string> {
  const count = await clearFaults(folder, word === undefined ? undefined : partyOf(word));
  return count === 0 ? 'Inget fel var påslaget.\n' : `${count} fel avstängt.\n`;
}

async function set(
  folder: string,
  partyWord: string,
  kindWord: string | undefined,
  parsed: ParsedArguments,
): Promise<string> {
  const party = partyOf(partyWord);
  const kind = FAULT_KINDS.find((one) => one === kindWord);
  if (kind === undefined) throw usageError(spec.name, `Ange ett fel: ${FAULT_KINDS.join(', ')}.`);
  if (kind === 'closes-after-lookup' && !(party === 'brevladan' || party === 'posthornan')) {
    throw usageError(spec.name, 'closes-after-lookup gäller bara operatörer.');
  }
  if (kind !== 'down' && party === 'folkbokforing') {
    throw usageError(spec.name, 'folkbokforing kan bara stängas av (down).');
  }
  if (!isPossible(party, kind)) {
    throw usageError(spec.name, `${party} kan inte ${kind}. Se vad var och en kan: brevduva faults --help`);
  }
  const delayMs = parsed.integer('ms', { min: 0, max: SLOW_MS_MAX });
  if (delayMs !== undefined && kind !== 'slow') throw usageError(spec.name, '--ms hör bara till slow.');
  const calls = parsed.integer('calls', { min: 1, max: FAULT_COUNT_MAX });
  if (calls !== undefined && (party === 'folkbokforing' || (party === 'tryckeriet' && kind === 'down'))) {
    throw usageError(spec.name, `${party} är av tills felet stängs av: ange inte --calls.`);
  }
  const fault = await setFault(folder, {
    party,
    kind,
    ...(kind === 'slow' ? { delayMs: delayMs ?? SLOW_MS_DEFAULT } : {}),
    ...(calls === undefined ? {} : { calls }),
  });
  return `${PARTY_TEXTS[party]}: ${describe(fault, calls)}\n`;
}

const PRINT_SHOP_ONLY: readonly FaultKind[] = ['loses-letter', 'tells-twice', 'tells-of-unknown'];

/** Silence is everybody's; of the rest the message gateway has its own. */
function isPossible(party: FaultParty, kind: FaultKind): boolean {
  if (party === 'tryckeriet') return isShopFault(kind);
  // What only a print shop does: nobody else has letters to lose.
  if (PRINT_SHOP_ONLY.includes(kind)) return false;
  // The bank takes, and refuses as the gateway does.
  if (party === 'banken') return true;
  const isGateway = GATEWAY_PARTIES.some((each) => each === party);
  return kind === 'accept-then-silence' || isGateway === isGatewayFault(kind);
}

function describe({ kind, delayMs }: SetFault, callsLeft: number | undefined): string {
  const delay = delayMs === undefined ? '' : ` ${delayMs} ms`;
  const count = callsLeft === undefined ? 'tills vidare' : `${callsLeft} anrop kvar`;
  return `${kind}${delay}, ${count}`;
}

function partyOf(word: string): FaultParty {
  const plain = word.toLowerCase().replaceAll(/[åä]/g, 'a').replaceAll('ö', 'o');
  const party = FAULT_PARTIES.find((one) => one === plain);
  if (party === undefined)
    throw usageError(spec.name, `Okänd part: ${word}. Välj ${FAULT_PARTIES.join(', ')} eller clear.`);
  return party;
}
