import type { PostalAddress } from '@brevduva/sdk';
import { usageError } from './arguments.ts';

/** "Namn;[c/o Namn;]Gata 1;123 45 Ort". What the parts hold is judged by whoever gets it. @throws AppError CLI_USAGE */
export function parseAddress(text: string, command: string): PostalAddress {
  const parts = text.split(';').map((part) => part.trim());
  const careOf = parts.length === 4 ? parts.splice(1, 1)[0]?.replace(/^c\/o\s+/i, '') : undefined;
  const [name, street, last] = parts;
  const [, postalCode, city] = /^(\d{3} ?\d{2})\s+(.+)$/.exec(last ?? '') ?? [];
  if (parts.length !== 3 || !name || !street || postalCode === undefined || city === undefined) {
    throw usageError(command, '--address ska se ut så här: "Namn;Gata 1;123 45 Ort".');
  }
  return { name, ...(careOf === undefined ? {} : { careOf }), street, postalCode, city };
}
