import { badge } from '../components/badge.ts';
import { linkButton } from '../components/button.ts';
import { codeBlock, xmlView } from '../components/codeBlock.ts';
import { decisionTable } from '../components/decisionTable.ts';
import { pdfFrame } from '../components/frame.ts';
import { card, disclosure, pageHeading, split, stack } from '../components/layout.ts';
import { descriptionList } from '../components/list.ts';
import { pagePictures } from '../components/pagePictures.ts';
import { pipeline } from '../components/pipeline.ts';
import { time } from '../components/time.ts';
import { timeline } from '../components/timeline.ts';
import { html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';

/** The console's page of one letter: stages, story, decision, exact XML, PDF. */
export function galleryLetter(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return html`${pageHeading({
    lang,
    title: sv ? 'Beslut om barnomsorgsavgift' : 'Decision on the childcare fee',
    status: badge({ tone: 'success', text: sv ? 'Framme' : 'Delivered' }),
    breadcrumbs: [{ text: sv ? 'Försändelser' : 'Letters', href: '/lists' }],
    actions: [
      linkButton({ text: sv ? 'Hämta som fil' : 'Download', href: '/file', variant: 'secondary', icon: 'download' }),
    ],
  })}
${stages(lang)}
${split({
  asideLabel: sv ? 'Uppgifter om brevet' : 'Facts about the letter',
  main: stack(story(lang), decision(lang), document(lang)),
  aside: facts(lang),
})}`;
}

function stages(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const names = sv
    ? ['Mottagen', 'Kanal vald', 'Sammansatt', 'Förseglad', 'Levererad', 'Kvitterad']
    : ['Taken in', 'Channel chosen', 'Composed', 'Sealed', 'Delivered', 'Confirmed'];
  const passed = pipeline({
    lang,
    label: sv ? 'Brevets väg' : "The letter's way",
    stages: names.map((name, index) => ({ name, state: 'done' as const, note: `02:30:0${index}` })),
  });
  const states = ['done', 'active', 'waiting', 'failed', 'manual', 'skipped'] as const;
  const other = pipeline({
    lang,
    label: sv ? 'Ett annat brevs väg' : "Another letter's way",
    stages: names.map((name, index) => ({ name, state: states[index] ?? 'waiting' })),
  });
  return card({ content: stack(passed, other) });
}

function story(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const entries = timeline({
    lang,
    label: sv ? 'Brevets historia' : "The letter's story",
    entries: [
      {
        at: new Date('2026-10-24T21:59:58Z'),
        tone: 'neutral',
        icon: 'inbox',
        title: sv ? 'Mottagen' : 'Taken in',
        actor: 'Procapita',
      },
      {
        at: new Date('2026-10-25T00:30:01Z'),
        tone: 'info',
        icon: 'route',
        title: sv ? 'Digital brevlåda vald' : 'Digital mailbox chosen',
        actor: 'FaR',
        text: sv
          ? 'Mottagaren tar emot post från kommunen i Brevvalvet.'
          : 'The recipient takes post from us in Brevvalvet.',
        details: codeBlock({
          lang,
          label: sv ? 'Svar från FaR' : 'Answer from FaR',
          code: '<Status>\n  <Pending>false</Pending>\n</Status>',
          language: 'xml',
        }),
      },
      {
        at: new Date('2026-10-25T01:30:02Z'),
        tone: 'warning',
        title: sv ? 'Inget svar från operatören' : 'No answer from the operator',
        actor: 'Brevvalvet',
        text: sv
          ? 'Brevet kan ha kommit fram. Samma brev skickas igen med samma id; inget skrivs ut.'
          : 'The letter may have arrived. The same letter is sent again.',
      },
      {
        at: new Date('2026-10-25T01:31:03Z'),
        tone: 'success',
        icon: 'seal',
        title: sv ? 'Framme, med kvittens' : 'Delivered, with receipt',
        actor: 'Brevvalvet',
        text: 'TransId 7f3c-0001',
      },
    ],
  });
  return card({ title: sv ? 'Historia' : 'Story', content: entries });
}

function decision(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const content = decisionTable({
    lang,
    caption: sv ? 'Varför digital brevlåda' : 'Why digital mailbox',
    facts: [
      { term: sv ? 'Fråga' : 'Question', description: 'isReachable' },
      { term: sv ? 'Frågat' : 'Asked', description: time(new Date('2026-10-25T00:30:01Z'), lang, { style: 'exact' }) },
      { term: sv ? 'Operatör' : 'Operator', description: 'Brevvalvet AB, 556000-0001' },
    ],
    rules: [
      {
        rule: sv ? 'Skyddad identitet' : 'Protected identity',
        verdict: 'lost',
        reason: sv ? 'Ingen markering finns.' : 'There is no such mark.',
      },
      {
        rule: sv ? 'Flödet kräver papper' : 'The flow demands paper',
        verdict: 'lost',
        reason: sv ? 'Flödet tillåter alla kanaler.' : 'The flow allows every channel.',
      },
      {
        rule: sv ? 'Digital brevlåda' : 'Digital mailbox',
        verdict: 'won',
        reason: sv ? 'Mottagaren accepterar avsändaren och brevlådan är öppen.' : 'The recipient accepts the sender.',
      },
      {
        rule: sv ? 'Papper' : 'Paper',
        verdict: 'untried',
        reason: sv ? 'En tidigare regel avgjorde.' : 'An earlier rule decided.',
      },
    ],
  });
  return card({ title: sv ? 'Varför den här kanalen?' : 'Why this channel?', content });
}

function document(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const xml = `<SealedDelivery xmlns="http://minameddelanden.gov.se/schema/Message/v3"><SignedDelivery><Delivery><Header><Recipient>191212121212</Recipient></Header><Body>${'JVBERi0xLjQK'.repeat(40)}</Body></Delivery></SignedDelivery></SealedDelivery>`;
  return stack(
    card({
      title: sv ? 'Innehåll' : 'Content',
      content: pdfFrame({
        lang,
        title: sv ? 'Beslutet som PDF' : 'The decision as PDF',
        href: '/beslut.pdf',
        fileName: 'Beslut å ä ö.pdf',
        bytes: 48_213,
      }),
    }),
    card({
      title: sv ? 'Sidorna som lämnades in' : 'The pages that were handed in',
      content: pagePictures([{ href: '/sida.png', alt: sv ? 'Sida 1 av 1' : 'Page 1 of 1' }]),
    }),
    card({ title: 'XML', content: xmlView({ lang, label: 'SealedDelivery', xml, downloadHref: '/sealed.xml' }) }),
  );
}

function facts(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const list = descriptionList([
    { term: sv ? 'Mottagare' : 'Recipient', description: '19121212-1212' },
    { term: sv ? 'Enhet' : 'Unit', description: 'Förskola Ängsbacken' },
    { term: sv ? 'Flöde' : 'Flow', description: 'Barnomsorg, avgiftsbeslut' },
    {
      term: sv ? 'Inlämnad' : 'Handed in',
      description: time(new Date('2026-10-24T21:59:58Z'), lang, { style: 'long' }),
    },
    { term: sv ? 'Kostnad' : 'Cost', description: sv ? '0,42 kr (papper: 9,80 kr)' : 'SEK 0.42 (paper: SEK 9.80)' },
    { term: 'Id', description: html`<code>019f3c1e-77aa-7c10-9d3e-5d1f7a00c0de</code>` },
  ]);
  const more = disclosure({
    summary: sv ? 'Gallring' : 'Retention',
    content: sv ? 'Innehållet raderas 2026-11-24.' : 'The content is erased on 24 Nov 2026.',
  });
  return card({ title: sv ? 'Uppgifter' : 'Facts', content: html`${list}${more}` });
}
