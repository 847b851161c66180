import { attachmentChecksum, invoiceMatter, type SecureDelivery, type Signer, swedishDate } from '@brevduva/protocol';
import { contractInvoice, type Invoice } from './invoice/invoice.ts';
import type { FlowFacts, OrganisationFacts } from './letter.ts';
import type { PostalAddress } from './paper/address.ts';
import { writePostalAddress } from './waysIn/message/postalAddressTag.ts';

/** Everything of a letter that stands in the contract's `Delivery`. */
export interface DeliveryParts {
  readonly letterId: string;
  readonly organisation: OrganisationFacts;
  readonly flow: Pick<FlowFacts, 'unitName'>;
  readonly recipient: string;
  readonly subject: string;
  readonly language: string;
  readonly reference: string | undefined;
  readonly body: { readonly contentType: string; readonly bytes: Buffer };
  readonly attachments: readonly { readonly filename: string; readonly contentType: string; readonly bytes: Buffer }[];
  readonly invoice?: Invoice | undefined;
  /** For an external dispatcher that is to print; the contract has no field for it. */
  readonly addressAlong?: PostalAddress | undefined;
}

/**
 * The contract's delivery of a letter (FACTS b.5). A pure function of the letter, so that what intake measures is what seal signs.
 * The letter's id is message id and correlation id: it follows the letter through the operator's and our own logs.
 */
export function assembleDelivery(parts: DeliveryParts): SecureDelivery {
  const { organisation, letterId } = parts;
  return {
    Header: {
      Sender: { Id: organisation.organizationNumber, Name: organisation.name, Attention: parts.flow.unitName },
      Recipient: parts.recipient as SecureDelivery['Header']['Recipient'],
      ...(parts.reference === undefined ? {} : { Reference: parts.reference }),
      CorrelationId: letterId,
    },
    Message: [
      {
        Header: {
          Id: letterId,
          Subject: parts.subject,
          Supportinfo: supportInfo(organisation),
          ...(parts.invoice === undefined ? {} : { OfficialMatter: invoiceMatter(contractInvoice(parts.invoice)) }),
          Metadata: parts.addressAlong === undefined ? [] : [writePostalAddress(parts.addressAlong)],
          Language: parts.language,
        },
        Body: { ContentType: parts.body.contentType, Body: parts.body.bytes },
        Attachment: parts.attachments.map(({ filename, contentType, bytes }) => ({
          ContentType: contentType,
          Body: bytes,
          Checksum: attachmentChecksum(bytes),
          Filename: filename,
        })),
      },
    ],
  };
}

function supportInfo({ support }: OrganisationFacts): SecureDelivery['Message'][number]['Header']['Supportinfo'] {
  return {
    Text: support.text,
    ...(support.url === undefined ? {} : { URL: support.url }),
    ...(support.phone === undefined ? {} : { PhoneNumber: support.phone }),
    ...(support.email === undefined ? {} : { EmailAdress: support.email }),
  };
}

/**
 * A signer whose signatures are blank but as long as the real ones, so that an envelope can be measured exactly without the cost of
 * RSA: the length depends on key and certificate only, never on what is signed. In bytes: the certificate's subject stands in it, and
 * a municipality has å, ä and ö in its name.
 */
export function createMeasuringSigner(real: Signer): Signer {
  let blank: Promise<string> | undefined;
  const measure = async () => ' '.repeat(Buffer.byteLength(await real.sign(Buffer.alloc(SHA256_BYTES))));
  return {
    certificate: real.certificate,
    sign: () => {
      blank ??= measure();
      return blank;
    },
  };
}

const SHA256_BYTES = 32;

/** The day of an instant in Sweden, as the contract's xs:date. */
export function contractDate(instant: Date): string {
  const { year, month, day } = swedishDate(instant);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
