import type { Language } from '@brevduva/ui';

/**
 * The switch's reasons are stored as the Swedish sentences they were given in, for the record is evidence. Here they are read by
 * those who read English; test/console-texts.test.ts holds the list to every sentence that the switch can say.
 */
export function switchText(stored: string, lang: Language): string {
  if (lang === 'sv') return stored;
  for (const [pattern, english] of NAMING) {
    const name = pattern.exec(stored)?.[1];
    if (name !== undefined) return english(name);
  }
  // A notice's reason is that of each channel that it tried.
  return (
    ENGLISH[stored] ??
    stored
      .split(/(?<=\.) (?=\p{Lu})/u)
      .map((each) => ENGLISH[each] ?? each)
      .join(' ')
  );
}

/** Sentences that name an operator or a dispatcher. */
const NAMING: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^Mottagaren har en digital brevlåda hos (.+)\.$/s, (name) => `The recipient has a digital mailbox at ${name}.`],
  [
    /^Mottagaren har en digital brevlåda; (.+) förmedlar brevet\.$/s,
    (name) => `The recipient has a digital mailbox; ${name} dispatches the letter.`,
  ],
  [
    /^Förmedlaren (.+) avgör hur brevet ska gå\.$/s,
    (name) => `The dispatcher ${name} decides how the letter is to go.`,
  ],
  [
    /^Förmedlaren (.+) skriver ut det som inte kan gå digitalt, och det får inte brevet\.$/s,
    (name) => `The dispatcher ${name} prints what cannot go digitally, and the letter may not be printed.`,
  ],
  [
    /^Brevet har en egen postadress, och den kan inte följa med till (.+)\.$/s,
    (name) => `The letter has a postal address of its own, which cannot go along to ${name}.`,
  ],
  [
    /^Brevet kan inte gå digitalt; (.+) skriver ut det\.$/s,
    (name) => `The letter cannot go digitally; ${name} prints it.`,
  ],
];

