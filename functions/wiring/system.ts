import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../ports/clock';
import type { Ids } from '../ports/ids';
import type { Secrets } from '../ports/secrets';

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

const SECRET_BYTES = 32;

export const randomSecrets: Secrets = {
  newSecret: () => randomBytes(SECRET_BYTES).toString('base64url'),
  digest: (secret) => createHash('sha256').update(secret).digest('base64url'),
};
