/** The systems that knock. */
export const HOOK_SYSTEMS = ['retailcrm', 'zzap'] as const;
export type HookSystem = (typeof HOOK_SYSTEMS)[number];

/** Every path that belongs to hooks begins with this. */
export const HOOKS_PREFIX = '/hooks/';

const PATTERN = /^\/hooks\/(retailcrm|zzap)\/([a-zA-Z0-9-]{1,64})\/([^/]+)\/?$/;

/** Where a system knocks for a connection. Whoever knows the path may knock. */
export function hookPath(system: HookSystem, connectionId: string, secret: string): string {
  return `${HOOKS_PREFIX}${system}/${connectionId}/${secret}`;
}

/** The parts of such a path; null for any other. */
export function readHookPath(
  path: string,
): { readonly system: HookSystem; readonly connectionId: string; readonly secret: string } | null {
  const [, name, connectionId, secret] = PATTERN.exec(path) ?? [];
  const system = HOOK_SYSTEMS.find((one) => one === name);
  if (system === undefined || connectionId === undefined || secret === undefined) return null;
  return { system, connectionId, secret };
}
