export type { Pool } from 'pg';
export * from './appError.ts';
export * from './clock.ts';
export { type Closers, createClosers } from './closers.ts';
export * from './config.ts';
export * from './contentCipher.ts';
export * from './errors.ts';
export { type Access, type Guard, listRoutes, type RouteAccess, registerGuard } from './http/access.ts';
export { type Asset, serveAssets } from './http/assets.ts';
export type { ErrorView, Problem, RenderError } from './http/errorReply.ts';
export type { Claims } from './http/issuer.ts';
export { listen } from './http/listen.ts';
export { type LoginOptions, registerLogin } from './http/login.ts';
export { formTexts, queryText } from './http/requestTexts.ts';
export type { CspSources } from './http/securityHeaders.ts';
export { checkCsrf, requirePrincipal } from './http/session.ts';
export { registerSmsStatusRoute } from './http/smsStatusRoute.ts';
export { createWebServer, type TlsOptions, type WebServerOptions } from './http/webServer.ts';
export * from './id.ts';
export * from './log.ts';
export { mapSome } from './mapSome.ts';
export { type BounceListener, type BounceListenerOptions, startBounceListener } from './messaging/bounceListener.ts';
export { type BounceAddressOptions, bounceAddress, readBounceAddress } from './messaging/bounceToken.ts';
export { type DeliveryReport, readDeliveryReport } from './messaging/deliveryReport.ts';
export { decodeGsm7 } from './messaging/gsm7.ts';
export { createHttpSmsSender, type HttpSmsSenderOptions } from './messaging/httpSmsSender.ts';
export type { HttpSmsGateway, HttpSmsStatusReports } from './messaging/httpSmsSettings.ts';
export {
  HTTP_SMS_STATUS_BYTES_MAX,
  type HttpSmsStatusRequest,
  readHttpSmsStatus,
} from './messaging/httpSmsStatus.ts';
export { type MailAddress, maskMailAddress, parseMailAddress, readMailAddress } from './messaging/mailAddress.ts';
export type { MailMessage, MailSender } from './messaging/mailSender.ts';
export { maskPhoneNumber, type PhoneNumber, parsePhoneNumber, readPhoneNumber } from './messaging/phoneNumber.ts';
export type { SendOutcome } from './messaging/sendOutcome.ts';
export type { SmppSmsSenderOptions } from './messaging/smppSettings.ts';
export { createSmppSmsSender } from './messaging/smppSmsSender.ts';
export { SMS_PARTS_MAX, type SmsAlphabet, type SmsLength, smsLength } from './messaging/smsLength.ts';
export type { OnSmsStatus, SmsMessage, SmsSender, SmsStatusReport } from './messaging/smsSender.ts';
export { createSmtpMailSender } from './messaging/smtpMailSender.ts';
export type { SmtpMailSenderOptions } from './messaging/smtpSettings.ts';
export { METRICS_CONTENT_TYPE, type Metric, metricsText } from './metricsText.ts';
export { type PageRange, pageRange } from './pageRange.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './postgres/embedded.ts';
export type { Principal } from './principal.ts';
export { describeSchema } from './sql/describeSchema.ts';
export { hashMigrations, type Migration, migrate, readMigrations } from './sql/migrations.ts';
export { createPool, type PoolOptions, type Queryable } from './sql/pool.ts';
export { partyUrl, provisionParty } from './sql/provisionParty.ts';
export {
  brokenReference,
  classifySqlError,
  isUniqueViolation,
  sqlErrorCode,
  translateSqlError,
} from './sql/sqlError.ts';
export { inSnapshot, inTransaction } from './sql/transaction.ts';
export { endSessionsOf, WEB_SESSION_MIGRATION_SQL } from './sql/webSession.ts';
export { startWorker, type Worker, type WorkerOptions } from './startWorker.ts';
