import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * The memory of a sandbox that survives kill -9: one JSON value per line, written before the caller answers.
 * It protects against the death of the process, not of the machine (no fsync per record), and expects one writer per file.
 */
export interface Journal {
  /** Every whole record, oldest first. A last line without its line feed was never acknowledged and is dropped. */
  replay(): unknown[];
  /** Synchronous: when it returns, the record is with the operating system. Throws without leaving half a line behind. */
  append(record: unknown): void;
  /** Replaces the whole content at once: a kill leaves either the old journal or the new one. */
  compact(records: readonly unknown[]): void;
  close(): void;
}

const LINE_FEED = 0x0a;

const toLine = (record: unknown): string => `${JSON.stringify(record)}\n`;

/** Without a file name nothing is kept: replay() is empty and append() does nothing. */
export function openJournal(file: string | undefined): Journal {
  return file === undefined ? forgetfulJournal() : fileJournal(file);
}

function forgetfulJournal(): Journal {
  return {
    replay: () => [],
    append: () => undefined,
    compact: () => undefined,
    close: () => undefined,
  };
}

function fileJournal(file: string): Journal {
  mkdirSync(dirname(file), { recursive: true });
  let size = wholeLines(file).length;
  let handle = openForAppend(file, size);

  return {
    replay: () => parseLines(wholeLines(file), file),
    append(record) {
      const line = Buffer.from(toLine(record));
      try {
        writeFileSync(handle, line);
      } catch (error) {
        ftruncateSync(handle, size);
        throw error;
      }
      size += line.length;
    },
    compact(records) {
      const content = Buffer.from(records.map(toLine).join(''));
      const next = `${file}.next`;
      const written = openSync(next, 'w');
      writeFileSync(written, content);
      fsyncSync(written);
      closeSync(written);
      closeSync(handle);
      renameSync(next, file);
      size = content.length;
      handle = openForAppend(file, size);
    },
    close: () => closeSync(handle),
  };
}

/** Cuts a torn tail off, so that the next record starts on a line of its own. */
function openForAppend(file: string, size: number): number {
  const handle = openSync(file, 'a');
  ftruncateSync(handle, size);
  return handle;
}

function wholeLines(file: string): Buffer {
  if (!existsSync(file)) return Buffer.alloc(0);
  const content = readFileSync(file);
  return content.subarray(0, content.lastIndexOf(LINE_FEED) + 1);
}

function parseLines(content: Buffer, file: string): unknown[] {
  const lines = content.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index): unknown => {
    try {
      return JSON.parse(line);
    } catch (cause) {
      throw new Error(`Line ${index + 1} of ${file} is not JSON; mend or delete the file.`, { cause });
    }
  });
}
