import { readFile } from 'node:fs/promises';
import { createBrevduva, type NewLetter } from '@brevduva/sdk';
import type { FeaturedRecipients } from '../dev/sample/featured.ts';

const PDF = new URL('../dev/sample/situationsplan.pdf', import.meta.url);

/**
 * Hands in one letter for each situation, so that every screen has something to show. Each has a key of its own:
 * handed in again at the next start it is the same letter.
 */
export async function sendSampleLetters(options: {
  url: string;
  apiKey: string;
  featured: FeaturedRecipients;
}): Promise<void> {
  const brevduva = createBrevduva(options);
  const letters = sampleLetters(options.featured, await readFile(PDF));
  await Promise.all(
    letters.map((letter, index) => brevduva.sendLetter({ ...letter, idempotencyKey: `sample-${index + 1}` })),
  );
}

/** The letters themselves. */
export function sampleLetters(featured: FeaturedRecipients, pdf: Uint8Array): NewLetter[] {
  const plan = { name: 'situationsplan.pdf', bytes: pdf };
  const to = (who: keyof FeaturedRecipients) => ({ recipient: featured[who].id, address: featured[who].address });
  const notice = (who: keyof FeaturedRecipients) => ({
    recipient: featured[who].id,
    flow: 'aterlamning',
    subject: 'Lämna tillbaka dina böcker',
    text: RETURN_TEXT,
  });
  return [
    {
      ...to('digital'),
      flow: 'beslut',
      subject: 'Beslut om bygglov för carport',
      html: DECISION_HTML,
      attachments: [plan],
      reference: 'BYGG-2026-0417',
    },
    { ...to('digital'), flow: 'placering', subject: 'Plats på Duvslagets förskola', text: PLACE_TEXT },
    { ...to('digital'), flow: 'faktura-paminnelse', subject: 'Påminnelse: avgift för förskola', text: REMINDER_TEXT },
    {
      ...to('otherOperator'),
      flow: 'kallelse',
      subject: 'Kallelse till möte',
      text: SUMMONS_TEXT,
      reference: 'IFO-88',
    },
    // This operator takes no HTML: the letter goes on paper instead, and the story tells why.
    { ...to('otherOperator'), flow: 'beslut', subject: 'Beslut om bygglov för altan', html: DECISION_HTML },
    {
      ...to('paper'),
      flow: 'beslut',
      subject: 'Beslut om bygglov för uterum',
      html: DECISION_HTML,
      attachments: [plan],
    },
    { ...to('optedOut'), flow: 'kallelse', subject: 'Kallelse till möte', text: SUMMONS_TEXT },
    { ...to('pending'), flow: 'tillsyn', subject: 'Tillsyn av enskilt avlopp', text: INSPECTION_TEXT },
    { ...to('company'), flow: 'tillsyn', subject: 'Tillsyn av er verksamhet', text: INSPECTION_TEXT },
    { ...to('case'), flow: 'kallelse', subject: 'Kallelse till möte', text: SUMMONS_TEXT, reference: 'IFO-91' },
    {
      ...to('digital'),
      flow: 'faktura',
      subject: 'Faktura: avgift för förskola i november',
      text: INVOICE_TEXT,
      reference: '70012',
      invoice: { dueDate: '2026-12-31', amount: '1245.00', bankgiro: '991-2346', ocr: '700120' },
    },
    // Notices: by SMS, by e-mail, and to somebody of whom neither is known but who has a mailbox.
    { ...notice('paper'), contact: { phone: '070-174 06 58', email: 'lantagare@example.se' } },
    { ...notice('optedOut'), contact: { email: 'boklasare@example.se' } },
    notice('digital'),
    // A letter, and beside it an SMS that says that it has come.
    {
      ...to('otherOperator'),
      flow: 'placering',
      subject: 'Plats på Vråkens förskola',
      text: PLACE_TEXT,
      contact: { phone: '070-174 06 59' },
    },
    // Wanted in the bank: it goes there, though the company has a mailbox.
    {
      ...to('company'),
      flow: 'faktura',
      subject: 'Faktura: tillsynsavgift',
      text: FEE_TEXT,
      attachments: [{ name: 'faktura-70019.pdf', bytes: pdf }],
      reference: '70019',
      invoice: { dueDate: '2026-12-31', amount: '3150.00', bankgiro: '991-2346', ocr: '700195' },
    },
  ];
}

const FEE_TEXT = `Hej!

Fakturan för tillsynen av er verksamhet finns i den bifogade filen.

Miljöenheten`;

const DECISION_HTML = `<!DOCTYPE html>
<html lang="sv"><head><title>Beslut om bygglov</title></head><body>
<h1>Beslut om bygglov</h1>
<p>Byggnadsnämnden beviljar bygglov enligt din ansökan.</p>
<h2>Villkor</h2>
<ul><li>Arbetet får inte börja förrän du har fått startbesked.</li>
<li>Lovet gäller i fem år från den dag beslutet fick laga kraft.</li></ul>
<p>Beslutet kan överklagas inom tre veckor från den dag du fick ta del av det.</p>
</body></html>`;

const RETURN_TEXT =
  'Hej! Dina böcker ska vara tillbaka på Stadsbiblioteket på fredag. Låna om på bibliotek.lillkoping.example';

const PLACE_TEXT = `Hej!

Ditt barn har fått plats på Duvslagets förskola från och med måndagen den 1 februari.

Svara senast om tio dagar om du vill ha platsen.

Hälsningar
Förskola och skola, Lillköpings kommun`;

const REMINDER_TEXT = `Vi har inte sett någon betalning av avgiften för förskola.

Har du redan betalat kan du bortse från det här brevet. Annars ber vi dig betala inom tio dagar.

Ekonomienheten, Lillköpings kommun`;

const INVOICE_TEXT = `Här är din faktura för förskoleplatsen i november.

Avgiften är räknad på den inkomst som du har lämnat. Har den ändrats, ring oss.

Ekonomienheten, Lillköpings kommun`;

const SUMMONS_TEXT = `Du kallas till ett möte om din ansökan.

Plats: Rådhuset, Rådhustorget 1, rum 3
Tid: torsdag klockan 13.30

Ta med legitimation. Kan du inte komma, ring 0990-100 00 i god tid.`;

const INSPECTION_TEXT = `Miljöenheten kommer att göra ett tillsynsbesök.

Ni behöver inte förbereda något särskilt. Ha gärna ritningar och tidigare beslut till hands.

Miljöenheten, Lillköpings kommun`;
