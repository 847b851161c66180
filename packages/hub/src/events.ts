/** Every kind of event in a letter's story, with its Swedish heading; a kind that is not here cannot be written (test). */
export const EVENT_TEXTS = {
  accepted: { title: 'Brevet togs emot', tone: 'info' },
  channelDecided: { title: 'Kanalen valdes', tone: 'info' },
  waitsForRegister: { title: 'Väntar: adressregistret FaR svarar inte', tone: 'warning' },
  tooLargeForDigital: { title: 'Brevet är för stort för digital post', tone: 'warning' },
  composedForPrint: { title: 'Utskriften sattes samman', tone: 'info' },
  doesNotFitPaper: { title: 'Brevet går inte att skriva ut som det är', tone: 'warning' },
  sealed: { title: 'Signerat av avsändaren och förseglat av förmedlaren', tone: 'info' },
  operatorAccepted: { title: 'Brevlådeoperatören tog emot brevet', tone: 'success' },
  mailboxClosed: { title: 'Operatören svarade att brevlådan är stängd', tone: 'warning' },
  operatorRefused: { title: 'Operatören tog inte emot brevet', tone: 'warning' },
  operatorUnreachable: { title: 'Väntar: operatören går inte att nå', tone: 'warning' },
  outcomeUnknown: { title: 'Utgången okänd: inget svar från operatören', tone: 'warning' },
  handedToPrint: { title: 'Lämnat till utskrift', tone: 'success' },
  delivered: { title: 'Levererat: kvittensen är bekräftad', tone: 'success' },
  printed: { title: 'Utskriftsjobbet är bekräftat', tone: 'success' },
  unexpectedFault: { title: 'Ett oväntat fel; brevet försöks igen', tone: 'danger' },
  caseOpened: { title: 'Lämnat till en person', tone: 'warning' },
  sentOnPaper: { title: 'En person beslutade om papper', tone: 'info' },
  triedAgain: { title: 'En person bad om ett nytt försök', tone: 'info' },
  cancelled: { title: 'En person avbröt brevet', tone: 'neutral' },
} as const satisfies Record<string, { title: string; tone: 'neutral' | 'info' | 'success' | 'warning' | 'danger' }>;

export type EventKind = keyof typeof EVENT_TEXTS;

export function eventText(kind: string): { title: string; tone: 'neutral' | 'info' | 'success' | 'warning' | 'danger' } {
  return EVENT_TEXTS[kind as EventKind] ?? { title: kind, tone: 'neutral' };
}
