import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { measureBundles, type TickFigures } from './bundles';
import { measureIdleTick } from './idle-tick';
import { measureImport } from './import';
import { median } from './median';
import type { ParseFigures } from './parse';
import { measureStatuses } from './statuses';

// The SDK announces the end of Node 20 in every process; `engines` says what is supported.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const ORDERS = 10_000;

/** In a process of its own, so that its peak memory is its own. */
function parseFigures(): ParseFigures {
  const args = ['--import', 'tsx', join(__dirname, 'parse.ts')];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as ParseFigures;
}

async function benchBundles(): Promise<void> {
  const { bundles, idleTick, orders, fullTick } = await measureBundles();
  console.log('Bundles, each import in 15 fresh processes');
  for (const { name, kb, budgetKb, importMs } of bundles) {
    const share = `ratio ${(kb / budgetKb).toFixed(2)}, bound ${budgetKb} KB`;
    console.log(`  ${name} ${kb.toFixed(0)} KB, import ${importMs.toFixed(0)} ms      (${share})`);
  }
  const told = ({ durationMs, peakMb }: TickFigures) =>
    `${durationMs.toFixed(0)} ms, peak memory ${peakMb.toFixed(0)} MB`;
  console.log(`  sync, idle tick: ${told(idleTick)}`);
  console.log(`  sync, tick with ${orders} new orders: ${told(fullTick)}      (bound 1024 MB)`);
}

async function main(): Promise<void> {
  const parse = parseFigures();
  console.log(`Parse and compare ${parse.rows} rows (${parse.bodyMb.toFixed(1)} MB)`);
  console.log(`  median ${parse.medianMs.toFixed(0)} ms      (bound 1000 ms)`);
  console.log(`  peak memory of the process ${parse.peakMb.toFixed(0)} MB      (bound 256 MB)`);

  await benchBundles();

  const idle = await measureIdleTick();
  console.log('Idle tick, orders only');
  console.log(`  ZZap calls ${idle.zzapCalls}      (bound 1)`);
  console.log(`  RetailCRM calls ${idle.crmCalls}      (bound 1)`);
  console.log(
    `  DynamoDB operations ${idle.databaseCalls.length}: ${idle.databaseCalls.join(', ')}      (bound 3)`,
  );

  const statuses = await measureStatuses();
  const { travelMs } = statuses;
  const p95 = travelMs[Math.ceil(travelMs.length * 0.95) - 1] ?? Number.NaN;
  console.log('Statuses from RetailCRM to ZZap, one request per 3 s');
  console.log(`  webhook → status at ZZap, gate open: p50 ${median(travelMs).toFixed(0)} ms`);
  console.log(`  p95 ${p95.toFixed(0)} ms of ${travelMs.length}      (bound 2000 ms)`);
  console.log(`  accepted hints per second ${statuses.hintsPerSecond.toFixed(0)}`);
  console.log(`  pushes per minute ${statuses.pushesPerMinute.toFixed(1)}      (limit 20)`);
  console.log(`  violations of ZZap's pace ${statuses.violations}      (bound 0)`);

  console.log(`First import of ${ORDERS} orders in one window, item link none, real limits on …`);
  const figures = await measureImport(ORDERS);
  const { seconds, limitSeconds, zzapCalls, crmCalls, violations } = figures;
  console.log(`  orders created ${figures.orders}, calls: ZZap ${zzapCalls}, RetailCRM ${crmCalls}`);
  console.log(`  ${seconds.toFixed(1)} s; the limits alone dictate ${limitSeconds.toFixed(1)} s`);
  console.log(`  ratio ${(seconds / limitSeconds).toFixed(2)}      (bound 1.2)`);
  console.log(`  violations of the remotes' limits ${violations}      (bound 0)`);
}

void main();
