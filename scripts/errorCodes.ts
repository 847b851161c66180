/* Every error code of the project on one page: `npm run docs` writes docs/errors.md, test/errors.test.ts holds it to the code. */
import { BASE_ERRORS } from '@brevduva/base';
import { CLI_ERRORS } from '@brevduva/cli';
import { FAR_ERRORS } from '@brevduva/far';
import { ADDRESS_FAULT_TEXTS, FILE_FAULT_TEXTS, HUB_ERRORS, PDF_FAULT_TEXTS } from '@brevduva/hub';
import { MAILBOX_ERRORS } from '@brevduva/mailbox';
import { FAULTS, SIGNATURE_FAULTS } from '@brevduva/protocol';
import { SDK_ERRORS } from '@brevduva/sdk';

type Specs = Readonly<Record<string, { status: number; text: string }>>;

/** The packages' lists; a code stands in exactly one. */
export const ERROR_LISTS: Readonly<Record<string, Specs>> = {
  base: BASE_ERRORS,
  hub: HUB_ERRORS,
  far: FAR_ERRORS,
  mailbox: MAILBOX_ERRORS,
  cli: CLI_ERRORS,
  sdk: SDK_ERRORS,
};

/** Codes that stand only inside a refusal's `faults`. */
export const FAULT_LISTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'hub: PDF': PDF_FAULT_TEXTS,
  'hub: postal address': ADDRESS_FAULT_TEXTS,
  'hub: files handed in': FILE_FAULT_TEXTS,
};

/** docs/errors.md, whole. */
export function errorPage(): string {
  const lists = Object.entries(ERROR_LISTS).map(([name, specs]) => {
    const rows = Object.entries(specs).map(
      ([code, { status, text }]) => `| \`${code}\` | ${status === 0 ? '–' : status} | ${cell(text)} |`,
    );
    return `## ${name}\n\n| code | HTTP | text |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  const faults = Object.entries(FAULT_LISTS).map(([name, texts]) => {
    const rows = Object.entries(texts).map(([code, text]) => `| \`${code}\` | ${cell(text)} |`);
    return `## ${name} (inside \`faults\`)\n\n| code | text |\n|---|---|\n${rows.join('\n')}\n`;
  });
  const contract = Object.entries(FAULTS).map(
    ([name, { code, description }]) => `| ${code} | \`${name}\` | ${cell(description)} |`,
  );
  const signature = Object.entries(SIGNATURE_FAULTS).map(([code, text]) => `| \`${code}\` | ${cell(text)} |`);
  return [
    HEAD,
    ...lists,
    ...faults,
    `## The contract's faults (SOAP)\n\n| code | name | description |\n|---|---|---|\n${contract.join('\n')}\n`,
    `## Refused signatures\n\nInside an operator; the sender is told 5002, 5012 or 5001.\n\n| code | what is wrong |\n|---|---|\n${signature.join('\n')}\n`,
  ].join('\n');
}

const HEAD = `# Errors

Made by \`npm run docs\`; do not edit. Codes are stable and never reused; texts are for people and may be improved. HTTP answers to programs are
\`application/problem+json\` (RFC 9457) with \`code\`, \`title\`, \`status\`, \`requestId\` and, when something handed in was wrong, \`faults\`: every fault at
once, each with \`code\`, \`path\` (where in the request) and \`text\`.
`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
