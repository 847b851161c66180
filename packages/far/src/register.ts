import type { Clock, Fault, Queryable } from '@brevduva/base';
import { appError, inTransaction, isUniqueViolation, systemClock } from '@brevduva/base';
import type { AccountStatus, OrganizationNumber, RecipientId } from '@brevduva/protocol';
import { parseOrganizationNumber, parseRecipientId } from '@brevduva/protocol';
import type { ActorRole } from './actors/actorRole.ts';
import { ERRORS } from './errors.ts';
import { createPersonsAndCompanies, type PersonsAndCompanies } from './personsAndCompanies.ts';
import {
  type AccountTypeLetter,
  type NewAccountRow,
  type PreferenceRow,
  unknownAccounts,
  upsertAccounts,
  upsertPreferences,
} from './sql/accounts.ts';
import { connectLoaded, refreshAdmission } from './sql/admission.ts';
import {
  deleteOtherDispatcherSenders,
  insertDispatcher,
  insertDispatcherSenders,
  insertMissingOperator,
  insertMissingOrganizations,
  insertSenders,
  selectKnownOperators,
  unknownSenders,
  updateOperator,
  upsertOrganizations,
} from './sql/organizations.ts';
import type { Pool } from './sql/pool.ts';

export type AccountType = AccountStatus['Type'];

export interface NewOrganization {
  organizationNumber: string;
  /** 2 to 256 characters, as `s:Sender/Name` allows. */
  name: string;
}

export interface NewOperator extends NewOrganization {
  /** Internet domain: what `AccountRequest/ServiceSupplier` names an operator by (FACTS i). */
  domain: string;
  /** Where `deliverSecure` is posted: `ServiceSupplier/ServiceAdress`. */
  serviceAddress: string;
  /** Where the recipient reads: `ServiceSupplier/UIAdress`. */
  uiAddress?: string;
  logo?: string;
}

export interface NewAccount {
  recipientId: string;
  /** Organisation number; absent only where the operator has left and the holder has chosen no new one. */
  operator?: string;
  /** `Secure` unless given. `Not` keeps a deregistered recipient's row. */
  type?: AccountType;
  /** A company not all of whose signatories have signed. */
  pending?: boolean;
  registeredAt: Date;
}

/** What one recipient says about one sender. */
export interface NewPreference {
  recipientId: string;
  sender: string;
}

export interface Register extends PersonsAndCompanies {
  /** Connects an operator, or gives a connected one new addresses. */
  addOperator(operator: NewOperator): Promise<void>;
  addSender(organizationNumber: string, name: string): Promise<void>;
  addSenders(senders: readonly NewOrganization[]): Promise<void>;
  /** Connects a dispatcher with exactly these senders; senders it had before and that are not named fall away. */
  addDispatcher(organizationNumber: string, name: string, senders: readonly string[]): Promise<void>;
  /** All or none; for a known recipient the new data stands. 10 000 rows a statement. */
  addAccounts(accounts: readonly NewAccount[]): Promise<void>;
  /** The recipient takes no mail from the sender (opt-out; FACTS d). */
  blockSender(recipientId: string, sender: string): Promise<void>;
  /** Takes the block back. */
  acceptSender(recipientId: string, sender: string): Promise<void>;
  blockSenders(preferences: readonly NewPreference[]): Promise<void>;
}

/** More rows a statement gain nothing measurable; parameters of 10 000 rows stay under a megabyte. */
const STATEMENT_ROWS_MAX = 10_000;
const NAME_LENGTH_MIN = 2;
const NAME_LENGTH_MAX = 256;
/** A file of a million bad rows is not answered with a million faults. */
const FAULTS_MAX = 100;
const DOMAIN = /^[a-z0-9][a-z0-9.-]*$/;
const TYPE_LETTERS: Record<AccountType, AccountTypeLetter> = { Secure: 'S', Anonymous: 'A', Not: 'N' };

type Place = Omit<Fault, 'code'>;

/**
 * The register's administration, for seeding and for the owner. Every function is set-based, can be repeated, and
 * does all or nothing. Refusals are AppErrors FAR_…, with the place of every fault.
 */
