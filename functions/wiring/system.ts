import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports/clock';
import type { Ids } from '../ports/ids';

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (ms) => {
    if (ms > 0) await sleep(Math.ceil(ms));
  },
  random: () => Math.random(),
};

const ID_BYTES = 10;
const TIME_DIGITS = 12;

export const randomIds: Ids = {
  newId: () => randomBytes(ID_BYTES).toString('hex'),
  newRunId: (nowMs) => nowMs.toString(16).padStart(TIME_DIGITS, '0') + randomBytes(4).toString('hex'),
};
