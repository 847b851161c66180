import { createTexts, type Language } from '@brevduva/ui';

export interface AlertWords {
  readonly subject: string;
  /** Of an e-mail. */
  readonly mail: string;
  readonly sms: string;
}

/** Names beyond these are counted: an SMS has room for few. */
const NAMES_MAX = 2;
const NAME_CHARACTERS_MAX = 40;

/** The notice itself. It never holds a subject, a personal number or a link: a link in such a message is what frauds send. */
export function newMailWords(
  language: Language,
  { operator, letterCount, senderNames }: { operator: string; letterCount: number; senderNames: readonly string[] },
): AlertWords {
  const text = alertTexts(language);
  const shown = senderNames.slice(0, NAMES_MAX).map((name) => oneLine(name).slice(0, NAME_CHARACTERS_MAX));
  const from = shown.length === 0 ? '' : ` ${text.from(shown.join(', '), senderNames.length - shown.length)}`;
  const news = text.news(operator, letterCount) + from;
  return { subject: text.subject(operator), mail: `${news}\n\n${text.howMail}\n`, sms: `${news} ${text.howSms}` };
}

/** The code that shows whose the address is. */
export function codeWords(language: Language, { operator, code }: { operator: string; code: string }): AlertWords {
  const text = alertTexts(language);
  const words = text.code(operator, code);
  return { subject: text.codeSubject(operator), mail: `${words}\n\n${text.codeNotYou}\n`, sms: words };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const alertTexts = createTexts({
  sv: {
    subject: (operator: string) => `Du har ny post hos ${operator}`,
    news: (operator: string, count: number) =>
      count === 1
        ? `Du har fått ett nytt brev i din digitala brevlåda hos ${operator}.`
        : `Du har fått ${count} nya brev i din digitala brevlåda hos ${operator}.`,
    from: (names: string, more: number) => (more === 0 ? `Från ${names}.` : `Från ${names} och ${more} till.`),
    howSms: 'Logga in som du brukar. Vi skickar aldrig länkar.',
    howMail:
      'Logga in som du brukar för att läsa. Vi skickar aldrig länkar i våra meddelanden, och ber dig aldrig om koder eller lösenord.\n\nDu får det här meddelandet för att du har bett om det. Under Inställningar i brevlådan kan du ändra det.',
    codeSubject: (operator: string) => `Din kod till ${operator}`,
    code: (operator: string, code: string) =>
      `${code} är din kod hos ${operator}. Skriv in den i brevlådan för att få besked om ny post hit. Lämna den inte till någon.`,
    codeNotYou: 'Har du inte bett om någon kod? Då har någon skrivit fel adress, och du behöver inte göra något.',
  },
  en: {
    subject: (operator: string) => `You have new mail at ${operator}`,
    news: (operator: string, count: number) =>
      count === 1
        ? `You have a new letter in your digital mailbox at ${operator}.`
        : `You have ${count} new letters in your digital mailbox at ${operator}.`,
    from: (names: string, more: number) => (more === 0 ? `From ${names}.` : `From ${names} and ${more} more.`),
    howSms: 'Log in as usual. We never send links.',
    howMail:
      'Log in as usual to read. We never send links in our messages, and never ask you for codes or passwords.\n\nYou get this message because you have asked for it. You can change that under Settings in the mailbox.',
    codeSubject: (operator: string) => `Your code for ${operator}`,
    code: (operator: string, code: string) =>
      `${code} is your code at ${operator}. Enter it in the mailbox to be told of new mail here. Give it to nobody.`,
    codeNotYou: 'Have you not asked for a code? Then somebody has mistyped, and there is nothing you need to do.',
  },
});
