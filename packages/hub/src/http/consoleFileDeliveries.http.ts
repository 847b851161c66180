import { join } from 'node:path';
import { appError, isUuid } from '@brevduva/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { filePage } from '../console/files/detailPage.ts';
import { fileListPage } from '../console/files/listPage.ts';
import { HUB_ERRORS } from '../errors.ts';
import { loginNameOf } from '../organisation/businessSystem.ts';
import {
  countFileDeliveries,
  type FileDeliveryStory,
  selectFileDeliveries,
  selectFileDelivery,
} from '../sql/fileDeliveryViews.ts';
import { lastFolderName } from '../waysIn/dropFolder/claim.ts';
import { foldersOf, readPlainFile } from '../waysIn/dropFolder/folders.ts';
import { type ConsoleOptions, consoleRequest, pageOf, sendPage, session, staffOf } from './consoleRequest.http.ts';
import { sendDownload } from './sendDownload.http.ts';

type ById = { Params: { id: string } };

const LIST_LENGTH = 50;
/** Of 200 000 rows. */
const RESULT_BYTES_MAX = 128 * 1024 * 1024;

/** What systems have handed in as files, and what it was answered. */
export function registerFileDeliveryPages(app: FastifyInstance, options: ConsoleOptions): void {
  app.get('/filinlamningar', session, (request, reply) => sendList(request, reply, options));
  app.get<ById>('/filinlamningar/:id', session, (request, reply) => sendDelivery(request, reply, options));
  app.get<ById>('/filinlamningar/:id/resultat.csv', session, (request, reply) => sendResult(request, reply, options));
}

async function sendList(request: FastifyRequest, reply: FastifyReply, options: ConsoleOptions): Promise<FastifyReply> {
  const { organisationId } = staffOf(request);
  const total = await countFileDeliveries(options.pool, organisationId);
  const { page, pageCount, ...range } = pageOf(request, { total, perPage: LIST_LENGTH });
  const deliveries = await selectFileDeliveries(options.pool, organisationId, range);
  return sendPage(reply, fileListPage(await consoleRequest(request, reply, options), { deliveries, page, pageCount }));
}

async function sendDelivery(
  request: FastifyRequest<ById>,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  const delivery = await requireDelivery(request, options);
  const hasResultFile = options.dropFolderRoot !== undefined && delivery.state !== 'working';
  return sendPage(reply, filePage(await consoleRequest(request, reply, options), { delivery, hasResultFile }));
}

async function sendResult(
  request: FastifyRequest<ById>,
  reply: FastifyReply,
  options: ConsoleOptions,
): Promise<FastifyReply> {
  const delivery = await requireDelivery(request, options);
  const { dropFolderRoot } = options;
  if (dropFolderRoot === undefined || delivery.state === 'working') throw notFound();
  const folders = foldersOf(dropFolderRoot, loginNameOf(delivery.organizationNumber, delivery.systemCode));
  const filename = `${delivery.name}.result.csv`;
  const folder = join(folders[delivery.state], lastFolderName(delivery.id, delivery.name));
  const bytes = await readPlainFile(join(folder, filename), RESULT_BYTES_MAX);
  if (!Buffer.isBuffer(bytes)) throw notFound();
  return sendDownload(reply, { filename, contentType: 'text/csv', bytes });
}

/** @throws AppError HUB_FILE_DELIVERY_NOT_FOUND when the person's organisation has no such delivery, whoever else may have it. */
async function requireDelivery(request: FastifyRequest<ById>, options: ConsoleOptions): Promise<FileDeliveryStory> {
  const { organisationId } = staffOf(request);
  const { id } = request.params;
  const found = isUuid(id) ? await selectFileDelivery(options.pool, organisationId, id) : undefined;
  if (found === undefined) throw notFound();
  return found;
}

function notFound() {
  return appError(HUB_ERRORS, 'HUB_FILE_DELIVERY_NOT_FOUND');
}
