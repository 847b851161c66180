/** The part of `smpp` that we use; the package brings no types. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer } from 'node:net';
  import type { Duplex } from 'node:stream';

  export interface Message {
    readonly udh?: Buffer | readonly Buffer[];
    readonly message: string | Buffer;
  }

  export type Fields = Readonly<Record<string, string | number | Buffer | Message>>;

  export class PDU {
    constructor(command: string, fields?: Fields);
    static maxLength: number;
    readonly command: string;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly [field: string]: unknown;
    isResponse(): boolean;
    response(fields?: Fields): PDU;
  }

  export class Session extends EventEmitter {
    constructor(options: { socket: Duplex });
    readonly socket: Duplex;
    /** False when the socket can no longer be written to; nothing was sent then. */
    send(pdu: PDU): boolean;
    close(): void;
    destroy(): void;
  }

  export function createServer(options: object, onSession: (session: Session) => void): NetServer;
}
