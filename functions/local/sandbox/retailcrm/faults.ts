import * as z from 'zod';

/**
 * `*-before`: nothing happens inside the CRM. `*-after`, `malformed-json`, `truncated-body`: the effect is stored and
 * journaled, only the answer is lost or broken. `http-500`, `http-503`, `html`, `error`: no effect. `slow`: waits, then works.
 */
export const faultSchema = z.strictObject({
  /** Prefix of the path, or `*`. */
  path: z.string().min(1),
  kind: z.enum([
    'timeout-before',
    'timeout-after',
    'drop-before',
    'drop-after',
    'http-500',
    'http-500-after',
    'http-503',
    'html',
    'malformed-json',
    'truncated-body',
    'slow',
    'error',
  ]),
  times: z.int().min(1).default(1),
  /** So many matching calls are let through first. */
  afterCalls: z.int().min(0).default(0),
  delayMs: z.int().min(0).max(120_000).default(1000),
  status: z.int().min(200).max(599).default(400),
  errorMsg: z.string().default('Errors in the entity format'),
  errors: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
});
export type Fault = z.infer<typeof faultSchema>;

/** Switches that break chosen calls. In memory only: a restart heals. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  list(): readonly Fault[];
  /** The fault of this call, if any; counts it. The oldest matching switch wins. */
  take(path: string): Fault | undefined;
}

export function createFaults(): Faults {
  let faults: Fault[] = [];
  return {
    add(fault) {
      faults.push({ ...fault });
    },
    clear() {
      faults = [];
    },
    list: () => faults,
    take(path) {
      const fault = faults.find((candidate) => candidate.path === '*' || path.startsWith(candidate.path));
      if (!fault) return undefined;
      if (fault.afterCalls > 0) {
        fault.afterCalls -= 1;
        return undefined;
      }
      fault.times -= 1;
      if (fault.times === 0) faults = faults.filter((candidate) => candidate !== fault);
      return fault;
    },
  };
}
