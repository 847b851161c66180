import type { PrintLetter } from '../../packages/hub/src/paper/printSheet.ts';

const PARAGRAPH =
  'Du har beviljats plats från och med den 1 september. Beslutet gäller till dess att något annat meddelas, och kan överklagas inom tre veckor. ';

/** A letter of one page, each to somebody else. */
export function printLetter(n: number): PrintLetter {
  return {
    letterId: `01986f3a-1c5e-7a77-9a2b-${n.toString(16).padStart(12, '0')}`,
    letter: {
      subject: 'Beslut om förskoleplats',
      body: { contentType: 'text/plain', text: `Hej förälder ${n}!\n\n${`${PARAGRAPH.repeat(2)}\n\n`.repeat(5)}` },
      sender: { name: 'Lillköpings kommun', unit: 'Barn- och utbildningsnämnden', support: { text: 'Ring växeln.' } },
      language: 'svSE',
      date: '2026-11-23',
      reference: `BUN ${n}`,
    },
    address: { name: `Åsa Öberg ${n}`, lines: [`Storgatan ${n}`], postalCode: '123 45', city: 'Ödeshög' },
    returnAddress: { name: 'Lillköpings kommun', lines: ['Box 12'], postalCode: '120 01', city: 'Lillköping' },
    attachments: [],
  };
}
