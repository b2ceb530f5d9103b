import { parseArgs } from 'node:util';
import { NotRunnable } from './not-runnable';

export interface ProbeArguments {
  readonly help: boolean;
  /** File for the shapes. */
  readonly out: string;
  readonly tryWrongPassword: boolean;
  readonly tryWrongKey: boolean;
  /** ZZap order to write to; null: nothing is written. */
  readonly writeOrder: string | null;
  /** RetailCRM id of the order to write to; null: nothing is written. */
  readonly writeCrmOrder: string | null;
}

export const USAGE = `npm run probe -- [options]

Compares what ZZap and RetailCRM answer with docs/assumptions.md. Reads only, unless an order is named.
Credentials: ZZAP_LOGIN, ZZAP_PASSWORD, ZZAP_API_KEY; CRM_URL, CRM_API_KEY, optionally CRM_SITE.
What is missing is asked for on a terminal; a system whose first answer is empty is left out.

  --out FILE              where the shapes go (probe-shapes.json)
  --try-wrong-password    one ZZap call with a wrong password; several may lock the account
  --try-wrong-key         one RetailCRM call with a wrong key
  --write-order NUMBER    writes to this ZZap order the status it has
  --write-crm-order ID    writes to this RetailCRM order the status it has
  --help                  this text

Exit code: 0 nothing differs, 2 something differs, 1 the probe could not run.
`;

/** Throws NotRunnable that names a wrong option. */
export function readArguments(args: readonly string[]): ProbeArguments {
  const values = optionsIn(args);
  return {
    help: values.help,
    out: values.out,
    tryWrongPassword: values['try-wrong-password'],
    tryWrongKey: values['try-wrong-key'],
    writeOrder: orderNumber('--write-order', values['write-order']),
    writeCrmOrder: orderNumber('--write-crm-order', values['write-crm-order']),
  };
}

function optionsIn(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        out: { type: 'string', default: 'probe-shapes.json' },
        'try-wrong-password': { type: 'boolean', default: false },
        'try-wrong-key': { type: 'boolean', default: false },
        'write-order': { type: 'string' },
        'write-crm-order': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new NotRunnable(error instanceof Error ? error.message : 'wrong options');
  }
}

function orderNumber(option: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (!/^[1-9]\d{0,14}$/.test(value)) throw new NotRunnable(`${option} takes the number of one order`);
  return value;
}
