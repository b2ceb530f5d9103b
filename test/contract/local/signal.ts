import { setImmediate as turn } from 'node:timers/promises';

export interface Signal {
  readonly given: Promise<void>;
  give(): void;
}

/** Something that a test waits for or holds others up with. */
export function createSignal(): Signal {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give: () => give() };
}

const TURNS_MAX = 20_000;

/** Lets everybody else work until `holds`; fails when it never does. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const endsAtMs = Date.now() + 10_000;
  for (let count = 0; count < TURNS_MAX || Date.now() < endsAtMs; count += 1) {
    if (holds()) return;
    await turn();
  }
  throw new Error(`waited in vain for: ${what}`);
}
