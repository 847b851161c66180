import { defineErrors } from '@brevduva/base';

/** Every error the command line itself raises. */
export const CLI_ERRORS = defineErrors({
  CLI_USAGE: { status: 400, text: '{reason} Skriv "brevduva {command} --help" för hjälp.' },
  CLI_UNKNOWN_COMMAND: { status: 400, text: 'Okänt kommando: {command}. Skriv "brevduva --help" för hjälp.' },
  CLI_FILE: { status: 400, text: 'Filen {file} går inte att läsa. Kontrollera namnet och rättigheterna.' },
  CLI_NOT_RUNNING: {
    status: 503,
    text: 'Ingen Brevduva är igång med datakatalogen {folder}. Starta den med npm start, eller ange --data eller BREVDUVA_URL och BREVDUVA_API_KEY.',
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
