import { createErrorText } from '@brevduva/ui';
import { ACTOR_ERRORS_ENGLISH } from './actors/actorErrorTexts.ts';

/** Every error of the register's own that a person can meet in the console. */
export const errorText = createErrorText({
  ...ACTOR_ERRORS_ENGLISH,
  FAR_AUDIT_EVENT_NOT_FOUND: 'The event is not in the audit log.',
  FAR_ROLE_MISSING: 'You may look, but not change anything here. Ask someone who runs the register.',
});
