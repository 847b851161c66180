import type { CredentialLine, SecretKind } from '@brevduva/hub';
import { COMMON_OPTIONS, type CommandSpec, twoColumns, usageError } from '../arguments.ts';
import { paintFor } from '../terminal.ts';
import { type Command, EXIT } from './command.ts';
import { actorOf, chooseOrganisation, isAgreed, organisationOption, withHub } from './config.ts';

const DAYS_MAX = 3650;
const DAY_MS = 86_400_000;

const KIND_TEXTS: Readonly<Record<CredentialLine['kind'], string>> = {
  apiKey: 'API-nyckel: huvudet Authorization: Bearer',
  oauthClient: 'OAuth 2-klient: hemligheten byts mot en token på /oauth/token',
  password: 'Lösenord: för SFTP, skrivare och andra som frågar efter namn och lösenord',
  certificate: 'Klientcertifikat',
  sshKey: 'SSH-nyckel',
};
const MADE_KINDS: readonly SecretKind[] = ['apiKey', 'oauthClient', 'password'];

const byOption = {
  by: { type: 'string', value: 'NAMN', help: 'Vem som gör det; annars den inloggade användaren.' },
} as const satisfies CommandSpec['options'];

const newKeySpec: CommandSpec = {
  name: 'config new-key',
  summary: 'Gör en ny nyckel till ett verksamhetssystem. Den visas en gång och sparas bara som kontrollsumma.',
  usage: 'SYSTEM [--kind SLAG] [--label TEXT] [--days N] [--organisation NUMMER]',
  wordsMax: 1,
  options: {
    kind: { type: 'string', value: 'SLAG', help: `${MADE_KINDS.join(', ')} (apiKey om inget anges).` },
    label: { type: 'string', value: 'TEXT', help: 'Vad nyckeln är till för, i listor och historik.' },
    days: { type: 'string', value: 'N', help: 'Dagar som nyckeln gäller; annars tills den återkallas.' },
    ...organisationOption(),
    ...byOption,
    ...COMMON_OPTIONS,
  },
  notes: [
    ['Slag:', ...twoColumns(MADE_KINDS.map((kind) => [kind, KIND_TEXTS[kind]]))].join('\n'),
    'Flera nycklar gäller samtidigt. Byt så här: gör en ny, ställ om systemet, se i config keys att den används,\noch återkalla den gamla. Har filen en lista credentials för systemet ska den nya stå där, annars återkallas\nden nästa gång filen införs.',
  ],
  examples: [
    'brevduva config new-key byggarenden',
    'brevduva config new-key kontorsskrivaren --kind password --days 365',
  ],
};

/** `brevduva config new-key`: a secret, shown once. */
export const configNewKey: Command = {
  spec: newKeySpec,
  run: (parsed, terminal) =>
    withHub(parsed, terminal, async (connection) => {
      const [systemCode] = parsed.words;
      if (systemCode === undefined) throw usageError(newKeySpec.name, 'Ange systemets kod.');
      const kind = MADE_KINDS.find((one) => one === (parsed.text('kind') ?? 'apiKey'));
      if (kind === undefined) throw usageError(newKeySpec.name, `--kind ska vara ${MADE_KINDS.join(', ')}.`);
      const days = parsed.integer('days', { min: 1, max: DAYS_MAX });
      const organizationNumber = await chooseOrganisation(parsed, newKeySpec, connection);
      const label = parsed.text('label');
      const { hub, pool } = connection;
      const made = await hub.createCredentialAdmin(pool).makeSecret(
        { organizationNumber, systemCode },
        {
          kind,
          by: actorOf(parsed, terminal),
          ...(label === undefined ? {} : { label }),
          ...(days === undefined ? {} : { validUntil: new Date(Date.now() + days * DAY_MS) }),
        },
      );
      const { secret, loginName, code } = made;
      // The secret alone on standard output, so that it can go straight into a secret store.
      terminal.err(`${KIND_TEXTS[kind]}\n`);
      if (kind !== 'apiKey') terminal.err(`Namn: ${loginName}\n`);
      terminal.err(`Kod: ${code}\nI filen: { kind: ${kind}, sha256: ${hub.secretHash(secret).toString('hex')} }\n`);
      terminal.err('Nyckeln visas bara nu:\n');
      terminal.out(`${secret}\n`);
      return EXIT.done;
    }),
};

