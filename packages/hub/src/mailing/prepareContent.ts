import type { ContentStore, PreparedContent } from '../content.ts';
import type { ValidLetter } from '../intake/validate.ts';
import type { RecipientRow } from '../sql/mailingRecipients.ts';
import type { AttachmentRow } from '../sql/mailings.ts';

/** Of an invoice in UBL. */
export const UBL_CONTENT_TYPE = 'application/xml';

/** What a letter consists of, ready to be stored. */
export interface LetterContent {
  readonly body: PreparedContent;
  readonly attachments: readonly PreparedContent[];
  readonly rows: readonly AttachmentRow[];
}

export function prepareContent(
  letter: Pick<ValidLetter, 'body' | 'attachments'>,
  organisationId: string,
  content: ContentStore,
): LetterContent {
  const attachments = letter.attachments.map(({ filename, contentType, bytes, pages }) => {
    const prepared = content.prepare(organisationId, bytes, contentType);
    return { prepared, row: { filename, contentType, hash: prepared.hash, plainBytes: bytes.length, pages } };
  });
  return {
    body: content.prepare(organisationId, letter.body.bytes, letter.body.contentType),
    attachments: attachments.map((each) => each.prepared),
    rows: attachments.map((each) => each.row),
  };
}

/** A letter with content of its own as a recipient of a mailing. Its envelope is measured without what all get. */
export function ownRecipient(
  letter: ValidLetter,
  organisationId: string,
  content: ContentStore,
  invoiceXml?: Buffer,
): { row: RecipientRow; contents: readonly PreparedContent[] } {
  const { body, attachments, rows } = prepareContent(letter, organisationId, content);
  const { id, recipient, reference, address, protectedIdentity, invoice, envelopeBytes, subject } = letter;
  const sealedContact = letter.contact && content.sealContact({ organisationId, id }, letter.contact);
  const xml = invoiceXml && content.prepare(organisationId, invoiceXml, UBL_CONTENT_TYPE);
  const own = { bodyContentType: letter.body.contentType, bodyHash: body.hash, attachments: rows };
  const invoiceXmlHash = xml?.hash;
  return {
    row: {
      id,
      recipient,
      invoiceXmlHash,
      reference,
      address,
      protectedIdentity,
      invoice,
      envelopeBytes,
      subject,
      sealedContact,
      own,
    },
    contents: [body, ...attachments, ...(xml === undefined ? [] : [xml])],
  };
}
