import { type Agreement, agreementText } from '@brevduva/protocol';
import type { Purpose } from '../sql/signingOrder.ts';

/** What a person wants done. */
export type Act =
  | { purpose: Exclude<Purpose, 'storeAccountPreferences'> }
  | {
      purpose: 'storeAccountPreferences';
      /** Organisation numbers of all senders whose mail is taken from then on. */
      acceptedSenders: readonly string[];
      /** Names of those that the person turns away, and takes back, with this signature. */
      declinedNames: readonly string[];
      regainedNames: readonly string[];
    };

/**
 * The text that is signed: in plain words, then the line that ties it to the act (docs/contract/recipient.md, "The text
 * names the act"). Always Swedish, whatever the page's language: it is what the register keeps.
 */
export function textToSign(act: Act, recipientId: string, operator: { name: string; domain: string }): string {
  const agreement: Agreement = {
    action: act.purpose,
    recipientId,
    serviceSupplier: operator.domain,
    ...(act.purpose === 'storeAccountPreferences' ? { acceptedSenders: act.acceptedSenders } : {}),
  };
  return agreementText(terms(act, operator.name), agreement);
}

function terms(act: Act, operator: string): string {
  switch (act.purpose) {
    case 'register':
      return `Jag öppnar en digital brevlåda hos ${operator} och ansluter mig till Mina meddelanden.

Post från anslutna kommuner, regioner och myndigheter ska komma dit i stället för på papper. ${operator} tar emot breven åt mig, förvarar dem krypterade och visar dem bara för mig. Jag kan när som helst välja bort avsändare, flytta brevlådan eller stänga den.`;
    case 'changeServiceSupplier':
      return `Jag flyttar min digitala brevlåda till ${operator}.

Ny post ska komma dit. Breven som jag redan har fått ligger kvar hos den operatör som jag lämnar. Mina val av avsändare följer med.`;
    case 'deregister':
      return `Jag stänger min digitala brevlåda hos ${operator} och lämnar Mina meddelanden.

Ny post kommer på papper. Breven som jag redan har fått kan jag fortsätta läsa hos ${operator}.`;
    case 'storeAccountPreferences':
      return ['Jag ändrar vilka avsändare jag tar emot digital post från.', ...choices(act)].join('\n\n');
  }
}

function choices({ declinedNames, regainedNames }: Extract<Act, { purpose: 'storeAccountPreferences' }>): string[] {
  return [
    ...(declinedNames.length === 0
      ? []
      : [`Inte längre från: ${oneLine(declinedNames)}. De får skicka på papper i stället.`]),
    ...(regainedNames.length === 0 ? [] : [`Återigen från: ${oneLine(regainedNames)}.`]),
  ];
}

/** A sender's name comes from the register; a line break in it could write a line of the agreement's own. */
function oneLine(names: readonly string[]): string {
  return names.map((name) => name.replaceAll(/\s+/g, ' ').trim()).join(', ');
}
