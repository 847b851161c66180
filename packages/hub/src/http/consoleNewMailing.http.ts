import { AppError, appError, type Fault, formTexts, inTransaction, isUuid, newId } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { columnsPage, LETTER_FIELDS, newLetterPage, uploadPage } from '../console/mailings/newPages.ts';
import { newMailingTexts } from '../console/mailings/newTexts.ts';
import { HUB_ERRORS } from '../errors.ts';
import { fault, PDF_CONTENT_TYPE } from '../intake/draft.ts';
import {
  ADDRESS_FILE_BYTES_MAX,
  type AddressFileResult,
  chosenColumns,
  type JudgedFile,
  judgeAddressFile,
  type LineFault,
  lineOf,
  missingColumns,
  readAddressFile,
} from '../mailing/addressFile.ts';
import { readMailingText } from '../mailing/mailingText.ts';
import { isPlaceholderName } from '../mailing/placeholders.ts';
import { RECIPIENT_COLUMN_KEYS, type RecipientColumns, recipientColumns } from '../mailing/recipientColumns.ts';
import type { BusinessSystem } from '../organisation/businessSystem.ts';
import type { TemplateSettings } from '../organisation/configuration.ts';
import { CONSOLE_SYSTEM_CODE, putConsoleSystem, selectActiveFlows } from '../sql/consoleSystem.ts';
import {
  deleteUploads,
  insertUpload,
  type MailingUpload,
  releaseUpload,
  selectUpload,
  setUploadColumns,
  takeUpload,
  type UploadOwner,
} from '../sql/mailingUploads.ts';
import { selectTemplate, selectTemplates } from '../sql/templates.ts';
import {
  actingStaffOf,
  type ConsoleOptions,
  consoleRequest,
  type Staff,
  sendPage,
  session,
} from './consoleRequest.http.ts';
import { LETTER_REQUEST_BYTES_MAX } from './letters.http.ts';
import { type FormPart, readMultipart } from './multipart.http.ts';

type ByUpload = { Params: { upload: string } };
type UploadRequest = FastifyRequest<ByUpload>;

/** What surrounds the file in the form. */
const FORM_BYTES_MAX = 64 * 1024;
const TEXT_CHARACTERS_MAX = 100_000;
const FILENAME_CHARACTERS_MAX = 200;

/** A new mailing in the browser: address file, columns, letter; then it is a mailing, and is reviewed as one. */
export async function registerNewMailingRoutes(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  await app.register(async (scope) => {
    acceptFormsWithFiles(scope);
    const upload = { ...session, bodyLimit: ADDRESS_FILE_BYTES_MAX + FORM_BYTES_MAX };
    const letter = { ...session, bodyLimit: LETTER_REQUEST_BYTES_MAX };
    scope.get('/utskick/nytt', session, (request, reply) => sendUpload(request, reply, options));
    scope.post('/utskick/nytt', upload, (request, reply) => takeFile(request, reply, options));
    scope.get<ByUpload>('/utskick/nytt/:upload', session, (request, reply) => sendColumns(request, reply, options));
    scope.post<ByUpload>('/utskick/nytt/:upload/kolumner', session, (request, reply) =>
      takeColumns(request, reply, options),
    );
    scope.get<ByUpload>('/utskick/nytt/:upload/brev', session, (request, reply) => sendLetter(request, reply, options));
    scope.post<ByUpload>('/utskick/nytt/:upload/brev', letter, (request, reply) => takeLetter(request, reply, options));
  });
}

/** A form with files becomes its fields, as a plain form does, and `files`. */
function acceptFormsWithFiles(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const parts = readMultipart(body, request.headers['content-type'] ?? '');
      const fields = parts.filter(({ filename }) => filename === undefined);
      const texts = Object.fromEntries(fields.map(({ name, bytes }) => [name, bytes.toString('utf8')]));
      // A file field left empty comes as a file without name and bytes.
      const files = parts.filter(
        ({ filename, bytes }) => filename !== undefined && (filename !== '' || bytes.length > 0),
      );
      return { ...texts, files };
    },
  );
}

