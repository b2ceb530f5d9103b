import { isSatOut, nextOutage, type Outage } from '../../../functions/domain/outage';
import type { RemoteErrorFacts } from '../../../functions/domain/remote-error';
import { TRIGGERS } from '../../../functions/domain/run-record';

const NOW = Date.UTC(2026, 10, 20, 12);
const FACTS: RemoteErrorFacts = { remote: 'zzap', kind: 'unavailable', detail: '', effectUnknown: false };

describe('a remote that stops runs', () => {
  it('is asked ever more rarely, at most every quarter of an hour', () => {
    const pauses: number[] = [];
    let outage: Outage | null = null;
    for (let failure = 0; failure < 8; failure += 1) {
      outage = nextOutage(outage, FACTS, NOW);
      pauses.push((outage.nextAttemptAtMs - NOW) / 1_000);
    }

    expect(pauses).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
    expect(outage).toMatchObject({ failures: 8, sinceMs: NOW });
  });

  it('is given the time it asks for', () => {
    const captcha = nextOutage(null, { ...FACTS, kind: 'rate-limited', retryAfterMs: 180_000 }, NOW);

    expect(captcha).toEqual({
      remote: 'zzap',
      kind: 'rate-limited',
      sinceMs: NOW,
      failures: 1,
      nextAttemptAtMs: NOW + 180_000,
    });
  });

  it('is asked after an hour, whatever it asks for', () => {
    const { nextAttemptAtMs } = nextOutage(null, { ...FACTS, retryAfterMs: 99_999_000 }, NOW);

    expect(nextAttemptAtMs).toBe(NOW + 3_600_000);
  });

  it('keeps its beginning and tells its last kind', () => {
    const first = nextOutage(null, FACTS, NOW);

    const second = nextOutage(first, { ...FACTS, remote: 'retailcrm', kind: 'auth' }, NOW + 40_000);

    expect(second).toMatchObject({ remote: 'retailcrm', kind: 'auth', sinceMs: NOW, failures: 2 });
  });
});

describe('during the pause', () => {
  const outage = nextOutage(null, FACTS, NOW);

  it('only what a person waits for is tried', () => {
    const tried = TRIGGERS.filter((trigger) => !isSatOut(outage, trigger, NOW + 29_999));

    expect(tried).toEqual(['manual', 'activated', 'replay', 'continuation']);
  });

  it('ends at its instant', () => {
    expect(isSatOut(outage, 'tick', NOW + 30_000)).toBe(false);
    expect(isSatOut(null, 'tick', NOW)).toBe(false);
  });
});
