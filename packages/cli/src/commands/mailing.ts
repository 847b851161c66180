import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { appError } from '@brevduva/base';
import type { AddressFileRecipient } from '@brevduva/hub';
import {
  type Brevduva,
  BrevduvaError,
  createBrevduva,
  type Fault,
  type Mailing,
  type NewMailing,
  type Precheck,
} from '@brevduva/sdk';
import { bar, grouped } from '../accounts/loadProgress.ts';
import { COMMON_OPTIONS, type CommandSpec, type ParsedArguments, twoColumns, usageError } from '../arguments.ts';
import { CLI_ERRORS } from '../errors.ts';
import { findHub } from '../installation.ts';
import { paintFor, type Terminal } from '../terminal.ts';
import { type Command, EXIT } from './command.ts';

const FLOW_DEFAULT = 'information';
const FAULTS_SHOWN_MAX = 20;
const CLEAR_LINE = '\r\u001b[K';

const spec: CommandSpec = {
  name: 'mailing',
  summary: 'Lämna in ett utskick: samma innehåll till alla mottagare i en adressfil.',
  usage: 'FIL --name NAMN {--subject ÄMNE [--text TEXT | --html FIL] | --template KOD} [--pdf FIL]… [--commit]',
  wordsMax: 1,
  options: {
    name: { type: 'string', value: 'NAMN', help: 'Vad utskicket heter hos er.' },
    subject: { type: 'string', value: 'ÄMNE', help: 'Ämnesrad. {Kolumn} fylls med radens värde.' },
    text: { type: 'string', value: 'TEXT', help: 'Brevets text. {Kolumn} fylls med radens värde.' },
    html: { type: 'string', value: 'FIL', help: 'Brevets text som HTML, ur en fil.' },
    template: {
      type: 'string',
      value: 'KOD',
      help: 'Mall ur organisationens konfiguration, i stället för ämne och text.',
    },
    pdf: { type: 'string', value: 'FIL', multiple: true, help: 'Bilaga som alla får; kan anges flera gånger.' },
    flow: { type: 'string', value: 'FLÖDE', help: `Flödets kod (${FLOW_DEFAULT} om inget anges).` },
    recipient: { type: 'string', value: 'KOLUMN', help: 'Kolumnen med mottagarens nummer, om namnet inte säger det.' },
    reference: { type: 'string', value: 'KOLUMN', help: 'Kolumnen med er referens, om namnet inte säger det.' },
    'not-before': { type: 'string', value: 'TID', help: 'Skicka inget före, t.ex. 2026-11-24T08:00:00+01:00.' },
    expires: { type: 'string', value: 'TID', help: 'Skicka inget efter.' },
    'skip-faults': { type: 'boolean', help: 'Ta med de rader som är rätt och räkna upp de andra.' },
    'dry-run': { type: 'boolean', help: 'Visa hur listan skulle nås och vad det skulle kosta. Inget lämnas in.' },
    pages: { type: 'string', value: 'N', help: 'Sidor per brev på papper, för kostnaden med --dry-run (1).' },
    commit: {
      type: 'boolean',
      help: 'Släpp utskicket. Utan det ligger det kvar, fyllt, tills du släpper eller avbryter det.',
    },
    cancel: {
      type: 'string',
      value: 'ID',
      help: 'Avbryt ett utskick som inte är släppt, i stället för att lämna in ett.',
    },
    release: { type: 'string', value: 'ID', help: 'Släpp ett utskick som är fyllt, i stället för att lämna in ett.' },
    key: { type: 'string', value: 'NYCKEL', help: 'Idempotensnyckel: samma nyckel igen fortsätter på samma utskick.' },
    json: { type: 'boolean', help: 'Skriv svaret som en rad JSON.' },
    ...COMMON_OPTIONS,
  },
  notes: [
    'Filen är CSV (alla vanliga avgränsare och teckenkodningar) eller XLSX med rubriker. Kolumner som heter personnummer, referens, namn,\nadress, postnummer, ort och liknande känns igen.',
    'Varje kolumn utom mottagarens nummer kan stå som platshållare i ämne och text: {Skola}. Versaler och gemener är samma sak. En klammer\nsom ska stå kvar skrivs dubbelt: {{ eller }}.',
    'Slutkod: 0 klart · 1 fel i filen eller utskicket · 2 felskrivet kommando · 3 väntar på att en person godkänner.',
  ],
  examples: [
    'brevduva mailing elever.csv --name "Skolval 2027" --subject "Välj skola" --text "Nu är det dags." --pdf skolval.pdf',
    'brevduva mailing kunder.xlsx --name Taxa --subject "Ny taxa" --text "Se bilagan." --pdf taxa.pdf --commit',
    'brevduva mailing elever.csv --name "Skolval 2027" --flow skolval --template skolval',
  ],
};

