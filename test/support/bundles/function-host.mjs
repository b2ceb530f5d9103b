import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

// Plays the runtime of a function: loads the bundle named by the argument, then calls its exports as it is told.

const startedMs = performance.now();
let exported;
try {
  exported = createRequire(import.meta.url)(process.argv[2]);
  process.send({ kind: 'loaded', names: Object.keys(exported), importMs: performance.now() - startedMs });
} catch (error) {
  process.send({ kind: 'broken', message: error.message });
}

process.on('message', ({ id, name, event, remainingMs }) => {
  const endsAtMs = Date.now() + remainingMs;
  const context = { functionName: name, getRemainingTimeInMillis: () => endsAtMs - Date.now() };
  Promise.resolve(exported[name](event, context)).then(
    // As the runtime does it: what JSON cannot hold does not leave.
    (result) =>
      process.send({ kind: 'answered', id, result: JSON.stringify(result ?? null), peakKb: peakKb() }),
    (error) => process.send({ kind: 'failed', id, message: `${error.name}: ${error.message}` }),
  );
});

/** The most memory the process has had at once. */
function peakKb() {
  return process.resourceUsage().maxRSS;
}
