/** Dollars without tax. Replace this one list when AWS changes its own. */
export interface Prices {
  readonly region: string;
  readonly asOf: string;
  readonly source: string;
  readonly schedulerPerMillion: number;
  readonly fifoRequestsPerMillion: number;
  readonly lambdaPerMillion: number;
  readonly lambdaPerGbSecond: number;
  readonly writeUnitsPerMillion: number;
  readonly readUnitsPerMillion: number;
  readonly tablePerGbMonth: number;
  readonly restorePerGbMonth: number;
  readonly kmsPerTenThousand: number;
  readonly kmsPerKey: number;
  readonly logsPerGb: number;
  readonly logsPerGbMonth: number;
  readonly perMetric: number;
  readonly perAlarm: number;
  readonly perDashboard: number;
  readonly dataOutPerGb: number;
}

/** Without the free allowances: other things in the account may use them up. */
export const PRICES: Prices = {
  region: 'eu-central-1',
  asOf: '2026-11',
  source: 'AWS public price list, as known to the authors; check before relying on it',
  schedulerPerMillion: 1,
  fifoRequestsPerMillion: 0.5,
  lambdaPerMillion: 0.2,
  lambdaPerGbSecond: 0.0000133334,
  writeUnitsPerMillion: 0.7625,
  readUnitsPerMillion: 0.1525,
  tablePerGbMonth: 0.306,
  restorePerGbMonth: 0.2448,
  kmsPerTenThousand: 0.03,
  kmsPerKey: 1,
  logsPerGb: 0.63,
  logsPerGbMonth: 0.0324,
  perMetric: 0.3,
  perAlarm: 0.1,
  perDashboard: 3,
  dataOutPerGb: 0.09,
};
