import { asRemoteError, RemoteError } from '../../../functions/domain/remote-error';
import type { ZzapGate } from '../../../functions/ports/zzap-gate';
import { createPace } from '../../../functions/zzap/pace';
import { createVirtualClock, type VirtualClock } from '../../support/clock';
import { createMemoryZzapGate } from '../../support/memory/zzap-gate';

const INTERVAL = 3_000;
const LEASE = 33_000;

interface Asked {
  readonly holder: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A key, a gate and a remote that takes a moment to answer and notes when it was asked. */
function remoteOf(clock: VirtualClock, gate: ZzapGate = createMemoryZzapGate(), answerMs = 200) {
  const asked: Asked[] = [];
  const paceOf = (holder: string, keyTag = 'key', onWaiting?: (untilMs: number | null) => void) =>
    createPace({
      gate,
      clock,
      keyTag,
      holder,
      minIntervalMs: INTERVAL,
      leaseMs: LEASE,
      ...(onWaiting && { onWaiting }),
    });
  const ask = (holder: string) => async () => {
    const fromMs = clock.nowMs();
    await clock.sleep(answerMs);
    asked.push({ holder, fromMs, toMs: clock.nowMs() });
  };
  return { asked, ask, gate, paceOf };
}

/** Pauses between answers and next requests, in the order of requests. Negative: two at once. */
function gapsOf(asked: readonly Asked[]): number[] {
  const inOrder = [...asked].sort((a, b) => a.fromMs - b.fromMs);
  return inOrder.slice(1).map(({ fromMs }, index) => fromMs - inOrder[index]!.toMs);
}

function limited(retryAfterMs: number): RemoteError {
  return new RemoteError({
    remote: 'zzap',
    kind: 'rate-limited',
    detail: '',
    effectUnknown: false,
    retryAfterMs,
  });
}

describe('the pace of a ZZap key', () => {
  it('lets the first request pass at once', async () => {
    const clock = createVirtualClock();
    const { asked, ask, paceOf } = remoteOf(clock);

    await paceOf('a').inTurn(ask('a'));

    expect(asked).toEqual([{ holder: 'a', fromMs: 0, toMs: 200 }]);
  });

  it('counts the pause of one holder from the end of the answer', async () => {
    const clock = createVirtualClock();
    const { asked, ask, paceOf } = remoteOf(clock);
    const pace = paceOf('a');

    for (let turn = 0; turn < 3; turn += 1) await pace.inTurn(ask('a'));

    expect(gapsOf(asked)).toEqual([3_005, 3_005]);
  });

  it('does not give a slot back while it is being renewed: the release would free it under the request', async () => {
    const clock = createVirtualClock();
    const memory = createMemoryZzapGate();
    const gate: ZzapGate = {
      ...memory,
      acquire: async (request) => {
        await clock.sleep(50);
        return memory.acquire(request);
      },
    };
    const { ask, paceOf } = remoteOf(clock, gate);
    const pace = paceOf('a');
    await pace.inTurn(ask('a'));

    const second = pace.inTurn(ask('a'));
    await clock.sleep(0);
    const takenMeanwhile = pace.takeSlot();
    await second;

    expect(takenMeanwhile).toBeNull();
    expect(pace.takeSlot()?.nextFreeAtMs).toBe(clock.nowMs() + INTERVAL);
  });

  it('gives the result of the request', async () => {
    const { paceOf } = remoteOf(createVirtualClock());

    await expect(paceOf('a').inTurn(() => Promise.resolve('answer'))).resolves.toBe('answer');
  });

  it('keeps the order of requests that one holder makes at once, one in flight', async () => {
    const clock = createVirtualClock();
    const { asked, ask, paceOf } = remoteOf(clock);
    const pace = paceOf('a');

    await Promise.all(['1', '2', '3'].map((name) => pace.inTurn(ask(name))));

    expect(asked.map(({ holder }) => holder)).toEqual(['1', '2', '3']);
    expect(Math.min(...gapsOf(asked))).toBeGreaterThanOrEqual(INTERVAL);
  });

  it('goes on after a request that failed', async () => {
    const clock = createVirtualClock();
    const { asked, ask, paceOf } = remoteOf(clock);
    const pace = paceOf('a');

    const [failed, second] = await Promise.allSettled([
      pace.inTurn(() => Promise.reject(new Error('down'))),
      pace.inTurn(ask('a')),
    ]);

    expect(failed.status).toBe('rejected');
    expect(second.status).toBe('fulfilled');
    expect(asked[0]!.fromMs).toBeGreaterThanOrEqual(INTERVAL);
  });

  it('is kept by several holders together', async () => {
    const clock = createVirtualClock();
    const { asked, ask, gate, paceOf } = remoteOf(clock);
    const visit = async (holder: string) => {
      const pace = paceOf(holder);
      await pace.inTurn(ask(holder));
      await pace.inTurn(ask(holder));
      const slot = pace.takeSlot();
      if (slot) await gate.release(slot);
    };

    await Promise.all(['a', 'b', 'c', 'd'].map(visit));

    expect(asked).toHaveLength(8);
    expect(Math.min(...gapsOf(asked))).toBeGreaterThanOrEqual(INTERVAL);
  });

  it('does not hold up another key', async () => {
    const clock = createVirtualClock();
    const { asked, ask, paceOf } = remoteOf(clock);

    await Promise.all([paceOf('a', 'key-1').inTurn(ask('a')), paceOf('b', 'key-2').inTurn(ask('b'))]);

    expect(asked.map(({ fromMs }) => fromMs)).toEqual([0, 0]);
  });

  it('frees the slot of a holder that died when its lease ends, not earlier', async () => {
    const clock = createVirtualClock();
    const { asked, ask, paceOf } = remoteOf(clock);
    await paceOf('dead').inTurn(ask('dead'));

    await paceOf('heir').inTurn(ask('heir'));

    expect(asked[1]!.fromMs).toBeGreaterThanOrEqual(LEASE);
    expect(asked[1]!.fromMs).toBeLessThan(LEASE + 100);
  });

  it('cannot be shortened by a holder whose lease has passed to somebody else', async () => {
    const clock = createVirtualClock();
    const { asked, ask, gate, paceOf } = remoteOf(clock);
    const late = paceOf('late');
    await late.inTurn(ask('late'));
    const heir = paceOf('heir');
    await heir.inTurn(ask('heir'));

    await gate.release(late.takeSlot()!);
    await paceOf('third').inTurn(ask('third'));

    expect(gapsOf(asked)[1]).toBeGreaterThanOrEqual(INTERVAL);
  });

  it('waits out a short block for everybody who shares the key', async () => {
    const clock = createVirtualClock();
    const { asked, ask, gate, paceOf } = remoteOf(clock);
    const pace = paceOf('a');
    await expect(pace.inTurn(() => Promise.reject(limited(20_000)))).rejects.toThrow('rate-limited');

    await gate.release(pace.takeSlot()!);
    const other = paceOf('b');
    await other.inTurn(ask('b'));

    expect(asked[0]!.fromMs).toBeGreaterThanOrEqual(20_000);
    expect(asked[0]!.fromMs).toBeLessThan(20_500);
  });

  it('leaves a long block to a later run, for everybody who shares the key', async () => {
    const clock = createVirtualClock();
    const { asked, ask, gate, paceOf } = remoteOf(clock);
    const pace = paceOf('a');
    await expect(pace.inTurn(() => Promise.reject(limited(180_000)))).rejects.toThrow('rate-limited');
    await gate.release(pace.takeSlot()!);

    const early = await paceOf('b')
      .inTurn(ask('b'))
      .catch((error: unknown) => asRemoteError(error)?.facts);
    await clock.sleep(120_001);
    await paceOf('c').inTurn(ask('c'));

    expect(early).toMatchObject({ kind: 'rate-limited', retryAfterMs: 180_000, effectUnknown: false });
    expect(asked).toHaveLength(1);
    expect(asked[0]!.fromMs).toBeGreaterThanOrEqual(180_000);
  });

  it('leaves a long block to a later run, for the holder who met it as well, and still gives the slot back', async () => {
    const clock = createVirtualClock();
    const { asked, ask, paceOf } = remoteOf(clock);
    const pace = paceOf('a');
    await expect(pace.inTurn(() => Promise.reject(limited(180_000)))).rejects.toThrow('rate-limited');

    await expect(pace.inTurn(ask('a'))).rejects.toThrow('the key is blocked');

    expect(asked).toEqual([]);
    expect(clock.slept).toEqual([]);
    expect(pace.takeSlot()).toEqual({ keyTag: 'key', holder: 'a', nextFreeAtMs: 180_000 });
  });

  it('never gets shorter than usual by a remote that asks for less', async () => {
    const clock = createVirtualClock();
    const { asked, ask, paceOf } = remoteOf(clock);
    const pace = paceOf('a');
    const error = limited(1_000);
    await expect(pace.inTurn(() => Promise.reject(error))).rejects.toBe(error);

    await pace.inTurn(ask('a'));

    expect(asked[0]!.fromMs).toBeGreaterThanOrEqual(INTERVAL);
  });

  it('says until when it waits, and that it goes on', async () => {
    const clock = createVirtualClock(1_000);
    const { ask, paceOf } = remoteOf(clock);
    const waits: (number | null)[] = [];
    const pace = paceOf('a', 'key', (untilMs) => waits.push(untilMs));

    await pace.inTurn(ask('a'));
    await pace.inTurn(ask('a'));

    expect(waits).toEqual([4_200, null]);
  });
});

describe('the slot of a key', () => {
  it('is taken once, with the moment of the next request', async () => {
    const clock = createVirtualClock(1_000);
    const { ask, paceOf } = remoteOf(clock);
    const pace = paceOf('a');
    await pace.inTurn(ask('a'));

    const slots = [pace.takeSlot(), pace.takeSlot()];

    expect(slots).toEqual([{ keyTag: 'key', holder: 'a', nextFreeAtMs: 4_200 }, null]);
  });

  it('is not there before a request', () => {
    const { paceOf } = remoteOf(createVirtualClock());

    expect(paceOf('a').takeSlot()).toBeNull();
  });

  it('cannot be given back while a request is under way', async () => {
    const clock = createVirtualClock();
    const { paceOf } = remoteOf(clock);
    const pace = paceOf('a');
    await pace.inTurn(() => Promise.resolve());

    const taken = await pace.inTurn(() => Promise.resolve(pace.takeSlot()));

    expect(taken).toBeNull();
    expect(pace.takeSlot()).not.toBeNull();
  });

  it('is there after a request that failed', async () => {
    const { paceOf } = remoteOf(createVirtualClock());
    const pace = paceOf('a');

    await pace.inTurn(() => Promise.reject(new Error('down'))).catch(() => null);

    expect(pace.takeSlot()).toEqual({ keyTag: 'key', holder: 'a', nextFreeAtMs: 3_000 });
  });
});
