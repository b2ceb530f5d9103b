import type { Patience } from '../ports/patience';

/** `over` comes after that time, unless it is stopped. */
type Wait = (maxMs: number) => { readonly over: Promise<null>; readonly stop: () => void };

const byTimer: Wait = (maxMs) => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), maxMs);
  });
  return { over, stop: () => clearTimeout(timer) };
};

/** Patience within one process: others ask for themselves. */
export function createPatience(wait: Wait = byTimer): Patience {
  const underWay = new Map<string, Promise<unknown>>();

  return async ({ key, begin, maxMs, failedLate }) => {
    const joined = underWay.get(key) as ReturnType<typeof begin> | undefined;
    const work = joined ?? begin();
    if (!joined) {
      underWay.set(key, work);
      const forget = () => underWay.delete(key);
      work.then(forget, forget);
    }
    const { over, stop } = wait(maxMs);
    try {
      const answer = await Promise.race([work, over]);
      if (answer === null && !joined) work.catch(failedLate);
      return answer;
    } finally {
      stop();
    }
  };
}