function filesOf(request: FastifyRequest, name: string): FormPart[] {
  const { files } = (request.body ?? {}) as { files?: unknown };
  return Array.isArray(files) ? (files as FormPart[]).filter((part) => part.name === name) : [];
}

async function sendUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  faults: readonly LineFault[] = [],
): Promise<FastifyReply> {
  actingStaffOf(request);
  return sendPage(reply, uploadPage(await consoleRequest(request, reply, options, '/utskick/nytt'), faults));
}

async function takeFile(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const owner = ownerOf(actingStaffOf(request));
  const [file] = filesOf(request, 'file');
  const { lang } = await consoleRequest(request, reply, options);
  const missing = { faults: [{ code: '', line: undefined, text: newMailingTexts(lang).fileMissing }] };
  const result = file === undefined ? missing : await readAddressFile(file.bytes);
  if (file === undefined || !('table' in result)) {
    reply.code(422);
    return sendUpload(request, reply, options, result.faults);
  }
  const id = newId();
  const stored = options.content.prepare(owner.organisationId, file.bytes, 'application/octet-stream');
  const filename = (file.filename ?? '').replace(/\p{Cc}/gu, '').slice(0, FILENAME_CHARACTERS_MAX);
  await inTransaction(options.pool, async (client) => {
    // First, since it may be the same file: its content goes with the last row that has it.
    await deleteUploads(client, owner);
    await options.content.put(client, owner.organisationId, [stored]);
    await insertUpload(client, owner, { id, filename, hash: stored.hash });
  });
  return reply.redirect(`/utskick/nytt/${id}`, 303);
}

interface OpenUpload {
  readonly owner: UploadOwner;
  readonly staff: Staff;
  readonly upload: MailingUpload;
  readonly file: Extract<AddressFileResult, { table: unknown }>;
  readonly columns: RecipientColumns | undefined;
  readonly template: TemplateSettings | undefined;
}

/** @throws AppError HUB_MAILING_NOT_FOUND also when the upload has become a mailing already. */
async function openUpload(request: UploadRequest, options: ConsoleOptions): Promise<OpenUpload> {
  const open = await findUpload(request, options);
  if (open === undefined) throw appError(HUB_ERRORS, 'HUB_MAILING_NOT_FOUND');
  return open;
}

/** The person's own upload, read anew; undefined when it has become a mailing already. */
async function findUpload(request: UploadRequest, { pool, content }: ConsoleOptions): Promise<OpenUpload | undefined> {
  const staff = actingStaffOf(request);
  const owner = ownerOf(staff);
  const { upload: id } = request.params;
  const upload = isUuid(id) ? await selectUpload(pool, owner, id) : undefined;
  if (upload === undefined) return undefined;
  const contents = await content.get(owner.organisationId, [upload.hash]).catch(async (error: unknown) => {
    // A double click: the first has made its mailing, and erased the file, since we found it.
    if ((await selectUpload(pool, owner, id)) === undefined) return undefined;
    throw error;
  });
  if (contents === undefined) return undefined;
  const bytes = contents.get(upload.hash.toString('hex'));
  const file = await readAddressFile(bytes ?? Buffer.alloc(0));
  if (!('table' in file)) throw new Error('an address file that could be read can no longer be read');
  const known = file.table.columns;
  const guessed = recipientColumns(known, { recipient: undefined, reference: undefined });
  const chosen = upload.columns === null ? undefined : chosenColumns(upload.columns as Record<string, unknown>, known);
  const { templateCode } = upload;
  const template = templateCode === null ? undefined : await selectTemplate(pool, owner.organisationId, templateCode);
  return { owner, staff, upload, file, template, columns: chosen ?? ('missing' in guessed ? undefined : guessed) };
}

function ownerOf({ organisationId, subject }: Staff): UploadOwner {
  return { organisationId, subject };
}

