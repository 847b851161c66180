import { sdkError } from './brevduvaError.ts';
import type { NewAttachment } from './letter.ts';

/** Multipart: the JSON in one field and the PDFs raw, so that nothing grows by base64 on the way in. */
export function pdfForm(name: string, json: object, attachments: readonly NewAttachment[]): FormData {
  const form = new FormData();
  form.append(name, JSON.stringify(json));
  for (const attachment of attachments) form.append('attachment', pdfBlob(attachment), attachment.name);
  return form;
}

/** The `body` field of a letter's JSON. @throws BrevduvaError SDK_INVALID_LETTER when both are given. */
export function letterBody(text: string | undefined, html: string | undefined): object {
  if (text !== undefined && html !== undefined) {
    const fault = { code: 'SDK_INVALID_LETTER', path: '/html', text: 'Ange text eller html, inte båda.' };
    throw sdkError('SDK_INVALID_LETTER', { faults: [fault] });
  }
  if (html !== undefined) return { body: { contentType: 'text/html', text: html } };
  return text === undefined ? {} : { body: { contentType: 'text/plain', text } };
}

function pdfBlob({ bytes }: NewAttachment): Blob {
  // The copy into a plain Uint8Array satisfies both Node's and the browser's idea of what a Blob is made of.
  const part = bytes instanceof Blob ? bytes : new Uint8Array(bytes);
  return new Blob([part], { type: 'application/pdf' });
}
