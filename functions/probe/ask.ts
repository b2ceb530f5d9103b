import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Ask } from './environment';

/** Shell's code of a program that was interrupted. */
const INTERRUPTED = 130;

/** Asks on the terminal, secrets without echo. Where there is no terminal there is nobody to ask. */
export function createAsk(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Ask {
  if (!input.isTTY) return () => Promise.resolve(null);
  return async (question, isSecret) => {
    output.write(question);
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input, output: isSecret ? silent : output, terminal: true });
    lines.on('SIGINT', () => process.exit(INTERRUPTED));
    try {
      const answer = await lines.question(isSecret ? '' : question);
      return isSecret ? answer : answer.trim();
    } finally {
      lines.close();
      if (isSecret) output.write('\n');
    }
  };
}
