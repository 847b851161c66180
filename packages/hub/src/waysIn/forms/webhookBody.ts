import type { FormMessage, FormPart } from '../../sql/formMessages.ts';

export interface WebhookBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/**
 * A form as its receiver gets it: multipart/form-data with the part `message` (JSON), `form` (XML, byte for byte) and one `attachment`
 * for each file. The same bytes at every attempt, so that a receiver may compare.
 */
export function webhookBody(
  message: FormMessage,
  parts: readonly FormPart[],
  contents: ReadonlyMap<string, Buffer>,
): WebhookBody {
  // Nobody who handed the form in knew its id, so no file can hold the delimiter.
  const boundary = `brevduva-${message.id}`;
  const chunks: Buffer[] = [];
  const add = (head: string, bytes: Buffer) => {
    chunks.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), bytes, Buffer.from('\r\n'));
  };
  const json = Buffer.from(JSON.stringify(formView(message, parts)));
  add('content-disposition: form-data; name="message"\r\ncontent-type: application/json', json);
  for (const { kind, filename, contentType, hash } of parts) {
    // Safe by waysIn/forms/safeFilename.ts: no quote, no line end.
    const disposition = `content-disposition: form-data; name="${kind}"; filename="${filename}"`;
    add(`${disposition}\r\ncontent-type: ${contentType}`, contents.get(hash.toString('hex')) ?? Buffer.alloc(0));
  }
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat(chunks) };
}

/** What a receiver is told of a form, beside its files. */
export function formView(message: FormMessage, parts: readonly FormPart[]) {
  const { id, transactionId, correlationId, product, productName, sender, subject, isTest, fields } = message;
  return {
    ...{ id, transactionId, correlationId, product, productName, from: sender, subject, test: isTest },
    portal: message.portalName,
    sentAt: message.sentAt?.toISOString() ?? null,
    receivedAt: message.receivedAt.toISOString(),
    fields: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
    parts: parts.map(({ position, kind, filename, contentType, hash, plainBytes }) => ({
      ...{ position, kind, filename, contentType, bytes: plainBytes },
      sha256: hash.toString('hex'),
    })),
  };
}
