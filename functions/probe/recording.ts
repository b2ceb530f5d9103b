/** Thrown instead of a further call once an answer has said that none should follow. */
class Ended extends Error {
  override readonly name = 'Ended';
}

export interface Recording<Args extends unknown[], Call> {
  /** Every call that was made, oldest first. */
  readonly made: readonly Call[];
  readonly call: (...args: Args) => Promise<Call>;
}

/** Keeps what was sent, and sends nothing more after an answer that `endsIt`, e.g. that we are blocked. */
export function recording<Args extends unknown[], Call>(
  send: (...args: Args) => Promise<Call>,
  endsIt: (call: Call) => boolean,
): Recording<Args, Call> {
  const made: Call[] = [];
  let isEnded = false;
  return {
    made,
    async call(...args) {
      if (isEnded) throw new Ended();
      const answered = await send(...args);
      made.push(answered);
      isEnded = endsIt(answered);
      return answered;
    },
  };
}

/** Does the work up to the point where the recording ended. */
export async function untilEnded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
}
