import { alert } from '../components/alert.ts';
import { actionForm, button, buttonRow, linkButton } from '../components/button.ts';
import { checkbox, errorSummary, fileField, radioGroup, select, textArea, textField } from '../components/field.ts';
import { card, pageHeading, stack } from '../components/layout.ts';
import { html, type SafeHtml } from '../html.ts';
import type { Language } from '../language.ts';

/** A form with faults, every kind of field, every alert and button. */
export function galleryControls(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return html`${pageHeading({ lang, title: sv ? 'Nytt flöde' : 'New flow' })}
${errorSummary({
  lang,
  errors: [
    { fieldId: 'name', text: sv ? 'Skriv ett namn' : 'Write a name' },
    { fieldId: 'retention', text: sv ? 'Gallringen måste vara 1–3650 dagar' : 'Retention must be 1–3650 days' },
  ],
})}
${alerts(lang)}
${card({ content: form(lang) })}
${card({ title: sv ? 'Knappar' : 'Buttons', content: buttons(lang) })}`;
}

function alerts(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return stack(
    alert({
      tone: 'info',
      title: sv ? 'Provkörning' : 'Rehearsal',
      content: sv ? 'Inga brev lämnar huset.' : 'No letter leaves the house.',
    }),
    alert({ tone: 'success', content: sv ? 'Flödet är sparat.' : 'The flow is saved.' }),
    alert({ tone: 'warning', content: sv ? 'FaR svarar långsamt. Breven väntar.' : 'FaR is slow. The letters wait.' }),
    alert({
      tone: 'danger',
      title: sv ? 'Certifikatet går ut om tre dagar' : 'The certificate ends in three days',
      content: sv ? 'Byt det före den 28 oktober.' : 'Replace it before 28 October.',
    }),
  );
}

function form(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  const fields = html`
${textField({ name: 'name', label: sv ? 'Namn' : 'Name', description: sv ? 'Visas för handläggare.' : 'Shown to caseworkers.', error: sv ? 'Skriv ett namn' : 'Write a name', required: true })}
${textField({ name: 'retention', label: sv ? 'Gallring (dagar)' : 'Retention (days)', value: '0', size: 6, inputMode: 'numeric', error: sv ? 'Gallringen måste vara 1–3650 dagar' : 'Retention must be 1–3650 days' })}
${select({ name: 'unit', label: sv ? 'Enhet' : 'Unit', emptyText: sv ? 'Välj enhet' : 'Choose a unit', choices: [{ value: '1', text: 'Förskola Ängsbacken' }] })}
${radioGroup({
  name: 'channel',
  label: sv ? 'Kanal' : 'Channel',
  value: 'any',
  choices: [
    {
      value: 'any',
      text: sv ? 'Alla kanaler' : 'Every channel',
      description: sv ? 'Digitalt när det går, annars papper.' : 'Digital if possible, else paper.',
    },
    { value: 'paper', text: sv ? 'Bara papper' : 'Paper only' },
  ],
})}
${checkbox({ name: 'active', label: sv ? 'Flödet är öppet' : 'The flow is open', checked: true, description: sv ? 'Stängda flöden tar inte emot brev.' : 'Closed flows take no letters.' })}
${textArea({ name: 'note', label: sv ? 'Anteckning' : 'Note', optionalIn: lang, value: 'Rad ett\nRad två' })}
${fileField({ name: 'template', label: sv ? 'Mall' : 'Template', description: 'PDF, högst 2 MB', accept: 'application/pdf' })}`;
  return actionForm({
    action: '/controls',
    csrfToken: 'token',
    hidden: { version: 3 },
    fields,
    submit: { text: sv ? 'Spara flödet' : 'Save the flow' },
    multipart: true,
  });
}

function buttons(lang: Language): SafeHtml {
  const sv = lang === 'sv';
  return buttonRow([
    button({ text: sv ? 'Primär' : 'Primary' }),
    button({ text: sv ? 'Sekundär' : 'Secondary', variant: 'secondary', icon: 'refresh' }),
    button({ text: sv ? 'Tertiär' : 'Tertiary', variant: 'tertiary' }),
    button({ text: sv ? 'Avbryt brevet' : 'Cancel the letter', danger: true, icon: 'ban' }),
    button({ text: sv ? 'Avbryt brevet' : 'Cancel the letter', danger: true, variant: 'secondary' }),
    linkButton({ text: sv ? 'Länk' : 'Link', href: '/', variant: 'secondary', icon: 'arrowRight' }),
  ]);
}