/** `brevduva mailing`: hands in a mailing by the SDK, with progress. */
export const mailing: Command = {
  spec,
  async run(parsed, terminal) {
    const ended = await endIfAsked(parsed, terminal);
    if (ended !== undefined) return ended;
    if (parsed.flag('dry-run')) return dryRun(parsed, terminal);
    const wanted = await readMailing(parsed, terminal);
    const { table, recipients } = await readRecipients(parsed, terminal);
    const brevduva = await connect(parsed, terminal);
    const created = await brevduva.createMailing(wanted, { signal: terminal.stop });
    const isSound = await fill(brevduva, created, { table, recipients, parsed, terminal });
    if (!isSound) {
      const hint = `Utskicket ${created.id} ligger kvar. Rätta filen och kör igen, eller avbryt: brevduva mailing --cancel ${created.id}`;
      terminal.err(`${hint}\n`);
      return EXIT.failed;
    }
    const last = parsed.flag('commit')
      ? await brevduva.commitMailing(created.id, { signal: terminal.stop })
      : await brevduva.getMailing(created.id, { signal: terminal.stop });
    return tell(last, parsed, terminal);
  },
};

async function connect(parsed: ParsedArguments, terminal: Terminal): Promise<Brevduva> {
  const { hub, apiKey } = await findHub(parsed.text('data'), terminal);
  return createBrevduva({ url: hub, apiKey });
}

async function endIfAsked(parsed: ParsedArguments, terminal: Terminal): Promise<number | undefined> {
  const [cancelled, released] = [parsed.text('cancel'), parsed.text('release')];
  if (cancelled === undefined && released === undefined) return undefined;
  const brevduva = await connect(parsed, terminal);
  const options = { signal: terminal.stop };
  if (cancelled !== undefined) return tell(await brevduva.cancelMailing(cancelled, options), parsed, terminal);
  return tell(await brevduva.commitMailing(released ?? '', options), parsed, terminal);
}

async function readMailing(parsed: ParsedArguments, { cwd }: Terminal): Promise<NewMailing> {
  const [name, subject, html, template] = ['name', 'subject', 'html', 'template'].map((option) => parsed.text(option));
  if (name === undefined) throw usageError(spec.name, 'Ange vad utskicket heter med --name.');
  if (subject === undefined && template === undefined) {
    throw usageError(spec.name, 'Ange ämnet med --subject, eller en mall med --template.');
  }
  const attachments = await Promise.all(
    parsed.texts('pdf').map(async (file) => ({ name: basename(file), bytes: await read(resolve(cwd, file)) })),
  );
  return {
    name,
    subject,
    template,
    flow: parsed.text('flow') ?? FLOW_DEFAULT,
    text: parsed.text('text'),
    html: html === undefined ? undefined : (await read(resolve(cwd, html))).toString('utf8'),
    attachments,
    notBefore: parsed.text('not-before'),
    expiresAt: parsed.text('expires'),
    idempotencyKey: parsed.text('key'),
  };
}

async function readRecipients(parsed: ParsedArguments, terminal: Terminal) {
  const [file] = parsed.words;
  if (file === undefined) throw usageError(spec.name, 'Ange adressfilen.');
  // The hub's code reads tables; loaded here, so that other commands need not wait for it.
  const { readTable, recipientColumns, toRecipient } = await import('@brevduva/hub');
  const result = await readTable(await read(resolve(terminal.cwd, file)));
  for (const { line, text } of result.faults.slice(0, FAULTS_SHOWN_MAX)) {
    terminal.err(`${line === undefined ? file : `Rad ${line}`}: ${text}\n`);
  }
  if (!('table' in result)) throw appError(CLI_ERRORS, 'CLI_MAILING_FILE', { values: { file } });
  if (result.faults.length > 0 && !parsed.flag('skip-faults')) {
    throw appError(CLI_ERRORS, 'CLI_MAILING_FAULTS', { values: { count: result.faults.length } });
  }
  const columns = recipientColumns(result.table.columns, {
    recipient: parsed.text('recipient'),
    reference: parsed.text('reference'),
  });
  if ('missing' in columns) {
    const known = result.table.columns.join(', ');
    throw appError(CLI_ERRORS, 'CLI_MAILING_COLUMN', { values: { column: columns.missing, known } });
  }
  const recipients = result.table.rows.map(({ cells }) => toRecipient(cells, columns, result.table.columns));
  return { table: result.table, recipients };
}

const PAGES_MAX = 500;

/** Asks what would become of the list. Name, subject and text are not needed for that. */
async function dryRun(parsed: ParsedArguments, terminal: Terminal): Promise<number> {
  const pages = parsed.integer('pages', { min: 1, max: PAGES_MAX }) ?? 1;
  const { table, recipients } = await readRecipients(parsed, terminal);
  const brevduva = await connect(parsed, terminal);
  const flow = parsed.text('flow') ?? FLOW_DEFAULT;
  const found = await brevduva.precheck({ flow, recipients, pages }, { signal: terminal.stop });
  terminal.out(parsed.flag('json') ? `${JSON.stringify(found)}\n` : precheckText(found));
  showFaults(found.faults, table, terminal);
  return found.refused === 0 ? EXIT.done : EXIT.failed;
}

