import { COMMON_OPTIONS, type CommandSpec, twoColumns, usageError } from '../arguments.ts';
import { findFarDatabase } from '../installation.ts';
import type { Command } from './command.ts';

const spec: CommandSpec = {
  name: 'accounts load',
  summary: 'Läs in konton i registret FaR från en CSV-fil, också miljontals.',
  usage: 'FIL [--replace] [--rejects FIL] [--database ADRESS] [--restart]',
  wordsMax: 1,
  options: {
    replace: { type: 'boolean', help: 'Låt filen gälla också för konton som redan finns. Annars lämnas de som de är.' },
    rejects: { type: 'string', value: 'FIL', help: 'Skriv rader som inte går att läsa in här, med vad som är fel.' },
    restart: { type: 'boolean', help: 'Börja från första raden, även om filen redan är inläst helt eller delvis.' },
    database: {
      type: 'string',
      value: 'ADRESS',
      help: 'Registrets databas (postgres://…); annars den som hör till datakatalogen.',
    },
    ...COMMON_OPTIONS,
  },
  notes: [
    [
      'FIL är en CSV-fil i UTF-8, gärna packad med gzip; - är standard in. Första raden namnger kolumnerna:',
      '  recipientId,operator,type,pending,registeredAt',
      '',
      ...twoColumns([
        ['recipientId', 'Personnummer, samordningsnummer eller organisationsnummer, tolv siffror.'],
        ['operator', 'Brevlådeoperatörens organisationsnummer eller domän; tomt om operatören har lämnat.'],
        ['type', 'Secure (om tomt), Anonymous eller Not (avregistrerad).'],
        ['pending', 'true för ett företag där inte alla har skrivit under; annars false eller tomt.'],
        ['registeredAt', 'Tidpunkt med tidszon: 2016-10-30T15:38:49+01:00.'],
      ]),
      '',
      'Felaktiga rader hoppas över och räknas. Avbryts inläsningen, också hårt: kör samma kommando igen, så fortsätter',
      'den efter det som är sparat. Inget konto blir dubbelt. Filen från --rejects kan rättas och läsas in som den är.',
      '',
      'Slutkod 0: allt inläst · 1: avbruten eller misslyckad · 2: fel skrivet · 3: inläst, men rader hoppades över.',
    ].join('\n'),
  ],
  examples: [
    'brevduva accounts load konton.csv.gz --rejects fel.csv',
    'brevduva accounts generate --count 1000000 | brevduva accounts load -',
  ],
};

/** `brevduva accounts load`: accounts into the register, with a bar that tells how far it has come. */
export const accountsLoad: Command = {
  spec,
  async run(parsed, terminal) {
    const [file] = parsed.words;
    if (file === undefined) throw usageError(spec.name, 'Ange filen med konton, eller - för standard in.');
    const databaseUrl = parsed.text('database') ?? (await findFarDatabase(parsed.text('data'), terminal));
    // Loaded here, so that the other commands need not wait for the register to be read.
    const { loadAccountFile } = await import('../accounts/loadAccountFile.ts');
    const rejectsFile = parsed.text('rejects');
    return await loadAccountFile({
      file,
      databaseUrl,
      replaces: parsed.flag('replace'),
      restarts: parsed.flag('restart'),
      ...(rejectsFile === undefined ? {} : { rejectsFile }),
      terminal,
    });
  },
};
