import { createHash } from 'node:crypto';
import { z } from 'zod';

/** A seller's cabinet. Orders belong to its login. */
export const accountSchema = z.strictObject({
  login: z.string().min(1),
  password: z.string().min(1),
  apiKey: z.string().min(1),
  /** Where this cabinet's new orders are pushed; absent = the sandbox-wide setting decides. */
  pushUrl: z.url({ protocol: /^https?$/ }).nullish(),
});
export type Account = z.infer<typeof accountSchema>;

/** Open to everyone who runs the sandbox. The key has the signs of old ZZap keys that break when not URL-encoded. */
export const DEMO_CABINET = {
  login: 'demo@zzap.example',
  password: 'demo-password',
  apiKey: 'sandbox/demo+key/0001==',
} as const satisfies Account;

/** Names a key in logs without showing it. */
export const keyTag = (apiKey: string): string =>
  createHash('sha256').update(apiKey).digest('hex').slice(0, 8);
