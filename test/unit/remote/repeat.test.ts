import { RemoteError, type RemoteErrorFacts } from '../../../functions/domain/remote-error';
import { repeating } from '../../../functions/remote/repeat';
import { createVirtualClock } from '../../support/clock';

function failure(changes: Partial<RemoteErrorFacts> = {}): RemoteError {
  return new RemoteError({
    remote: 'zzap',
    kind: 'unavailable',
    detail: '',
    effectUnknown: true,
    ...changes,
  });
}

/** Fails as scripted, then answers with the number of the try. */
function failing(...errors: Error[]) {
  let tries = 0;
  return () => {
    tries += 1;
    const error = errors[tries - 1];
    return error === undefined ? Promise.resolve(tries) : Promise.reject(error);
  };
}

describe('a repeated call', () => {
  it('is not repeated when it succeeds', async () => {
    const clock = createVirtualClock();

    const tries = await repeating(failing(), { writes: false, clock });

    expect(tries).toBe(1);
    expect(clock.slept).toEqual([]);
  });

  it('waits longer from try to try', async () => {
    const clock = createVirtualClock();

    const tries = await repeating(failing(failure(), failure(), failure()), { writes: false, clock });

    expect(tries).toBe(4);
    expect(clock.slept).toEqual([1_000, 2_000, 4_000]);
  });

  it('throws the last error as it came when it gives up', async () => {
    const clock = createVirtualClock();
    const last = failure({ kind: 'auth' });

    const call = repeating(failing(failure(), last), { writes: false, clock });

    await expect(call).rejects.toBe(last);
    expect(clock.slept).toEqual([1_000]);
  });

  it('sends a write of unknown effect once', async () => {
    const clock = createVirtualClock();
    const first = failure({ effectUnknown: true });

    const call = repeating(failing(first, failure()), { writes: true, clock });

    await expect(call).rejects.toBe(first);
    expect(clock.slept).toEqual([]);
  });

  it('does not repeat what is no error of a remote', async () => {
    const clock = createVirtualClock();
    const bug = new TypeError('a bug');

    await expect(repeating(failing(bug), { writes: false, clock })).rejects.toBe(bug);
  });
});
