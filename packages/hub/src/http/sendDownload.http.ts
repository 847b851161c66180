import type { FastifyReply } from 'fastify';

/** A file from a stranger: saved, never shown as a page of ours, whatever it holds. */
export function sendDownload(
  reply: FastifyReply,
  { filename, contentType, bytes }: { filename: string; contentType: string; bytes: Buffer },
): FastifyReply {
  reply.header('content-security-policy', "default-src 'none'; sandbox");
  reply.header('x-content-type-options', 'nosniff');
  reply.header('content-disposition', `attachment; filename*=UTF-8''${extendedValue(filename)}`);
  const charset = contentType === 'text/plain' ? '; charset=utf-8' : '';
  return reply.type(`${contentType}${charset}`).send(bytes);
}

/** RFC 8187: what encodeURIComponent leaves and the header does not allow is encoded too. */
export function extendedValue(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
