/** Where things are. Addresses are Swedish, as everything that the register owner's staff sees. */
export const CONSOLE_PATH = '/console';
export const LOGOUT_PATH = '/logout';
/** Where a person begins who wants to log in. */
export const LOGIN_HREF = `/login?return=${CONSOLE_PATH}`;

/** The places of the menu, in its order; each has a text of the same name in texts.ts. */
export const CONSOLE_AREAS = {
  overview: CONSOLE_PATH,
  actors: `${CONSOLE_PATH}/aktorer`,
  statistics: `${CONSOLE_PATH}/statistik`,
  audit: `${CONSOLE_PATH}/granskningslogg`,
} as const;

export type ConsoleArea = keyof typeof CONSOLE_AREAS;
