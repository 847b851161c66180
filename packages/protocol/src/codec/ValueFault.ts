/** A value or text that is not of its type. The message never quotes it. */
export class ValueFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ValueFault';
  }
}
