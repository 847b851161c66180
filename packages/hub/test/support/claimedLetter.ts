import type { OrganizationNumber, RecipientId } from '@brevduva/protocol';
import type { ClaimedLetter } from '../../src/letter.ts';
import { DEFAULT_PRICES } from '../../src/prices.ts';

export const NOW = new Date('2026-11-23T12:00:00Z');

/** A letter as a stage sees it, changed where the test needs it. */
export function claimedLetter(changes: Partial<ClaimedLetter>): ClaimedLetter {
  return {
    organisationId: '01990000-0000-7000-8000-000000000001',
    id: '01990000-0000-7000-8000-000000000002',
    recipient: '191212121212' as RecipientId,
    subject: 'Beslut om bygglov',
    language: 'svSE',
    reference: undefined,
    address: undefined,
    protectedIdentity: false,
    bodyContentType: 'text/plain',
    bodyHash: Buffer.alloc(32),
    attachments: [],
    envelopeBytes: 10_000,
    expiresAt: undefined,
    createdAt: NOW,
    state: 'waiting',
    stage: 'resolve',
    channel: undefined,
    attempts: 1,
    stageEnteredAt: NOW,
    digitalFailure: undefined,
    lookups: 0,
    supplier: undefined,
    paperOrdered: false,
    printHash: undefined,
    print: undefined,
    organisation: {
      id: '01990000-0000-7000-8000-000000000001',
      organizationNumber: '162021004748' as OrganizationNumber,
      name: 'Kommun A',
      returnAddress: { name: 'Kommun A', lines: ['Torget 1'], postalCode: '123 45', city: 'Staden' },
      support: { text: 'Ring växeln.' },
      laneWeights: { interactive: 10, normal: 10, bulk: 10 },
      prices: DEFAULT_PRICES,
    },
    flow: {
      code: 'beslut',
      name: 'Beslut',
      unitCode: 'bygg',
      unitName: 'Byggnadsnämnden',
      channelPolicy: 'digitalFirst',
      digitalHours: 48,
      caseHours: 48,
      postageClass: 'economy',
      templateCode: undefined,
      defaultSubject: undefined,
      sensitivity: 'normal',
      replyAllowed: false,
      retentionDays: 365,
      notification: 'none',
      lifetimeHours: undefined,
      eInvoice: false,
      approvalOver: undefined,
      lane: 'interactive',
      sendWindow: undefined,
      schedulingAllowed: true,
      isActive: true,
    },
    ...changes,
  };
}
