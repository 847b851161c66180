import type { Infer } from '../notation/index.ts';
import { anyOther, date, oneOf, optional, Schema, string } from '../notation/index.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';

/** An event in an official matter, in Swedish documents "Kundärende" (FACTS h). */
export const officialMatterV3Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/OfficialMatter/v3`,
  fileName: 'OfficialMatter.v3',
  prefix: 'o3',
});

export const idStringRestriction = officialMatterV3Schema.simple('idStringRestriction', string({ maxLength: 255 }));

/** `MatterStatus`: the sender has taken an initiative, the recipient should act, or the matter is finished. */
export const OfficialMatterExtension = officialMatterV3Schema.type('OfficialMatterExtension', {
  Timestamp: date(),
  any: anyOther(),
  Identity: optional(
    officialMatterV3Schema.record({
      EventId: optional(idStringRestriction),
      OfficialMatterId: optional(idStringRestriction),
      PrecedingEventId: optional(idStringRestriction),
    }),
  ),
  MatterSubject: optional(string({ maxLength: 2000 })),
  EventType: optional(string({ maxLength: 2000 })),
  MatterStatus: optional(oneOf(['senderinitiative', 'recipientinitiative', 'closed'])),
});

export const officialMatterExtension = officialMatterV3Schema.element(
  'OfficialMatterExtension',
  OfficialMatterExtension,
);

export type OfficialMatterExtension = Infer<typeof OfficialMatterExtension>;