export function createRegister(pool: Pool, { clock = systemClock }: { clock?: Clock } = {}): Register {
  const addSenders = (senders: readonly NewOrganization[]) => storeSenders(pool, senders, clock.now());
  const prefer = (preferences: readonly NewPreference[], accepted: boolean) =>
    storePreferences(pool, preferences, accepted, clock.now());
  return {
    ...createPersonsAndCompanies(pool, clock),
    addOperator: (operator) => storeOperator(pool, operator, clock.now()),
    addSender: (organizationNumber, name) => addSenders([{ organizationNumber, name }]),
    addSenders,
    addDispatcher: (organizationNumber, name, senders) =>
      storeDispatcher(pool, { organizationNumber, name }, senders, clock.now()),
    addAccounts: (accounts) => storeAccounts(pool, accounts),
    blockSender: (recipientId, sender) => prefer([{ recipientId, sender }], false),
    acceptSender: (recipientId, sender) => prefer([{ recipientId, sender }], true),
    blockSenders: (preferences) => prefer(preferences, false),
  };
}

async function storeOperator(pool: Pool, operator: NewOperator, at: Date): Promise<void> {
  const faults: Place[] = [];
  const organizationNumber = readOrganization(operator, '', faults);
  if (!DOMAIN.test(operator.domain)) faults.push(fault('/domain', 'är inte en internetdomän i små bokstäver'));
  refuseAddress(operator.serviceAddress, ['https:'], '/serviceAddress', faults);
  refuseAddress(operator.uiAddress, ['https:', 'http:'], '/uiAddress', faults);
  refuseAddress(operator.logo, ['https:', 'http:'], '/logo', faults);
  refuseIf(faults, 'FAR_INVALID_ORGANIZATION');
  const row = { ...operator, organizationNumber, uiAddress: operator.uiAddress ?? null, logo: operator.logo ?? null };
  try {
    await inTransaction(pool, async (client) => {
      await insertMissingOrganizations(client, [row]);
      await insertMissingOperator(client, row);
      await updateOperator(client, row);
      await letIn(client, [organizationNumber], 'operator', at);
    });
  } catch (err) {
    if (!isUniqueViolation(err, 'operator_domain')) throw err;
    throw appError(ERRORS, 'FAR_OPERATOR_DOMAIN_TAKEN', { cause: err, detail: operator.domain });
  }
}

async function storeSenders(pool: Pool, senders: readonly NewOrganization[], at: Date): Promise<void> {
  const faults: Place[] = [];
  const rows = senders.map((sender, index) => ({
    organizationNumber: readOrganization(sender, `/senders/${index}`, faults),
    name: sender.name,
  }));
  refuseIf(faults, 'FAR_INVALID_ORGANIZATION');
  await inTransaction(pool, async (client) => {
    for (const part of parts(rows)) {
      await upsertOrganizations(client, part);
      const numbers = part.map((row) => row.organizationNumber);
      await insertSenders(client, numbers);
      await letIn(client, numbers, 'sender', at);
    }
  });
}

async function storeDispatcher(
  pool: Pool,
  dispatcher: NewOrganization,
  senders: readonly string[],
  at: Date,
): Promise<void> {
  const faults: Place[] = [];
  const organizationNumber = readOrganization(dispatcher, '', faults);
  const numbers = senders.map((sender, index) => readOrganizationNumber(sender, `/senders/${index}`, faults));
  refuseIf(faults, 'FAR_INVALID_ORGANIZATION');
  await inTransaction(pool, async (client) => {
    await refuseUnknownSenders(client, numbers, (index) => `/senders/${index}`);
    await upsertOrganizations(client, [{ organizationNumber, name: dispatcher.name }]);
    await insertDispatcher(client, organizationNumber);
    await deleteOtherDispatcherSenders(client, organizationNumber, numbers);
    await insertDispatcherSenders(client, organizationNumber, numbers);
    await letIn(client, [organizationNumber], 'dispatcher', at);
  });
}

/** The environment does not matter here: who is in production is let in everywhere. */
async function letIn(db: Queryable, organizationNumbers: readonly string[], role: ActorRole, at: Date): Promise<void> {
  await connectLoaded(db, { organizationNumbers, role, at });
  await refreshAdmission(db, { steps: ['production'], organizationNumber: null, onlyAdmit: true });
}

async function storeAccounts(pool: Pool, accounts: readonly NewAccount[]): Promise<void> {
  const faults: Place[] = [];
  const rows = accounts.map((account, index) => accountRow(account, index, faults));
  refuseIf(faults, 'FAR_INVALID_IDENTITY');
  await inTransaction(pool, async (client) => {
    await refuseUnknownOperators(client, rows);
    for (const part of parts(rows)) await upsertAccounts(client, part);
  });
}

