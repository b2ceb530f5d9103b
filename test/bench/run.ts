import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { measureIdleTick } from './idle-tick';
import { measureImport } from './import';
import type { ParseFigures } from './parse';

// The SDK announces the end of Node 20 in every process; `engines` says what is supported.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const ORDERS = 10_000;

/** In a process of its own, so that its peak memory is its own. */
function parseFigures(): ParseFigures {
  const args = ['--import', 'tsx', join(__dirname, 'parse.ts')];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as ParseFigures;
}

async function main(): Promise<void> {
  const parse = parseFigures();
  console.log(`Parse and compare ${parse.rows} rows (${parse.bodyMb.toFixed(1)} MB)`);
  console.log(`  median ${parse.medianMs.toFixed(0)} ms      (bound 1000 ms)`);
  console.log(`  peak memory of the process ${parse.peakMb.toFixed(0)} MB      (bound 256 MB)`);

  const idle = await measureIdleTick();
  console.log('Idle tick, orders only');
  console.log(`  ZZap calls ${idle.zzapCalls}      (bound 1)`);
  console.log(`  RetailCRM calls ${idle.crmCalls}      (bound 1)`);
  console.log(
    `  DynamoDB operations ${idle.databaseCalls.length}: ${idle.databaseCalls.join(', ')}      (bound 3)`,
  );

  console.log(`First import of ${ORDERS} orders in one window, item link none, real limits on …`);
  const figures = await measureImport(ORDERS);
  const { seconds, limitSeconds, zzapCalls, crmCalls, violations } = figures;
  console.log(`  orders created ${figures.orders}, calls: ZZap ${zzapCalls}, RetailCRM ${crmCalls}`);
  console.log(`  ${seconds.toFixed(1)} s; the limits alone dictate ${limitSeconds.toFixed(1)} s`);
  console.log(`  ratio ${(seconds / limitSeconds).toFixed(2)}      (bound 1.2)`);
  console.log(`  violations of the remotes' limits ${violations}      (bound 0)`);
}

void main();
