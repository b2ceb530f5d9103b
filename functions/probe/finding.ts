/**
 * Why nothing can be said. needs-write, needs-person, needs-time and cannot-be-probed: reading calls do not show it.
 * not-asked: left out, or behind a flag. nothing-to-see: the answers held nothing to judge by.
 */
export const UNSEEN_REASONS = [
  'needs-write',
  'needs-person',
  'needs-time',
  'cannot-be-probed',
  'not-asked',
  'nothing-to-see',
] as const;
export type UnseenReason = (typeof UNSEEN_REASONS)[number];

/** What one assumption is worth after the calls. `said` is our words and numbers only, never a remote's. */
export type Finding =
  | { readonly verdict: 'holds' | 'differs'; readonly said: string }
  | { readonly verdict: 'not-seen'; readonly why: UnseenReason; readonly said: string };

/** Looks at what came back. */
export type Judge<Readings> = (readings: Readings) => Finding;

/** An assumption that the probe cannot see, and why. */
export interface Blind {
  readonly why: UnseenReason;
  readonly said: string;
}

export const holds = (said: string): Finding => ({ verdict: 'holds', said });
export const differs = (said: string): Finding => ({ verdict: 'differs', said });
export const unseen = (why: UnseenReason, said: string): Finding => ({ verdict: 'not-seen', why, said });
