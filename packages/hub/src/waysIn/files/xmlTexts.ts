import type { XmlRefused } from '@brevduva/protocol';

const XML_TEXTS: Readonly<Partial<Record<XmlRefused['code'], string>>> = {
  TOO_LARGE: 'XML-filen är för stor eller för djup.',
  ENCODING: 'XML-filen är inte i den teckenkodning som den säger; spara den i UTF-8.',
  DOCTYPE: 'XML-filen har en DOCTYPE; det tas inte emot.',
  INSTRUCTION: 'XML-filen har en bearbetningsinstruktion (<?…?>); det tas inte emot.',
  ENTITY: 'XML-filen har en entitet som inte finns i XML; skriv tecknet självt.',
};

/** Why a file was refused as XML, for whoever handed it in. */
export function xmlRefusalText({ code }: XmlRefused): string {
  return XML_TEXTS[code] ?? 'Filen är inte välformad XML.';
}