const revokeKeySpec: CommandSpec = {
  name: 'config revoke-key',
  summary: 'Återkalla en nyckel eller ett certifikat. Det gäller genast och kan inte ångras.',
  usage: 'KOD [--yes] [--organisation NUMMER]',
  wordsMax: 1,
  options: {
    yes: { type: 'boolean', help: 'Fråga inte.' },
    ...organisationOption(),
    ...byOption,
    ...COMMON_OPTIONS,
  },
  examples: ['brevduva config revoke-key apiKey-0123456789abcdef'],
};

/** `brevduva config revoke-key`: what the credential opened is closed at the next request. */
export const configRevokeKey: Command = {
  spec: revokeKeySpec,
  run: (parsed, terminal) =>
    withHub(parsed, terminal, async (connection) => {
      const [code] = parsed.words;
      if (code === undefined) throw usageError(revokeKeySpec.name, 'Ange nyckelns kod, som config keys visar den.');
      const organizationNumber = await chooseOrganisation(parsed, revokeKeySpec, connection);
      if (!parsed.flag('yes') && !(await isAgreed(`Ska ${code} återkallas? (ja/nej) `, revokeKeySpec, terminal))) {
        terminal.out('Inget har ändrats.\n');
        return EXIT.failed;
      }
      const { hub, pool } = connection;
      const revoked = await hub.createCredentialAdmin(pool).revoke(organizationNumber, code, actorOf(parsed, terminal));
      terminal.out(`${code} hos ${revoked.systemName} är återkallad.\n`);
      return EXIT.done;
    }),
};

const keysSpec: CommandSpec = {
  name: 'config keys',
  summary: 'Lista verksamhetssystemens nycklar och certifikat, och när de senast användes.',
  usage: '[--organisation NUMMER] [--all] [--json]',
  wordsMax: 0,
  options: {
    all: { type: 'boolean', help: 'Visa också de som är återkallade.' },
    json: { type: 'boolean', help: 'Visa som en rad JSON.' },
    ...organisationOption(),
    ...COMMON_OPTIONS,
  },
};

/** `brevduva config keys`: every credential, by system. */
export const configKeys: Command = {
  spec: keysSpec,
  run: (parsed, terminal) =>
    withHub(parsed, terminal, async (connection) => {
      const { hub, pool } = connection;
      const number = await chooseOrganisation(parsed, keysSpec, connection);
      const all = await hub.createCredentialAdmin(pool).list(number);
      const shown = parsed.flag('all') ? all : all.filter((one) => one.revokedAt === null);
      const coded = shown.map((line) => ({ ...line, code: hub.credentialCode(line) }));
      if (parsed.flag('json')) terminal.out(`${JSON.stringify({ keys: coded })}\n`);
      else if (coded.length === 0) terminal.out('Inga nycklar.\n');
      else terminal.out(table(coded, paintFor(terminal).dim));
      return EXIT.done;
    }),
};

function table(lines: readonly (CredentialLine & { code: string })[], dim: (text: string) => string): string {
  const rows = lines.map((line) => [line.systemCode, line.code, lastUsed(line), validity(line), line.label]);
  const head = ['System', 'Kod', 'Senast använd', 'Giltig', ''];
  const widths = head.map((title, n) => Math.max(title.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const text = (row: readonly string[]) =>
    row
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join('  ')
      .trimEnd();
  return `${dim(text(head))}\n${rows.map(text).join('\n')}\n`;
}

function lastUsed({ lastUsedAt }: CredentialLine): string {
  return lastUsedAt === null ? 'aldrig' : swedishTime(lastUsedAt);
}

function validity({ revokedAt, validFrom, validUntil }: CredentialLine): string {
  if (revokedAt !== null) return `återkallad ${swedishTime(revokedAt)}`;
  const from = validFrom === null ? '' : `från ${swedishTime(validFrom)} `;
  const until = validUntil === null ? '' : `till ${swedishTime(validUntil)}`;
  return `${from}${until}`.trim() || 'tills vidare';
}

function swedishTime(time: Date): string {
  return time.toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm', dateStyle: 'short', timeStyle: 'short' });
}
