import { join } from 'node:path';
import type { SandboxOptions, SandboxReport } from './sandbox/worker';
import { nextMessage, startTypeScriptWorker } from './typescript-worker';

export interface Sandbox {
  readonly zzapUrl: string;
  readonly crmUrl: string;
  close(): Promise<void>;
}

/**
 * Both remote systems in a thread of their own: they are foreign, so they must answer in their own time, whatever
 * the product computes meanwhile.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const worker = startTypeScriptWorker(join(__dirname, 'sandbox', 'worker.ts'), options);
  const report = await nextMessage<SandboxReport>(worker, 'sandbox');
  if (report.kind === 'failed') {
    throw Object.assign(new Error(report.message), { code: report.code, port: report.port });
  }
  if (report.kind !== 'started') throw new Error('The sandbox thread closed before it started.');
  const { zzapUrl, crmUrl } = report;
  return {
    zzapUrl,
    crmUrl,
    async close() {
      const closed = nextMessage<SandboxReport>(worker, 'sandbox');
      worker.postMessage('close');
      await closed;
    },
  };
}
