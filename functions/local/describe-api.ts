import { settingsRoutes } from '../http/app';
import { describeAsJson } from '../http/openapi';
import type { SettingsPorts } from '../settings/settings-ports';

/** Prints the description of the API: the cloud's package carries this text instead of what makes it. */
const unused = {} as SettingsPorts;
process.stdout.write(describeAsJson(settingsRoutes(unused)));
