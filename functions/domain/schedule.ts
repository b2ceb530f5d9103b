/**
 * The first slot after `nowMs` on the grid that begins at `anchorMs`. Counted from the schedule, never from the
 * end of a run, so that a slow run does not shift the ones after it. Slots missed meanwhile are one late slot.
 */
export function nextSlotMs(anchorMs: number, intervalMs: number, nowMs: number): number {
  if (nowMs < anchorMs) return anchorMs;
  return anchorMs + (Math.floor((nowMs - anchorMs) / intervalMs) + 1) * intervalMs;
}
