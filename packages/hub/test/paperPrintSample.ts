import type { PrintLetter } from '../src/paper/printSheet.ts';
import type { TextLetter } from '../src/pdf/letter.ts';

export const LETTER: TextLetter = {
  subject: 'Beslut om färdtjänst',
  body: { contentType: 'text/plain', text: 'Hej!\n\nDu har beviljats färdtjänst från och med den 1 september 2026.' },
  sender: { name: 'Provköpings kommun', unit: 'Socialkontoret', support: { phone: '0123-456 78' } },
  language: 'svSE',
  date: '2026-08-01',
  reference: 'SOC 2026/12',
};

export const PRINT: PrintLetter = {
  letterId: '01986f3a-1c5e-7a77-9a2b-0c0d0e0f1011',
  letter: LETTER,
  address: { name: 'Åsa Öberg', lines: ['Storgatan 1'], postalCode: '123 45', city: 'Ödeshög' },
  returnAddress: { name: 'Provköpings kommun', lines: ['Box 12'], postalCode: '120 01', city: 'Provköping' },
  attachments: [],
};