async function sendColumns(
  request: UploadRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  const { owner, upload, file, columns, template } = await openUpload(request, options);
  const judged = columns && judgeAddressFile(file, columns, template);
  const { id, filename, skipsFaulty } = upload;
  const templates = await selectTemplates(options.pool, owner.organisationId);
  const chosen = { templates, templateCode: template?.code };
  const data = { id, filename, table: file.table, columns, judged, skipsFaulty, isHeldBack: false, ...chosen };
  return sendPage(reply, columnsPage(await consoleRequest(request, reply, options), data));
}

async function takeColumns(
  request: UploadRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  const { owner, upload, file } = await openUpload(request, options);
  const { skip, gor, mall, ...chosen } = formTexts(request.body, [...RECIPIENT_COLUMN_KEYS, 'skip', 'gor', 'mall']);
  const templates = await selectTemplates(options.pool, owner.organisationId);
  const template = templates.find(({ code }) => code === mall);
  const columns = chosenColumns(chosen, file.table.columns);
  const judged = columns && judgeAddressFile(file, columns, template);
  const skipsFaulty = skip === 'on';
  const templateCode = template?.code;
  const { id, filename } = upload;
  if (columns !== undefined) await setUploadColumns(options.pool, owner, { id, columns, skipsFaulty, templateCode });
  if (gor === 'vidare' && mayGoOn(judged, skipsFaulty)) return reply.redirect(`/utskick/nytt/${id}/brev`, 303);
  const isHeldBack = gor === 'vidare';
  if (isHeldBack) reply.code(422);
  const page = await consoleRequest(request, reply, options, `/utskick/nytt/${id}`);
  return sendPage(
    reply,
    columnsPage(page, {
      ...{ id, filename, table: file.table, columns, judged, skipsFaulty, isHeldBack },
      ...{ templates, templateCode },
    }),
  );
}

/** The sound rows go only if the person says so (scenario 17). */
function mayGoOn(judged: JudgedFile | undefined, skipsFaulty: boolean): judged is JudgedFile {
  return (
    judged !== undefined &&
    judged.missing.length === 0 &&
    judged.sound > 0 &&
    (judged.faults.length === 0 || skipsFaulty)
  );
}

async function sendLetter(request: UploadRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const open = await openUpload(request, options);
  const judged = open.columns && judgeAddressFile(open.file, open.columns, open.template);
  if (!mayGoOn(judged, open.upload.skipsFaulty)) return reply.redirect(`/utskick/nytt/${open.upload.id}`, 303);
  return showLetter(request, reply, options, open, {
    ...{ recipients: judged.sound, values: {}, faults: [], lineFaults: [] },
  });
}

async function showLetter(
  request: UploadRequest,
  reply: FastifyReply,
  options: ConsoleOptions,
  { template, file, columns }: OpenUpload,
  data: Pick<Parameters<typeof newLetterPage>[1], 'recipients' | 'values' | 'faults' | 'lineFaults'>,
): Promise<FastifyReply> {
  const { organisationId } = actingStaffOf(request);
  const { upload: id } = request.params;
  const flows = await selectActiveFlows(options.pool, organisationId);
  const page = await consoleRequest(request, reply, options, `/utskick/nytt/${id}/brev`);
  return sendPage(
    reply,
    newLetterPage(page, { ...data, id, flows, template, columns: namesOf(file.table.columns, columns) }),
  );
}

/** What the text may be filled with. */
function namesOf(known: readonly string[], columns: RecipientColumns | undefined): string[] {
  return known.filter((column) => column !== columns?.recipient && isPlaceholderName(column));
}

