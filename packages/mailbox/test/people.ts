/** Numbers that Skatteverket gives out for tests; no living person has one. */
export const PERSON_ANNA = '199001012385';
export const PERSON_BO = '198507099805';
export const PERSON_STRANGER = '192705178354';
