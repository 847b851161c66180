import type { HubOptions } from '../../src/hubOptions.ts';
import { loginNameOf } from '../../src/organisation/businessSystem.ts';
import { createCredentialAdmin } from '../../src/organisation/credentialAdmin.ts';
import { IPP_OPERATIONS, IPP_STATUS, type IppOperationName } from '../../src/waysIn/printer/ippCodes.ts';
import {
  decodeIpp,
  encodeIpp,
  type IppAttributes,
  type IppMessage,
  numberOf,
  textOf,
} from '../../src/waysIn/printer/ippMessage.ts';
import { charset, type IppEntry, language, uri } from '../../src/waysIn/printer/ippValues.ts';
import { MUNICIPALITY } from './hubDatabase.ts';
import { type IntakeHub, startIntakeHub } from './intakeHub.ts';
import { LETTER_RULES } from './printouts.ts';

const SYSTEM = 'arendesystemet';
export const LOGIN_NAME = loginNameOf(MUNICIPALITY, SYSTEM);

/** What a printer answered, in the protocol's own words. */
export interface PrinterAnswer {
  readonly status: string;
  readonly statusMessage: string | undefined;
  readonly groups: IppMessage['groups'];
  /** The first group of jobs, or what stands in its place. */
  readonly job: IppAttributes;
}

export interface PrintRequest {
  readonly attributes?: readonly IppEntry[];
  readonly jobAttributes?: readonly IppEntry[];
  readonly document?: Buffer;
}

export type PrinterHub = Awaited<ReturnType<typeof startPrinterHub>>;

/** A hub whose system has a printer, and a client for it. The pipeline runs, and finds no FaR: letters wait. */
export async function startPrinterHub({
  settings = LETTER_RULES,
  ...options
}: Partial<HubOptions> & { settings?: unknown } = {}) {
  const hub = await startIntakeHub({ runsPipeline: true, ...options });
  await setPrinter(hub, settings);
  const { secret: password } = await createCredentialAdmin(hub.pool).makeSecret(
    { organizationNumber: MUNICIPALITY, systemCode: SYSTEM },
    { kind: 'password', by: 'test' },
  );
  return { ...hub, password, ...printerClient(hub.hub.webUrl, password) };
}

/** Gives the system a printer with these settings, as a configuration would. */
export async function setPrinter(hub: Pick<IntakeHub, 'pool'>, settings: unknown): Promise<void> {
  await hub.pool.query(
    `update business_system set ways_in = jsonb_build_object('printer', $1::jsonb) where code = $2`,
    [JSON.stringify(settings), SYSTEM],
  );
}

export function printerClient(webUrl: string, password: string, loginName = LOGIN_NAME) {
  const { host, port } = new URL(webUrl);
  const path = `/print/${loginName}`;
  /** The HTTP request itself, whatever comes back. */
  const postIpp = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    fetch(`${webUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/ipp',
        authorization: `Basic ${Buffer.from(`${loginName}:${password}`).toString('base64')}`,
        ...headers,
      },
      body,
    });
  const print = async (operation: IppOperationName, request: PrintRequest = {}): Promise<PrinterAnswer> => {
    const message = requestOf(operation, `ipp://${host}${path}`, request);
    const response = await postIpp(new Uint8Array(Buffer.concat([message, request.document ?? Buffer.alloc(0)])));
    if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    return answerOf(Buffer.from(await response.arrayBuffer()));
  };
  return {
    port,
    path,
    postIpp,
    print,
    /** As a print program wants it, with name and password in it. */
    printerUri: `ipp://${loginName}:${encodeURIComponent(password)}@${host}${path}`,
    /** Asks until the job has ended. */
    async ended(jobId: number): Promise<IppAttributes> {
      for (;;) {
        const { job } = await print('getJobAttributes', {
          attributes: [['job-id', [{ tag: 'integer', value: jobId }]]],
        });
        if ((numberOf(job, 'job-state') ?? 0) >= FIRST_ENDED_STATE) return job;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

const FIRST_ENDED_STATE = 7;

export function jobIdOf({ job }: PrinterAnswer): number {
  return numberOf(job, 'job-id') ?? Number.NaN;
}

const STATES = ['', '', '', 'pending', 'held', 'processing', 'stopped', 'canceled', 'aborted', 'completed'];

/** State, reason and message of a job, as a print queue shows them. */
export function told(
  job: IppAttributes,
): [state: string | undefined, reason: string | undefined, message: string | undefined] {
  return [STATES[numberOf(job, 'job-state') ?? 0], textOf(job, 'job-state-reasons'), textOf(job, 'job-state-message')];
}

function requestOf(
  operation: IppOperationName,
  printerUri: string,
  { attributes = [], jobAttributes = [] }: PrintRequest,
): Buffer {
  const operationAttributes = new Map([
    charset('attributes-charset', 'utf-8'),
    language('attributes-natural-language', 'sv'),
    uri('printer-uri', printerUri),
    ...attributes,
  ]);
  return encodeIpp({
    version: { major: 2, minor: 0 },
    code: IPP_OPERATIONS[operation],
    requestId: 1,
    groups: [
      { name: 'operation', attributes: operationAttributes },
      ...(jobAttributes.length > 0 ? [{ name: 'job' as const, attributes: new Map(jobAttributes) }] : []),
    ],
  });
}

function answerOf(bytes: Buffer): PrinterAnswer {
  const { message } = decodeIpp(bytes);
  const { code, groups } = message;
  const status = Object.entries(IPP_STATUS).find(([, value]) => value === code)?.[0] ?? code.toString(16);
  const operation = groups.find(({ name }) => name === 'operation')?.attributes ?? new Map();
  const job = groups.find(({ name }) => name === 'job')?.attributes ?? new Map();
  return { status, statusMessage: textOf(operation, 'status-message'), groups, job };
}
