import { PRICES } from './costs/prices';
import { costTable } from './costs/table';

console.log(`Prices of ${PRICES.region}, ${PRICES.asOf} (${PRICES.source}).`);
console.log(`Free allowances are left out. Durations were measured locally, not on Lambda.\n`);
console.log(costTable());