const ENGLISH: Readonly<Record<string, string>> = {
  'Post till adressen har kommit tillbaka.': 'Mail to the address has come back.',
  'Brevet ligger inte oöppnat i en brevlåda.': 'The letter does not lie unopened in a mailbox.',
  'Brevet ligger i brevlådan men har inte öppnats inom flödets tid.':
    "The letter lies in the mailbox but was not opened within the flow's time.",
  'Brevet är oöppnat men mottagaren är avliden.': 'The letter is unopened, but the recipient is deceased.',
  'Brevet är oöppnat men postadress saknas.': 'The letter is unopened, but there is no postal address.',
  'Mottagaren har skyddad identitet och hanteras av en person.':
    'The recipient has a protected identity and is handled by a person.',
  'Folkbokföringen uppger att mottagaren har skyddad identitet.':
    'The population register says that the recipient has a protected identity.',
  'Inget säger att mottagaren är avliden.': 'Nothing says that the recipient is deceased.',
  'Mottagaren är avliden enligt folkbokföringen.': 'The recipient is deceased according to the population register.',
  'Brevet kan inte gå digitalt och postadressen finns i folkbokföringen.':
    'The letter cannot go digitally, and the postal address is in the population register.',
  'Postadress saknas, även i folkbokföringen.': 'There is no postal address, in the population register either.',
  'Mottagaren är inte markerad som skyddad.': 'The recipient is not marked as protected.',
  'Ingen har begärt papper för brevet.': 'Nobody has ordered paper for the letter.',
  'En handläggare har beslutat att brevet ska gå på papper.':
    'A caseworker has decided that the letter is to go on paper.',
  'Papper är begärt men postadress saknas.': 'Paper is ordered but there is no postal address.',
  'Flödet kräver inte papper.': 'The flow does not demand paper.',
  'Flödet skickas alltid på papper.': 'The flow always goes on paper.',
  'Det är ett brev och ingen avisering.': 'It is a letter and no notice.',
  'Flödet kräver papper men postadress saknas.': 'The flow demands paper but there is no postal address.',
  'Brevet ska inte gå digitalt.': 'The letter is not to go digitally.',
  'FaR gav inget svar för mottagaren.': 'FaR gave no answer for the recipient.',
  'Mottagaren har ingen digital brevlåda.': 'The recipient has no digital mailbox.',
  'Mottagarens brevlåda väntar på fler underskrifter.': "The recipient's mailbox waits for more signatures.",
  'Mottagaren har valt bort digital post från avsändaren.':
    'The recipient has opted out of digital mail from the sender.',
  'FaR anger ingen brevlådeoperatör för mottagaren.': 'FaR names no mailbox operator for the recipient.',
  'Flödet får inte skickas på papper.': 'The flow may not go on paper.',
  'Brevet kan inte gå digitalt och postadressen är känd.':
    'The letter cannot go digitally, and the postal address is known.',
  'Postadress saknas.': 'There is no postal address.',
  'Flödet skickar inga e-fakturor, eller brevet är ingen faktura.':
    'The flow sends no e-invoices, or the letter is no invoice.',
  'Inget e-fakturaregister är anslutet.': 'No registry of e-invoices is connected.',
  'Uppgifter som en e-faktura måste ha saknas.': 'What an e-invoice must say is not known.',
  'E-fakturaregistret är inte tillfrågat.': 'The registry of e-invoices has not been asked.',
  'Mottagaren har inte anmält sig för e-faktura.': 'The recipient has not asked for e-invoices.',
  'E-fakturaregistret svarade inte inom flödets tidsgräns.':
    "The registry of e-invoices did not answer within the flow's time limit.",
  'E-fakturan togs inte emot.': 'The e-invoice was rejected.',
  'Fakturan följer inte reglerna för e-faktura.': 'The invoice breaks the rules for e-invoices.',
  'E-fakturan kunde inte lämnas över inom flödets tidsgräns.':
    "The e-invoice could not be handed over within the flow's time limit.",
  'Mottagaren tar emot fakturan som e-faktura.': 'The recipient takes the invoice as an e-invoice.',
  'Ingen kanal är möjlig; en person behöver ta ställning.': 'No channel is possible; a person has to decide.',
  'Brevlådan stängdes mellan uppslag och leverans, och är stängd även efter ett nytt uppslag.':
    'The mailbox closed between look-up and delivery, and is closed after a new look-up too.',
  'Brevlådeoperatören tog inte emot brevet.': 'The mailbox operator refused the letter.',
  'Brevet kunde inte levereras digitalt inom flödets tidsgräns.':
    "The letter could not be delivered digitally within the flow's time limit.",
  'Mottagarens mobilnummer är känt, och aviseringen går som SMS.':
    "The recipient's mobile number is known, and the notice goes by SMS.",
  'Mottagarens mobilnummer är inte känt.': "The recipient's mobile number is not known.",
  'Ingen SMS-gateway är ansluten.': 'No SMS gateway is connected.',
  'Texten är HTML och kan inte gå som SMS.': 'The text is HTML and cannot go by SMS.',
  'SMS-gatewayen tog inte emot meddelandet.': 'The SMS gateway did not take the message.',
  'SMS:et kom inte fram.': 'The SMS did not arrive.',
  'SMS:et kunde inte skickas inom flödets tidsgräns.': "The SMS could not be sent within the flow's time limit.",
  'Det är okänt om SMS:et kom fram.': 'It is unknown whether the SMS arrived.',
  'Mottagarens e-postadress är känd, och aviseringen går som e-post.':
    "The recipient's e-mail address is known, and the notice goes by e-mail.",
  'Mottagarens e-postadress är inte känd.': "The recipient's e-mail address is not known.",
  'Ingen e-postserver är ansluten.': 'No mail server is connected.',
  'Texten är HTML och går inte som e-post.': 'The text is HTML and does not go by e-mail.',
  'Mottagarens e-postserver tog inte emot meddelandet.': "The recipient's mail server did not take the message.",
  'E-postmeddelandet kom tillbaka.': 'The e-mail came back.',
  'E-postmeddelandet kunde inte skickas inom flödets tidsgräns.':
    "The e-mail could not be sent within the flow's time limit.",
  'Det är okänt om e-postmeddelandet kom fram.': 'It is unknown whether the e-mail arrived.',
  'Brevet är för stort för digital post.': 'The letter is too large for digital mail.',
  'Flödet har ingen extern förmedlare.': 'The flow has no external dispatcher.',
  'Den externa förmedlaren tog inte emot brevet.': 'The external dispatcher refused the letter.',
  'Den externa förmedlaren kunde inte leverera brevet.': 'The external dispatcher could not deliver the letter.',
};