function precheckText({ recipients, reach, refused, cost }: Precheck): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Mottagare i filen', grouped(recipients)],
    ['Digital brevlåda', grouped(reach.digital)],
    ['Papper', grouped(reach.paper)],
    ['Papper, när adressen har hämtats', grouped(reach.address)],
    ['Hos en person (ingen kanal)', grouped(reach.case)],
    ['Går inte att skicka till', grouped(refused)],
    ['Beräknad kostnad', kronor(cost.total)],
    ['Om allt gick på papper', kronor(cost.ifAllOnPaper)],
  ];
  return `${twoColumns(rows).join('\n')}\nInget har lämnats in.\n`;
}

function kronor(ore: number): string {
  return `${(ore / 100).toLocaleString('sv-SE', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} kr`;
}

interface FillWork {
  readonly table: {
    readonly rows: readonly { readonly line: number; readonly cells: { get(column: string): string | undefined } }[];
  };
  readonly recipients: readonly AddressFileRecipient[];
  readonly parsed: ParsedArguments;
  readonly terminal: Terminal;
}

/** @returns whether all that should be in the mailing is. */
async function fill(
  brevduva: Brevduva,
  { id }: Mailing,
  { table, recipients, parsed, terminal }: FillWork,
): Promise<boolean> {
  const key = parsed.text('key');
  const skips = parsed.flag('skip-faults');
  const total = table.rows.length;
  try {
    const result = await brevduva.addRecipients(id, recipients, {
      signal: terminal.stop,
      onFault: skips ? 'skip' : 'refuse',
      onProgress: ({ handedOver }) => showProgress(handedOver, total, terminal),
      ...(key === undefined ? {} : { idempotencyKey: key }),
    });
    showFaults(result.faults, table, terminal);
    terminal.err(
      `${grouped(result.accepted)} mottagare är med${result.refused > 0 ? `, ${grouped(result.refused)} är inte det` : ''}.\n`,
    );
    return result.accepted > 0;
  } catch (error) {
    if (!(error instanceof BrevduvaError) || error.faults.length === 0) throw error;
    terminal.err(`${paintFor(terminal).bad(error.message)}\n`);
    showFaults(error.faults, table, terminal);
    return false;
  }
}

function showProgress(done: number, total: number, terminal: Terminal): void {
  const fraction = total === 0 ? 1 : done / total;
  const text = `${bar(fraction)} ${Math.floor(fraction * 100)} % · ${grouped(done)} av ${grouped(total)} mottagare`;
  if (terminal.isTty) terminal.err(`${CLEAR_LINE}${text}${done >= total ? '\n' : ''}`);
  else terminal.err(`${text}\n`);
}

/** By the line of the file, where the person can mend it. */
function showFaults(faults: readonly Fault[], table: FillWork['table'], terminal: Terminal): void {
  for (const { path, text } of faults.slice(0, FAULTS_SHOWN_MAX)) {
    const row = table.rows[Number(/^recipients\/(\d+)/.exec(path)?.[1] ?? Number.NaN)];
    terminal.err(`  ${row === undefined ? path : `rad ${row.line}`}: ${text}\n`);
  }
  if (faults.length > FAULTS_SHOWN_MAX)
    terminal.err(`  … och ${grouped(faults.length - FAULTS_SHOWN_MAX)} fel till.\n`);
}

const STATUS_TEXTS: Readonly<Record<Mailing['status'], string>> = {
  filling: 'är fyllt men inte släppt. Släpp det med: brevduva mailing --release',
  awaitingApproval: 'väntar på att en annan person godkänner det i konsolen.',
  committed: 'är släppt.',
  cancelled: 'är avbrutet; inget av det finns kvar.',
};

function tell(mailing: Mailing, parsed: ParsedArguments, terminal: Terminal): number {
  if (parsed.flag('json')) terminal.out(`${JSON.stringify(mailing)}\n`);
  else {
    const more = mailing.status === 'filling' ? ` ${mailing.id}` : '';
    const before =
      mailing.sentBefore === undefined ? '' : `Samma mottagare har fått ”${mailing.sentBefore.name}” tidigare.\n`;
    terminal.out(
      `Utskicket ${mailing.name} (${grouped(mailing.recipients)} mottagare) ${STATUS_TEXTS[mailing.status]}${more}\n${before}`,
    );
  }
  return mailing.status === 'awaitingApproval' ? EXIT.needsPerson : EXIT.done;
}

async function read(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw appError(CLI_ERRORS, 'CLI_FILE', { values: { file }, cause });
  });
}