async function takeLetter(request: UploadRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const open = await findUpload(request, options);
  // The second of a double click: what the first makes is found in the list.
  if (open === undefined) return reply.redirect('/utskick', 303);
  const { owner, staff, upload, template } = open;
  const judged = open.columns && judgeAddressFile(open.file, open.columns, template);
  if (!mayGoOn(judged, upload.skipsFaulty)) return reply.redirect(`/utskick/nytt/${upload.id}`, 303);
  const { text = '', subject = '', ...values } = letterTexts(request);
  const written = { subject, body: { text: text.replaceAll('\r\n', '\n') } };
  const shown = { recipients: judged.sound, values: { ...values, subject, text } };
  const unknown = template === undefined ? columnFaults(written, open) : [];
  if (unknown.length > 0) {
    reply.code(422);
    return showLetter(request, reply, options, open, { ...shown, faults: unknown, lineFaults: [] });
  }
  const actor = { name: staff.name, subject: staff.subject };
  const system = await consoleSystemOf(owner.organisationId, options);
  if (!(await takeUpload(options.pool, owner, upload.id))) return reply.redirect('/utskick', 303);
  let mailingId: string | undefined;
  try {
    const json = { ...values, ...(template === undefined ? written : { template: template.code }) };
    const handIn = { json, parts: attachmentsOf(request), faults: [], idempotencyKey: undefined };
    mailingId = (await options.mailings.create(handIn, system, actor)).mailing.id;
    const onFault = upload.skipsFaulty ? 'skip' : 'refuse';
    const bunch = { recipients: judged.recipients, onFault, idempotencyKey: undefined } as const;
    const filled = await options.mailings.fill(mailingId, bunch, system);
    if (filled.accepted === 0) throw appError(HUB_ERRORS, 'HUB_MAILING_RECIPIENTS', { faults: [...filled.faults] });
    await inTransaction(options.pool, (client) => deleteUploads(client, owner));
  } catch (error) {
    if (mailingId !== undefined) await options.mailings.cancel(mailingId, system, actor);
    await releaseUpload(options.pool, owner, upload.id);
    if (!(error instanceof AppError) || !OF_FORM.includes(error.code)) throw error;
    reply.code(422);
    const isOfLines = error.code === 'HUB_MAILING_RECIPIENTS';
    return showLetter(request, reply, options, open, {
      ...shown,
      faults: isOfLines ? [] : error.faults,
      lineFaults: isOfLines ? error.faults.map((each) => ({ ...each, line: lineOf(each.path, judged.lines) })) : [],
    });
  }
  return reply.redirect(`/utskick/${mailingId}/granska`, 303);
}

/** Placeholders of what she wrote that the file has no column for. */
function columnFaults(
  { subject, body }: { readonly subject: string; readonly body: { readonly text: string } },
  { file, columns }: OpenUpload,
): Fault[] {
  if (columns === undefined) return [];
  const of = (line: string, text: string) =>
    missingColumns(readMailingText(line, { contentType: 'text/plain', text }).text, file.table.columns, columns);
  const told = (path: string, names: readonly string[]) =>
    names.map((name) => fault('HUB_PLACEHOLDER_COLUMN', path, `Adressfilen har ingen kolumn ${name}.`));
  return [...told('subject', of(subject, '')), ...told('body/text', of('', body.text))];
}

const OF_FORM: readonly string[] = ['HUB_MAILING_INVALID', 'HUB_MAILING_RECIPIENTS'];

function letterTexts(request: FastifyRequest): Record<string, string> {
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    LETTER_FIELDS.map((name) => [name, String(body[name] ?? '').slice(0, TEXT_CHARACTERS_MAX)]),
  );
}

function attachmentsOf(request: FastifyRequest) {
  return filesOf(request, 'attachment').map(({ filename = '', bytes }) => ({
    filename,
    contentType: PDF_CONTENT_TYPE,
    bytes,
  }));
}

/** The system that staff hand in as, made when first needed. */
export async function consoleSystemOf(organisationId: string, { pool }: ConsoleOptions): Promise<BusinessSystem> {
  const name = CONSOLE_SYSTEM_NAME;
  const { id, flows } = await inTransaction(pool, (client) =>
    putConsoleSystem(client, { organisationId, id: newId(), name }),
  );
  return {
    ...{ organisationId, id, name, flows, code: CONSOLE_SYSTEM_CODE },
    // It has no credential, so nobody ever logs in as it.
    loginName: CONSOLE_SYSTEM_CODE,
    unitCode: undefined,
    lane: 'bulk',
    waysIn: {},
  };
}

const CONSOLE_SYSTEM_NAME = 'Konsolen';
