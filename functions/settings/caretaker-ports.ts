import type { SettingsPorts } from './settings-ports';

/** What looking after all connections needs: no secret, no remote system. */
export type CaretakerPorts = Pick<
  SettingsPorts,
  'accounts' | 'connections' | 'cursors' | 'schedules' | 'lane' | 'clock' | 'log'
>;
