import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { startSandboxRetailCrm, type SandboxRetailCrmOptions } from './retailcrm/start';
import { startSandboxZzap, type SandboxZzapOptions } from './zzap/start';

/** Options without functions: those cannot cross threads. */
export interface SandboxOptions {
  readonly zzap: Omit<SandboxZzapOptions, 'nowMs'>;
  readonly crm: Omit<SandboxRetailCrmOptions, 'nowMs'>;
}

export type SandboxReport =
  | { readonly kind: 'started'; readonly zzapUrl: string; readonly crmUrl: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string; readonly port?: number };

/** Runs both sandboxes in this worker thread until the parent says "close" or goes away. */
async function serve(parent: MessagePort, options: SandboxOptions): Promise<void> {
  const report = (message: SandboxReport) => parent.postMessage(message);
  try {
    const zzap = await startSandboxZzap(options.zzap);
    const crm = await startSandboxRetailCrm(options.crm);
    parent.once('message', () => {
      void Promise.all([zzap.close(), crm.close()]).finally(() => {
        report({ kind: 'closed' });
        parent.close();
      });
    });
    report({ kind: 'started', zzapUrl: zzap.url, crmUrl: crm.url });
  } catch (thrown) {
    const { message, code, port } = thrown as NodeJS.ErrnoException & { port?: number };
    report({
      kind: 'failed',
      message,
      ...(code !== undefined && { code }),
      ...(port !== undefined && { port }),
    });
    process.exit(1);
  }
}

if (parentPort === null) throw new Error('This file runs in a worker thread only.');
// Passed by startSandbox, which has typed it.
void serve(parentPort, workerData as SandboxOptions);
