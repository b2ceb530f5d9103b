/** A period of last events at ZZap. An open window has no upper bound at ZZap; `toMs` is when it was asked. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly open: boolean;
}

/**
 * Asked again on every pull. ZZap's replicas lag by seconds, and whether it reads our bounds as Moscow time or
 * as UTC (three hours apart) is an open question: four hours cover both.
 */
export const OVERLAP_MS = 4 * 3_600_000;

/** Below this a window is not split further; a full answer for it is reported. */
export const WINDOW_MIN_MS = 60_000;

/** Halves share a second: whether ZZap's bounds are inclusive is not known. */
export const SEAM_MS = 1_000;

/** What to ask next: from the committed mark, less the overlap, to now and beyond. */
export function nextWindow(pulledToMs: number | null, importFromMs: number, nowMs: number): Window {
  const markMs = Math.min(pulledToMs ?? importFromMs, nowMs);
  return { fromMs: markMs - OVERLAP_MS, toMs: nowMs, open: true };
}

/**
 * Two parts, earlier first, or null when the window cannot be split. It is cut in the middle, or at `atMs` when
 * that lies inside and leaves both parts the shortest width at least.
 */
export function splitWindow(window: Window, atMs?: number | null): readonly [Window, Window] | null {
  const widthMs = window.toMs - window.fromMs;
  if (widthMs <= WINDOW_MIN_MS) return null;
  const edgeMs = Math.min(WINDOW_MIN_MS, Math.floor(widthMs / 2));
  const fits = typeof atMs === 'number' && atMs >= window.fromMs + edgeMs && atMs <= window.toMs - edgeMs;
  const middleMs = fits ? Math.floor(atMs) : window.fromMs + Math.floor(widthMs / 2);
  return [
    { fromMs: window.fromMs, toMs: middleMs + SEAM_MS, open: false },
    { fromMs: middleMs, toMs: window.toMs, open: window.open },
  ];
}
