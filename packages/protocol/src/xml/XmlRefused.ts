/** Why bytes were not read as XML, or an element not written in canonical form. A closed list. */
export type XmlRefusal =
  | 'TOO_LARGE'
  | 'ENCODING'
  | 'DOCTYPE'
  | 'INSTRUCTION'
  | 'MALFORMED'
  | 'COMMENT'
  | 'ENTITY'
  | 'ATTRIBUTE';

/** XML from outside that is refused. The message says where or how much, never what the document contained. */
export class XmlRefused extends Error {
  readonly code: XmlRefusal;

  constructor(code: XmlRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'XmlRefused';
    this.code = code;
  }
}
