import { Refusal } from '../domain/refusal';
import type { SettingsPorts } from './settings-ports';

/** What RetailCRM has frozen, e.g. because it is not paid for, nobody starts from here. */
export async function refuseWhileFrozen(
  { modules }: Pick<SettingsPorts, 'modules'>,
  accountId: string,
): Promise<void> {
  const module = await modules.find(accountId);
  if (module?.frozen) throw new Refusal('conflict', 'module-frozen');
}
