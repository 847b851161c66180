import { createTexts } from '@brevduva/ui';

/** What the console's frame and its first page say; each area has texts of its own beside its pages. */
export const consoleTexts = createTexts({
  sv: {
    overview: 'Översikt',
    actors: 'Aktörer',
    statistics: 'Statistik',
    audit: 'Granskningslogg',
    role_registerOwner: 'FaR-ansvarig',
    role_reader: 'Läsbehörighet',
    developmentRegister: 'Utvecklingsregister: alla mottagare är testpersoner och testföretag.',
    overviewLead: 'Vem som är ansluten, vad som frågas och hur det går.',
    accounts: 'Brevlådor',
    actorsNote: (senders: string, dispatchers: string, operators: string) =>
      `avsändare ${senders}, förmedlare ${dispatchers}, operatörer ${operators}`,
    callsToday: 'Anrop senaste dygnet',
    idsToday: (ids: string) => `om ${ids} mottagare`,
    refusedToday: 'Avvisade senaste dygnet',
    shareOfCalls: (share: string) => `${share} av anropen`,
    answered: 'Besvarade',
    latestEvents: 'Senast gjort',
    allEvents: 'Visa granskningsloggen',
    noEvents: 'Inget har gjorts än',
  },
  en: {
    overview: 'Overview',
    actors: 'Actors',
    statistics: 'Statistics',
    audit: 'Audit log',
    role_registerOwner: 'Register owner',
    role_reader: 'May read',
    developmentRegister: 'Development register: all recipients are test persons and test companies.',
    overviewLead: 'Who is connected, what is asked, and how it goes.',
    accounts: 'Mailboxes',
    actorsNote: (senders: string, dispatchers: string, operators: string) =>
      `senders ${senders}, dispatchers ${dispatchers}, operators ${operators}`,
    callsToday: 'Calls in the last 24 hours',
    idsToday: (ids: string) => `about ${ids} recipients`,
    refusedToday: 'Refused in the last 24 hours',
    shareOfCalls: (share: string) => `${share} of the calls`,
    answered: 'Answered',
    latestEvents: 'Done last',
    allEvents: 'Show the audit log',
    noEvents: 'Nothing has been done yet',
  },
});

export type ConsoleTexts = ReturnType<typeof consoleTexts>;
