/** Everything that can stand in the audit trail as what was done. */
export const AUDIT_ACTS = [
  'loaded',
  'applied',
  'agreementRegistered',
  'technicalTestStarted',
  'conformanceRecorded',
  'approvedForProduction',
  'rejected',
  'withdrawn',
  'closed',
  'certificateAdded',
  'certificateRetired',
  'servedSendersChanged',
  'operatorChanged',
  'contactAdded',
  'contactRemoved',
  'suspended',
  'suspensionLifted',
] as const;

export type AuditAct = (typeof AUDIT_ACTS)[number];
