import { samplePdf } from './samplePdf.ts';
import { API_KEY, FLOW } from './world.ts';

/** As many business systems, or threads of one, hand in at once. */
const SENDERS = 8;

export interface LetterRequest {
  readonly recipient: string;
  readonly body: string;
}

/** Requests made beforehand, so that making them does not compete with what is measured. */
export function prepareLetters(count: number, pdfBytes: number, recipients: readonly string[]): LetterRequest[] {
  return Array.from({ length: count }, (_, n) => {
    const recipient = recipients[n % recipients.length] ?? '';
    const pdf = samplePdf(pdfBytes, `Beslut ${n}`);
    const letter = {
      flow: FLOW,
      recipient,
      subject: 'Beslut om bygglov – å ä ö',
      body: { text: 'Hej!\n\nDu får bygga. Beslutet ligger i bilagan.' },
      attachments: [{ filename: 'beslut.pdf', base64: pdf.toString('base64') }],
    };
    return { recipient, body: JSON.stringify(letter) };
  });
}

/** Hands all letters in over REST. @returns their ids. @throws Error when one is refused. */
export async function handInAll(hubUrl: string, letters: readonly LetterRequest[]): Promise<string[]> {
  const ids: string[] = [];
  const queue = letters.values();
  const sender = async () => {
    for (const { body } of queue) ids.push(await handIn(hubUrl, body));
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return ids;
}

export async function handIn(hubUrl: string, body: string): Promise<string> {
  const response = await fetch(`${hubUrl}/api/v1/letters`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body,
  });
  const answer = (await response.json()) as { id: string };
  if (response.status !== 201) throw new Error(`a letter was refused: ${response.status} ${JSON.stringify(answer)}`);
  return answer.id;
}
