import { badge } from '../components/badge.ts';
import { linkButton } from '../components/button.ts';
import { choiceList } from '../components/choiceList.ts';
import { messageDocument, messageFrame, messageText } from '../components/frame.ts';
import { inbox } from '../components/inbox.ts';
import { card, pageHeading, section } from '../components/layout.ts';
import { emptyState } from '../components/list.ts';
import { signedText } from '../components/signedText.ts';
import { html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';

/** A citizen's mailbox at another party, with that party's colours. */
export function galleryMailbox(lang: Language, nonce: string): SafeHtml {
  const sv = lang === 'sv';
  return html`${pageHeading({ lang, title: sv ? 'Inkorg' : 'Inbox', lead: sv ? 'Två olästa brev' : 'Two unread letters' })}
${inbox({ lang, label: sv ? 'Brev' : 'Letters', items: items(lang) })}
${section({ title: sv ? 'Ett öppnat brev' : 'An opened letter', content: letter(lang, nonce) })}
${section({ title: sv ? 'Avsändare' : 'Senders', content: senders(lang) })}
${card({ title: sv ? 'Det här skriver du under' : 'What you sign', content: signedText(AGREEMENT, 'sv') })}
${emptyState({
  icon: 'letter',
  title: sv ? 'Du har inga brev ännu' : 'You have no letters yet',
  text: sv
    ? 'När en myndighet skriver till dig hamnar brevet här.'
    : 'When an authority writes to you, the letter comes here.',
  action: linkButton({
    text: sv ? 'Se dina inställningar' : 'See your settings',
    href: '/settings',
    variant: 'secondary',
  }),
})}`;
}

const AGREEMENT = `Jag flyttar min digitala brevlåda till Brevlådan.

Ny post ska komma dit. Mina val av avsändare följer med.

Mottagare 199001012385 byter brevlåda till brevladan.example.`;

function senders(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return choiceList({
    name: 'accept',
    legend: sv ? 'Ta emot från' : 'Take mail from',
    hint: sv ? '3 anslutna avsändare' : '3 connected senders',
    choices: [
      { value: '162021004748', text: 'Sampleköpings kommun', checked: true },
      {
        value: '162021003898',
        text: 'Region Åkerbo',
        checked: false,
        note: sv ? 'Skickar på papper till dig' : 'Sends you paper',
      },
      { value: '162021005521', text: 'Örebro <b>läns</b> trafik & Mälardalens sjöfart AB', checked: true },
    ],
  });
}

function items(lang: Language) {
  const sv = lang === 'sv';
  return [
    {
      href: '/1',
      sender: 'Sampleköpings kommun',
      subject: 'Beslut om barnomsorgsavgift',
      receivedAt: new Date('2026-10-25T01:31:00Z'),
      unread: true,
      attachmentCount: 1,
      preview: 'Hej! Här kommer beslutet om din avgift för höstterminen 2026 och hur den har räknats fram.',
    },
    {
      href: '/2',
      sender: 'Region Åkerbo',
      subject: 'Kallelse till mammografi',
      receivedAt: new Date('2026-10-23T09:00:00Z'),
      unread: true,
      attachmentCount: 2,
      badge: badge({ tone: 'warning', text: sv ? 'Svara senast 1 november' : 'Answer by 1 November' }),
    },
    {
      href: '/3',
      sender: 'Örebro <b>läns</b> trafik',
      subject: 'Ditt ärende "färdtjänst" & resor är avslutat',
      receivedAt: new Date('2026-03-29T01:30:00Z'),
      unread: false,
      preview: 'Tack för att du svarade på våra frågor.',
    },
  ];
}

function letter(lang: Language, nonce: string): SafeHtml {
  const sv = lang === 'sv';
  const text = card({
    content: messageText(
      'Hej Åsa!\n\nDin avgift är 1 425 kronor i månaden.\n\nVänliga hälsningar\nSampleköpings kommun',
    ),
  });
  return html`${text}
${messageFrame({ lang, title: sv ? 'Brevets text' : "The letter's text", href: GALLERY_MESSAGE_PATH })}
${messageFrame({ lang, title: sv ? 'Samma text i sidan' : 'The same text in the page', sanitizedHtml: '<p>Hej Åsa!</p>', nonce })}`;
}

/** Where the test serves `galleryMessage`, with MESSAGE_CONTENT_SECURITY_POLICY. */
export const GALLERY_MESSAGE_PATH = '/message';

/** A letter's own document, with the inline style that letters have, and a script that must not run. */
export function galleryMessage(lang: Language): string {
  const sanitizedHtml =
    '<h1 style="color:#12486b;margin-top:0">Beslut om avgift</h1><p>Hej Åsa!</p><p>Din avgift är <strong>1 425 kronor</strong> i månaden.</p>' +
    '<script>document.title = "script ran"</script>';
  return messageDocument({ lang, title: 'Beslut om avgift', sanitizedHtml });
}
