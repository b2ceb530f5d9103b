import type { StatusMapping } from '../domain/status-mapping';

export interface MappingStore {
  /** Version 0 without pairs when none was saved. */
  read(connectionId: string): Promise<StatusMapping>;
  /** Writes over `expectedVersion`; false when somebody else was faster. */
  save(mapping: StatusMapping, expectedVersion: number): Promise<boolean>;
}