async function storePreferences(
  pool: Pool,
  preferences: readonly NewPreference[],
  accepted: boolean,
  changedAt: Date,
): Promise<void> {
  const faults: Place[] = [];
  const rows: PreferenceRow[] = preferences.map(({ recipientId, sender }, index) => ({
    recipientId: readRecipientId(recipientId, `/preferences/${index}/recipientId`, faults),
    sender: readOrganizationNumber(sender, `/preferences/${index}/sender`, faults),
    accepted,
    changedAt,
  }));
  refuseIf(faults, 'FAR_INVALID_IDENTITY');
  await inTransaction(pool, async (client) => {
    for (const part of parts(rows)) {
      await refuseUnknownSenders(
        client,
        part.map((row) => row.sender),
        (index) => `/preferences/${index}/sender`,
      );
      await refuseUnknownAccounts(client, part);
      await upsertPreferences(client, part);
    }
  });
}

function accountRow(account: NewAccount, index: number, faults: Place[]): NewAccountRow {
  const path = `/accounts/${index}`;
  if (Number.isNaN(account.registeredAt.getTime())) faults.push(fault(`${path}/registeredAt`, 'är ingen tidpunkt'));
  return {
    recipientId: readRecipientId(account.recipientId, `${path}/recipientId`, faults),
    registeredAt: account.registeredAt,
    operatorNumber:
      account.operator === undefined ? null : readOrganizationNumber(account.operator, `${path}/operator`, faults),
    accountType: TYPE_LETTERS[account.type ?? 'Secure'],
    pending: account.pending ?? false,
  };
}

async function refuseUnknownOperators(db: Queryable, rows: readonly NewAccountRow[]): Promise<void> {
  const known = new Set((await selectKnownOperators(db)).map((operator) => operator.organizationNumber));
  const faults = rows.flatMap(({ operatorNumber }, index) =>
    operatorNumber === null || known.has(operatorNumber)
      ? []
      : [fault(`/accounts/${index}/operator`, `operatören ${operatorNumber} är inte ansluten`)],
  );
  refuseIf(faults, 'FAR_UNKNOWN_OPERATOR');
}

async function refuseUnknownSenders(
  db: Queryable,
  numbers: readonly string[],
  pathOf: (index: number) => string,
): Promise<void> {
  const unknown = new Set(await unknownSenders(db, [...new Set(numbers)]));
  const faults = numbers.flatMap((number, index) =>
    unknown.has(number) ? [fault(pathOf(index), 'avsändaren är inte ansluten')] : [],
  );
  refuseIf(faults, 'FAR_UNKNOWN_SENDER');
}

async function refuseUnknownAccounts(db: Queryable, rows: readonly PreferenceRow[]): Promise<void> {
  const unknown = new Set(await unknownAccounts(db, [...new Set(rows.map((row) => row.recipientId))]));
  const faults = rows.flatMap((row, index) =>
    unknown.has(row.recipientId) ? [fault(`/preferences/${index}/recipientId`, 'mottagaren är inte registrerad')] : [],
  );
  refuseIf(faults, 'FAR_UNKNOWN_ACCOUNT');
}

/** An address is passed on to every sender and shown as a link: no other kinds than these. */
function refuseAddress(text: string | undefined, protocols: readonly string[], path: string, faults: Place[]): void {
  if (text === undefined) return;
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    faults.push(fault(path, `är inte en adress som börjar med ${protocols.join(' eller ')}`));
  }
}

function readOrganization(organization: NewOrganization, path: string, faults: Place[]): string {
  const { length } = organization.name;
  if (length < NAME_LENGTH_MIN || length > NAME_LENGTH_MAX) {
    faults.push(fault(`${path}/name`, `ska ha ${NAME_LENGTH_MIN}–${NAME_LENGTH_MAX} tecken`));
  }
  return readOrganizationNumber(organization.organizationNumber, `${path}/organizationNumber`, faults);
}

function readOrganizationNumber(text: string, path: string, faults: Place[]): OrganizationNumber | '' {
  const parsed = parseOrganizationNumber(text);
  if (parsed.ok) return parsed.id;
  faults.push(fault(path, 'är inte ett organisationsnummer'));
  return '';
}

/** The id itself is not repeated in the fault: it may be a personal number. */
function readRecipientId(text: string, path: string, faults: Place[]): RecipientId | '' {
  const parsed = parseRecipientId(text);
  if (parsed.ok) return parsed.id;
  faults.push(fault(path, 'är inte ett personnummer, samordningsnummer eller organisationsnummer'));
  return '';
}

function fault(path: string, text: string): Place {
  return { path, text };
}

function refuseIf(places: readonly Place[], code: keyof typeof ERRORS): void {
  if (places.length === 0) return;
  throw appError(ERRORS, code, { faults: places.slice(0, FAULTS_MAX).map((place) => ({ code, ...place })) });
}

function* parts<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += STATEMENT_ROWS_MAX) {
    yield rows.slice(start, start + STATEMENT_ROWS_MAX);
  }
}
