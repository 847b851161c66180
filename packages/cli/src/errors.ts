import { defineErrors } from '@brevduva/base';

/** Every error the command line itself raises. */
export const CLI_ERRORS = defineErrors({
  CLI_USAGE: { status: 400, text: '{reason} Skriv "brevduva {command} --help" för hjälp.' },
  CLI_UNKNOWN_COMMAND: { status: 400, text: 'Okänt kommando: {command}. Skriv "brevduva --help" för hjälp.' },
  CLI_UNKNOWN_SUBCOMMAND: { status: 400, text: 'Okänt kommando: {command}. Menade du {known}?' },
  CLI_FILE: { status: 400, text: 'Filen {file} går inte att läsa. Kontrollera namnet och rättigheterna.' },
  CLI_GZIP: { status: 400, text: 'Filen {file} är inte rätt packad, eller avklippt. Hämta den igen.' },
  CLI_MAILING_FILE: { status: 400, text: 'Filen {file} går inte att använda som adressfil.' },
  CLI_MAILING_FAULTS: {
    status: 400,
    text: 'Filen har {count} fel. Rätta dem, eller ta med --skip-faults för att lämna in de rader som är rätt. Inget har lämnats in.',
  },
  CLI_MAILING_COLUMN: {
    status: 400,
    text: 'Filen har ingen kolumn {column}. Kolumnerna heter: {known}. Ange rätt kolumn med --recipient eller --reference.',
  },
  CLI_NOT_RUNNING: {
    status: 503,
    text: 'Ingen Brevduva är igång med datakatalogen {folder}. Starta den med npm start, eller ange --data eller BREVDUVA_URL och BREVDUVA_API_KEY.',
  },
  CLI_NO_REGISTER: {
    status: 503,
    text: 'Inget register är igång med datakatalogen {folder}. Starta det med npm start, eller ange databasen med --database.',
  },
  CLI_NO_HUB: {
    status: 503,
    text: 'Ingen Brevduva är igång med datakatalogen {folder}. Starta den med npm start, eller ange databasen i BREVDUVA_HUB_DATABASE_URL.',
  },
  CLI_TOPOLOGY_OTHER: {
    status: 409,
    text: 'Datakatalogen {folder} har topologi {kept}, inte {wanted}. Välj en annan katalog med --data, eller starta utan --topology.',
  },
  CLI_TOPOLOGY_NO_HUB: {
    status: 409,
    text: 'I datakatalogen {folder} finns ingen hub: där ansluter systemen själva (topologi d). Skicka med brevduva direct.',
  },
  CLI_TOPOLOGY_NOT_DIRECT: {
    status: 409,
    text: 'I datakatalogen {folder} är det huben som förmedlar. Skicka med brevduva send, eller starta en egen katalog med --topology d.',
  },
  CLI_STATE_FILE: {
    status: 500,
    text: 'Filen {file} går inte att tolka. Ta bort den och starta Brevduva igen.',
  },
  CLI_SECRET_FILE: {
    status: 500,
    text: 'Filen {file} är skadad. Återställ den från en kopia; utan den går sparade brev inte att läsa. Annars: välj en ny datakatalog med --data.',
  },
  CLI_FAULTS_FILE: { status: 500, text: 'Filen {file} går inte att tolka. Ta bort den för att stänga av alla fel.' },
});
