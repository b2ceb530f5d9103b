import { monthlyBill, SERVICES, totalOf, type Shops } from './monthly';
import { PRICES } from './prices';
import { HABITS } from './usage';

const SHOPS: readonly Shops[] = [10, 1_000, 10_000].flatMap((connections) =>
  [5, 15].map((intervalMinutes) => ({ connections, intervalMinutes })),
);

const number = new Intl.NumberFormat('en-US');
const dollars = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** The bill of a month as a Markdown table, one column per number of connections and interval. */
export function costTable(): string {
  const bills = SHOPS.map((shops) => monthlyBill(PRICES, HABITS, shops));
  const heads = SHOPS.map(
    ({ connections, intervalMinutes }) => `${number.format(connections)}, ${intervalMinutes} min`,
  );
  const totals = bills.map(totalOf);
  const each = totals.map((total, at) => total / (SHOPS[at]?.connections ?? 1));
  const lines = [
    row('USD a month', heads),
    row(
      '---',
      heads.map(() => '---:'),
    ),
    ...SERVICES.map((service) =>
      row(
        service,
        bills.map((bill) => dollars.format(bill[service])),
      ),
    ),
    row(
      '**All**',
      totals.map((total) => `**${dollars.format(total)}**`),
    ),
    row(
      'One connection',
      each.map((usd) => dollars.format(usd)),
    ),
  ];
  return lines.join('\n');
}

const row = (name: string, cells: readonly string[]): string => `| ${[name, ...cells].join(' | ')} |`;
