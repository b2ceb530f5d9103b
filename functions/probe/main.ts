import { writeFileSync } from 'node:fs';
import { systemClock } from '../wiring/system';
import { readArguments, USAGE } from './arguments';
import { createAsk } from './ask';
import { readTargets } from './environment';
import { NotRunnable } from './not-runnable';
import { exitCodeOf, reportText } from './report';
import { runProbe } from './run';

async function probe(): Promise<number> {
  const wishes = readArguments(process.argv.slice(2));
  if (wishes.help) {
    console.log(USAGE);
    return 0;
  }
  const targets = await readTargets(process.env, createAsk(process.stdin, process.stdout));
  console.log('Asking; one ZZap call in three seconds.\n');
  const { judged, shapes, failures } = await runProbe(targets, wishes, systemClock);
  console.log(reportText(judged));
  for (const failure of failures) console.error(failure);
  writeFileSync(wishes.out, `${JSON.stringify(shapes, null, 2)}\n`);
  console.log(`Shapes without values: ${wishes.out}`);
  return exitCodeOf(judged, failures);
}

/** An unexpected error may quote what a remote said: only its kind and its place are told. */
function wordsFor(error: unknown): string {
  if (error instanceof NotRunnable) return error.message;
  if (!(error instanceof Error)) return 'unexpected failure';
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`unexpected failure: ${error.name}`, ...places.slice(0, 5)].join('\n');
}

probe().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(wordsFor(error));
    process.exitCode = 1;
  },
);
