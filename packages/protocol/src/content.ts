import { createHash } from 'node:crypto';

/** A message with its attachments: the whole SOAP envelope as it stands on the wire (FACTS f). */
export const ENVELOPE_BYTES_MAX = 2_097_152;

/** What `m:Body` may be (FACTS f). */
export const BODY_CONTENT_TYPES = ['text/plain', 'text/html'] as const;
export type BodyContentType = (typeof BODY_CONTENT_TYPES)[number];

/** What every operator takes as an attachment. Others (Word, calendar) only some do (FACTS f). */
export const ATTACHMENT_CONTENT_TYPES = ['application/pdf'] as const;
export type AttachmentContentType = (typeof ATTACHMENT_CONTENT_TYPES)[number];

export { type ContentFault, type ContentFaultCode, checkMessageHtml } from './content/checkMessageHtml.ts';

/** `m:Checksum`: MD5 of the raw bytes as 32 upper-case hex digits (FACTS f). It finds damage, not malice. */
export function attachmentChecksum(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex').toUpperCase();
}

/** Whether a checksum is that of the bytes; upper and lower case are the same (FACTS, pitfall 11). */
export function isAttachmentChecksum(checksum: string, bytes: Uint8Array): boolean {
  return checksum.trim().toUpperCase() === attachmentChecksum(bytes);
}
