import type { CrmModule } from '../domain/crm-module';

/**
 * The module's installation in each account's RetailCRM. Apart from the account: what RetailCRM was told changes
 * without a person, and must not outdate the settings somebody is editing.
 */
export interface ModuleStore {
  find(accountId: string): Promise<CrmModule | null>;
  /** Writes over `expectedVersion`, 0 where none is yet; false when somebody else was faster. */
  save(module: CrmModule, expectedVersion: number): Promise<boolean>;
  remove(accountId: string): Promise<void>;
}
