/** Kept equal to package.json by a test. */
export const VERSION = '0.1.0';

/** How the module introduces itself to the remote systems. */
export const USER_AGENT = `zzap-retailcrm/${VERSION}`;
