import type { FastifyInstance } from 'fastify';
import { appError } from '../appError.ts';
import { BASE_ERRORS } from '../errors.ts';
import type { HttpSmsStatusReports } from '../messaging/httpSmsSettings.ts';
import { HTTP_SMS_STATUS_BYTES_MAX, readHttpSmsStatus } from '../messaging/httpSmsStatus.ts';
import type { OnSmsStatus } from '../messaging/smsSender.ts';

/**
 * The door that an SMS gateway reports to: a POST at `path`, proven by the gateway's secret. Answers 204 when the report
 * is kept, 401 without proof, 400 for what cannot be read; when keeping fails the gateway gets 500 and comes again.
 */
export function registerSmsStatusRoute(
  app: FastifyInstance,
  { path, settings, onStatus }: { path: string; settings: HttpSmsStatusReports; onStatus: OnSmsStatus },
): void {
  app.register(async (scope) => {
    // The proof is over the bytes as they came, so nothing may parse them first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const options = { config: { access: 'public' as const }, bodyLimit: HTTP_SMS_STATUS_BYTES_MAX };
    scope.post(path, options, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const reports = readHttpSmsStatus({ headers: request.headers, body }, settings);
      if (reports === undefined) throw appError(BASE_ERRORS, 'BASE_SESSION_REQUIRED');
      if (reports.length === 0) throw appError(BASE_ERRORS, 'BASE_BAD_REQUEST');
      for (const report of reports) await onStatus(report);
      return reply.code(204).send();
    });
  });
}
