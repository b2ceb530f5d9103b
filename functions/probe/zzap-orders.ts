import type { ListedRow } from '../domain/marketplace-order';
import { ROW_COUNT_MAX } from '../zzap/assumptions';
import { toListedRow } from '../zzap/to-domain';
import { answerHead } from '../zzap/wire-schemas';
import { rowsOf } from './zzap-answer';
import type { ZzapCall } from './zzap-call';

/** Parameters of GetSellerOrdersV3 as the module sends them. */
export function windowOf(from: string, to: string, rowCount: number = ROW_COUNT_MAX): Record<string, string> {
  return { row_count: String(rowCount), call_data: '', codes_track: '', date_from: from, date_to: to };
}

/** The rows of a list as the module reads them. */
export function listedRowsOf(call: ZzapCall | undefined): ListedRow[] {
  const head = call?.read.kind === 'data' ? answerHead.safeParse(call.read.json) : undefined;
  return rowsOf(call?.read).map((row) => toListedRow(row, head?.data?.class_template));
}

export function hasOrder(call: ZzapCall | undefined, code: string): boolean {
  return listedRowsOf(call).some((row) => row.kind === 'order' && row.order.code === code);
}
