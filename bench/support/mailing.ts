import { samplePdf } from './samplePdf.ts';
import { API_KEY, FLOW } from './world.ts';

/** The hub takes so many in one request at the most (RECIPIENTS_AT_ONCE_MAX); what a careful sender hands in at once. */
const BUNCH = 10_000;

/** Creates a mailing with one shared PDF and fills it, over REST. @returns its id. @throws Error when the hub says no. */
export async function fillMailing(hubUrl: string, recipients: readonly string[], pdfBytes: number): Promise<string> {
  const { id } = await post(hubUrl, '', {
    ...{ flow: FLOW, name: 'Bygglovstaxa', subject: 'Ny taxa – å ä ö' },
    body: { text: 'Hej!\n\nDen nya taxan ligger i bilagan.' },
    attachments: [{ filename: 'taxa.pdf', base64: samplePdf(pdfBytes, 'Taxa').toString('base64') }],
  });
  for (let start = 0; start < recipients.length; start += BUNCH) {
    const bunch = recipients.slice(start, start + BUNCH).map((recipient) => ({ recipient }));
    await post(hubUrl, `/${id}/recipients`, { recipients: bunch });
  }
  return id ?? '';
}

/** Releases it: with the answer, every letter is committed. */
export async function commitMailing(hubUrl: string, id: string): Promise<void> {
  const { status } = await post(hubUrl, `/${id}/commit`, undefined);
  if (status !== 'committed') throw new Error(`the mailing is ${status}`);
}

async function post(hubUrl: string, path: string, body: unknown): Promise<{ id?: string; status?: string }> {
  const response = await fetch(`${hubUrl}/api/v1/mailings${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`a mailing was refused: ${response.status} ${text.slice(0, 1_000)}`);
  return JSON.parse(text) as { id?: string; status?: string };
}
