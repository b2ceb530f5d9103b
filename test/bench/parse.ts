import { isRemembered } from '../../functions/domain/sync-cursor';
import { toListedRow } from '../../functions/zzap/to-domain';
import { unwrap } from '../../functions/zzap/unwrap';
import { ordersAnswer } from '../../functions/zzap/wire-schemas';
import { median } from './median';

export interface ParseFigures {
  readonly rows: number;
  readonly bodyMb: number;
  readonly medianMs: number;
  /** Peak of the whole process after the first of the readings, the runtime and this bench included. */
  readonly peakMb: number;
}

const ROWS = 10_000;
const REPETITIONS = 5;

/** An answer as large as ZZap gives one: parsed, mapped and compared with what the cursor remembers. */
function measureParse(): ParseFigures {
  const body = bodyOf(ROWS);
  const compare = (digest: Record<string, string>) => {
    const { table } = ordersAnswer.parse(unwrap(body));
    const rows = table.map((row) => toListedRow(row, null));
    const orders = rows.flatMap((row) => (row.kind === 'order' ? [row.order] : []));
    return {
      news: orders.filter(({ code, fingerprint }) => !isRemembered(digest, code, fingerprint)).length,
      digest: Object.fromEntries(orders.map(({ code, fingerprint }) => [code, fingerprint])),
    };
  };
  const { digest } = compare({});
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const times: number[] = [];
  for (let turn = 0; turn < REPETITIONS; turn += 1) {
    const startedAtMs = performance.now();
    const { news } = compare(digest);
    times.push(performance.now() - startedAtMs);
    if (news !== 0) throw new Error('equal rows compare as different');
  }
  return {
    rows: ROWS,
    bodyMb: body.length / 1e6,
    medianMs: median(times),
    peakMb,
  };
}

function bodyOf(rows: number): string {
  const table = Array.from({ length: rows }, (_, index) => ({
    code_order: 512_000_000 + index,
    create_date: '2026-11-20T14:05:31.27',
    class_man: 'MANN-FILTER',
    logopath: 'https://example.test/logo.png',
    partnumber: `W ${index}/95`,
    class_cat: 'Фильтр масляный с клапаном, комплект прокладок в упаковке',
    qty_order: 2,
    qty: 'В наличии',
    priceV2: 845.5,
    delivery_days: 1,
    code_track: 10,
    client_name: 'Тест Покупатель',
    client_phone: '+7 (900) 000-00-01',
    client_email: 'buyer1@example.test',
    message: 'Нужен чек & «накладная»',
    comment: 'Позвоните за час',
    class_template: 'Склад Москва',
  }));
  const json = JSON.stringify({ error: '', row_count: rows, table });
  const escaped = json.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `<?xml version="1.0" encoding="utf-8"?>\r\n<string xmlns="http://www.zzap.ru/">${escaped}</string>`;
}

console.log(JSON.stringify(measureParse()));
