import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createContentCipher, newId } from '@brevduva/base';
import { createSigner, ENVELOPE_BYTES_MAX, type ServiceSupplier } from '@brevduva/protocol';
import { claimSet } from '../src/claimSet.ts';
import { createContentStore } from '../src/content.ts';
import { createSealedStore } from '../src/sealed.ts';
import { sealLetters } from '../src/stages/seal.ts';
import type { StageContext, StageResult } from '../src/stages/stage.ts';
import {
  type Answer,
  base64Of,
  CONTENT_KEY,
  faultsOf,
  formOf,
  type IntakeHub,
  LETTER,
  pdfOf,
  startIntakeHub,
} from './support/intakeHub.ts';

let hub: IntakeHub;
before(async () => {
  hub = await startIntakeHub();
});
after(() => hub.close());

const ADDRESS = { name: 'Åsa Öberg', street: 'Storgatan 1', postalCode: '123 45', city: 'Ödeshög' };

/** By how many bytes the refusal says that the letter is too large. */
function bytesOver(answer: Answer): number {
  const [found] = answer.body.faults;
  const [, total, over] = /blir (\d+) byte på vägen; det är (\d+) byte mer än de 2097152/.exec(found.text) ?? [];
  assert.equal(Number(total) - Number(over), ENVELOPE_BYTES_MAX, found.text);
  return Number(over);
}

async function storedBytes(id: string): Promise<number> {
  const { rows } = await hub.pool.query('select envelope_bytes from letter where id = $1', [id]);
  return rows[0].envelope_bytes;
}

/** The bytes of the request that the seal stage makes of a stored letter, signed with the real keys. */
async function sealedBytes(id: string): Promise<number> {
  const cipher = createContentCipher(CONTENT_KEY);
  const { letters: claimed } = await claimSet(hub.pool, {
    lanes: ['interactive'],
    turn: 0,
    stage: 'resolve',
    limit: 1_000,
    leaseMs: 1,
    leaseId: newId(),
    node: 'x',
  });
  const letter = claimed.find((each) => each.id === id);
  assert.ok(letter, 'the letter was stored');
  const signer = ({ keyPem, certPem }: typeof hub.sender) =>
    createSigner({ privateKeyPem: keyPem, certificatePem: certPem });
  const [sender, dispatcher] = [signer(hub.sender), signer(hub.dispatcher)];
  const sealed = createSealedStore(hub.pool, cipher);
  // All that sealing uses of the context.
  const context = { content: createContentStore(hub.pool, cipher), sealed, dispatcher, signerOf: () => sender };
  const results: StageResult[] = [];
  const supplier = { Id: '165568402266', Name: 'X', ServiceAdress: 'https://x' } as unknown as ServiceSupplier;
  await sealLetters([{ ...letter, supplier }], context as unknown as StageContext, async (some) => {
    results.push(...some);
  });
  const [result] = results;
  assert.ok(result?.sealed, JSON.stringify(result?.outcome));
  const place = `${letter.organisationId}/${letter.id}/${result.sealed.id}`;
  return cipher.decrypt(result.sealed.bytes, place).length;
}

describe('scenario 6: the envelope as it stands on the wire', () => {
  it('passes at exactly 2 097 152 bytes and is what sealing makes; one byte more is refused and told', async () => {
    // Base64 grows in steps of four; the reference is plain and takes up the rest.
    const letter = (pdfBytes: number, referenceChars: number) => ({
      ...LETTER,
      reference: 'r'.repeat(referenceChars),
      attachments: [base64Of('beslut.pdf', pdfOf(pdfBytes))],
    });
    const first = await hub.refused(() => hub.post(letter(1_600_000, 1)), 413, 'HUB_LETTER_TOO_LARGE');
    assert.deepEqual(faultsOf(first), ['HUB_LETTER_TOO_LARGE attachments']);
    const pdfBytes = 1_600_000 - 3 * Math.ceil(bytesOver(first) / 4);
    const second = await hub.refused(() => hub.post(letter(pdfBytes, 100)), 413, 'HUB_LETTER_TOO_LARGE');
    const referenceChars = 100 - bytesOver(second);
    const third = await hub.refused(() => hub.post(letter(pdfBytes, referenceChars + 1)), 413, 'HUB_LETTER_TOO_LARGE');
    assert.equal(bytesOver(third), 1);

    const { status, body } = await hub.post(letter(pdfBytes, referenceChars));
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(await storedBytes(body.id), ENVELOPE_BYTES_MAX);
    assert.equal(await sealedBytes(body.id), ENVELOPE_BYTES_MAX);
  });

  it('is measured exactly, whatever is in it', async () => {
    const letters = [
      LETTER,
      { ...LETTER, subject: 'å & <ö> "漢" 👍', reference: "a'b&c<d>", language: 'en' },
      {
        ...LETTER,
        body: { contentType: 'text/html', text: '<p>Hej &amp; välkommen</p>\r\n' },
        recipient: '2021004748',
      },
      {
        ...LETTER,
        invoice: { dueDate: '2026-12-24', amount: '1234.50', bankgiro: '5050-1055', message: 'å & <hyra>' },
      },
      { ...LETTER, attachments: [base64Of('å 漢 & bilaga.pdf', pdfOf(1_000)), base64Of('b.pdf', pdfOf(99_999))] },
    ];
    for (const letter of letters) {
      const { status, body } = await hub.post(letter);
      assert.equal(status, 201, JSON.stringify(body));
      assert.equal(await sealedBytes(body.id), await storedBytes(body.id));
    }
  });

  it('a text that is too long is told at the text, many megabytes as exactly as one byte', async () => {
    const text = 'x'.repeat(9_000_000);
    const answer = await hub.refused(() => hub.post({ ...LETTER, body: { text } }), 413, 'HUB_LETTER_TOO_LARGE');
    assert.deepEqual(faultsOf(answer), ['HUB_LETTER_TOO_LARGE body/text']);
    assert.ok(bytesOver(answer) > 9_902_848);
    const pdf = formOf(LETTER, { name: 'stor.pdf', bytes: pdfOf(12_000_000) });
    const form = await hub.refused(() => hub.postForm(pdf), 413, 'HUB_LETTER_TOO_LARGE');
    assert.ok(bytesOver(form) > 13_900_000, 'a PDF larger than any letter says by how much too');
  });

  it('with other faults, the size is told when the letter is otherwise good', async () => {
    const letter = { ...LETTER, flow: 'finnsinte', body: { text: 'x'.repeat(2_000_000) } };
    const answer = await hub.refused(() => hub.post(letter), 422, 'HUB_LETTER_INVALID');
    assert.deepEqual(faultsOf(answer), ['HUB_FLOW_UNKNOWN flow', 'HUB_LETTER_TOO_LARGE body/text']);
  });

  it('does not bind a flow that only goes on paper', async () => {
    const letter = { ...LETTER, flow: 'papper', address: ADDRESS };
    const answer = await hub.postForm(formOf(letter, { name: 'stor.pdf', bytes: pdfOf(4_000_000) }));
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const digital = formOf({ ...letter, flow: 'sekretess' }, { name: 'stor.pdf', bytes: pdfOf(4_000_000) });
    await hub.refused(() => hub.postForm(digital), 413, 'HUB_LETTER_TOO_LARGE');
  });
});
