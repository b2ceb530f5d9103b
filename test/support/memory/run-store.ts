import type { RunRecord } from '../../../functions/domain/run-record';
import type { RunStore } from '../../../functions/ports/run-store';
import { frozenCopy } from './frozen-copy';
import { compareTexts } from './sorted';

/** Keeps records for ever: their expiry is the database's business. */
export function createMemoryRunStore(): RunStore {
  const connections = new Map<string, Map<string, RunRecord>>();

  return {
    put: (record) => {
      const records = connections.get(record.connectionId) ?? new Map<string, RunRecord>();
      connections.set(record.connectionId, records.set(record.runId, frozenCopy(record)));
      return Promise.resolve();
    },
    find: (connectionId, runId) => Promise.resolve(connections.get(connectionId)?.get(runId) ?? null),
    list: (connectionId, { limit, before }) =>
      Promise.resolve(
        [...(connections.get(connectionId)?.values() ?? [])]
          .filter((record) => before === undefined || compareTexts(record.runId, before) < 0)
          .sort((a, b) => compareTexts(b.runId, a.runId))
          .slice(0, limit),
      ),
  };
}
