import type { Language } from '@brevduva/ui';

/** What a refusal means to the party that met it, and what to do. By the contract's code (FACTS b.9). */
export function faultAdvice(code: number, lang: Language): { name: string; advice: string } {
  const [name, advice] = (ADVICE[code] ?? UNKNOWN)[lang];
  return { name, advice };
}

type Words = Readonly<Record<Language, readonly [name: string, advice: string]>>;

const UNKNOWN: Words = {
  sv: ['Annat fel', 'Kontakta den som ansvarar för registret och uppge CallId.'],
  en: ['Another error', 'Contact the register’s owner and give the CallId.'],
};

/** Every code that the register answers with. */
const ADVICE: Readonly<Record<number, Words>> = {
  5000: {
    sv: ['Fel hos registret', 'Felet är registrets. Försök igen om en stund; uppge CallId om det inte går över.'],
    en: ['The register’s own fault', 'Try again in a while; give the CallId if it does not pass.'],
  },
  5001: {
    sv: ['Felaktig fråga', 'Jämför med schemat. Beskrivningen i felet namnger elementet som inte stämmer.'],
    en: ['Invalid input', 'Compare with the schema. The fault’s description names the element that is wrong.'],
  },
  5002: {
    sv: [
      'Inte behörig',
      'Kontrollera att certifikatet är organisationens eget och registrerat här, att ni är anslutna i rollen som anropet kräver och att den som skriver under har rätt att göra det.',
    ],
    en: [
      'Access denied',
      'Check that the certificate is the organisation’s own and registered here, that you are connected in the role that the call needs, and that whoever signs may do so.',
    ],
  },
  5003: {
    sv: ['Finns inte', 'Kontrollera numret, domänen, eller att det finns något som väntar på underskrift.'],
    en: ['Not found', 'Check the number, the domain, or that something waits for signatures.'],
  },
  5005: {
    sv: ['För mycket på en gång', 'Dela upp: högst 1 000 mottagare i ett anrop och högst 8 MiB.'],
    en: ['Too much at once', 'Divide it: at most 1000 recipients in a call, and at most 8 MiB.'],
  },
  5007: {
    sv: ['Finns redan', 'Mottagaren har redan en brevlåda. Använd changeServiceSupplier för att ta över den.'],
    en: ['Exists already', 'The recipient has a mailbox already. Take it over with changeServiceSupplier.'],
  },
  5009: {
    sv: ['Kan inte registreras', 'Mottagaren får inte ha brevlåda, till exempel för att hen är under 18 år.'],
    en: ['Cannot be registered', 'The recipient may not have a mailbox, for instance being under 18.'],
  },
  5010: {
    sv: [
      'Underskriften gäller inte',
      'Se skälet i felets beskrivning. En underskrift används en gång, är högst 15 minuter gammal och gäller just den text som skickas med.',
    ],
    en: [
      'The signature does not count',
      'See the reason in the fault’s description. A signature is used once, is at most 15 minutes old and is of exactly the text sent along.',
    ],
  },
  5011: {
    sv: [
      'Läget tillåter det inte',
      'Hämta kontots läge på nytt. Något har ändrats, eller väntar, sedan det skrevs under.',
    ],
    en: [
      'The state does not allow it',
      'Read the account again. Something has changed, or waits, since this was signed.',
    ],
  },
  5012: {
    sv: [
      'Underskriften gäller inte',
      'Se skälet i felets beskrivning. En underskrift används en gång, är högst 15 minuter gammal och gäller just den text som skickas med.',
    ],
    en: [
      'The signature does not count',
      'See the reason in the fault’s description. A signature is used once, is at most 15 minutes old and is of exactly the text sent along.',
    ],
  },
  5014: {
    sv: ['Okänd avsändare', 'Avsändarens nummer finns inte bland anslutna avsändare. Hämta listan med getSenders.'],
    en: ['Unknown sender', 'The sender’s number is not among the connected senders. Fetch the list with getSenders.'],
  },
  5017: {
    sv: ['Folkbokföringen svarar inte', 'Försök igen senare. Inget är ändrat.'],
    en: ['The population register does not answer', 'Try again later. Nothing was changed.'],
  },
  5018: {
    sv: ['Bolagsverket svarar inte', 'Försök igen senare. Inget är ändrat.'],
    en: ['The company register does not answer', 'Try again later. Nothing was changed.'],
  },
  6004: {
    sv: ['Företagsformen stöds inte', 'Enskild firma använder ägarens egen brevlåda. Andra former: se avtalet.'],
    en: ['Company form not supported', 'A sole trader uses the owner’s own mailbox. Other forms: see the agreement.'],
  },
  6005: {
    sv: ['Förmedlar inte för avsändaren', 'Låt registrera avsändarens samtycke till att ni förmedlar för den.'],
    en: ['Not a dispatcher for the sender', 'Have the sender’s consent to your dispatching for it registered.'],
  },
  6006: {
    sv: ['Skyddad identitet', 'Mottagaren kan inte registreras här.'],
    en: ['Protected identity', 'The recipient cannot be registered here.'],
  },
  6007: {
    sv: ['Personen finns inte', 'Numret finns inte i folkbokföringen, eller personen är avliden.'],
    en: ['No such person', 'The number is not in the population register, or the person is deceased.'],
  },
};
