import type { LevelStore } from './level-store';
import { StagedWrites } from './staged-writes';

/** Enough to make the batch's fixed cost vanish; keeps the pause it causes for readers in the low milliseconds. */
const operationsPerBatchMax = 64;

interface Waiting {
  run(): Settle;
  fail(reason: unknown): void;
}

type Settle = () => void;

/**
 * The one place where writes happen, one after the other. Operations that wait together are run against the same
 * staged writes and committed as one LevelDB batch; each is answered only after that batch is stored, refusals
 * included, because they too may rest on a write of the same batch.
 */
export class WriteQueue {
  readonly #store: LevelStore;
  readonly #staged: StagedWrites;
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;

  constructor(store: LevelStore) {
    this.#store = store;
    this.#staged = new StagedWrites(store);
  }

  /** Runs a synchronous operation in its turn. It sees every earlier write; when it throws, it has written nothing. */
  run<T>(operation: (staged: StagedWrites) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run: () => this.#attempt(operation, resolve, reject), fail: reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing is waiting or being written. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  #attempt<T>(
    operation: (staged: StagedWrites) => T,
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
  ): Settle {
    try {
      const value = this.#staged.attempt(() => operation(this.#staged));
      return () => resolve(value);
    } catch (error) {
      return () => reject(error);
    }
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, operationsPerBatchMax);
      const settles = group.map((waiting) => waiting.run());
      try {
        await this.#store.commit(this.#staged.take());
        for (const settle of settles) settle();
      } catch (error) {
        for (const waiting of group) waiting.fail(error);
      }
    }
    this.#draining = undefined;
  }
}
