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
    operators: 'Brevlådeoperatörer',
    dispatchers: 'Förmedlare',
    senders: 'Avsändare',
    notFound: 'Sidan finns inte',
    loginNeeded: 'Logga in igen',
    forbidden: 'Du har inte behörighet',
    unavailable: 'Tjänsten svarar inte just nu',
    refused: 'Det gick inte att göra',
    error: 'Något gick fel',
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
    operators: 'Mailbox operators',
    dispatchers: 'Dispatchers',
    senders: 'Senders',
    notFound: 'The page does not exist',
    loginNeeded: 'Log in again',
    forbidden: 'You have no access',
    unavailable: 'The service does not answer right now',
    refused: 'That could not be done',
    error: 'Something went wrong',
  },
});

export type ConsoleTexts = ReturnType<typeof consoleTexts>;
