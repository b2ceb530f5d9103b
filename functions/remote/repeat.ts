import { asRemoteError } from '../domain/remote-error';
import { decideRetry } from '../domain/retry';
import type { Clock } from '../ports/clock';
import { UNLIMITED, type TimeLimit } from './time-limit';

/** Repeats one remote call as `decideRetry` says, while there is time. The last error is thrown as it came. */
export async function repeating<T>(
  call: () => Promise<T>,
  options: { readonly writes: boolean; readonly clock: Clock; readonly limit?: TimeLimit },
): Promise<T> {
  const { limit = UNLIMITED } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const remote = asRemoteError(error);
      if (!remote) throw error;
      const decision = decideRetry(remote.facts, attempt, options, options.clock.random());
      if (decision.kind === 'give-up' || !limit.allows(decision.afterMs)) throw error;
      await options.clock.sleep(decision.afterMs);
    }
  }
}
