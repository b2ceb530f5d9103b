import type { ListedRow } from '../domain/marketplace-order';
import { toStatus } from '../zzap/to-domain';
import { answerHead, dictionaryRow, type ZzapOrderRow } from '../zzap/wire-schemas';
import { differs, holds, unseen, type Finding, type Judge } from './finding';
import { formatOf } from './shape';
import { rowsOf } from './zzap-answer';
import { hasOrder, listedRowsOf } from './zzap-orders';
import type { ZzapReadings } from './zzap-reading';

type Row = Readonly<Record<string, unknown>>;

const NO_ROWS = unseen('nothing-to-see', 'no order came');

function sourceOf({ calls }: ZzapReadings) {
  return rowsOf(calls.recent?.read).length > 0 ? calls.recent : calls.older;
}

function rawRowsOf(readings: ZzapReadings): Row[] {
  return rowsOf(sourceOf(readings)?.read).filter(
    (row): row is Row => typeof row === 'object' && row !== null && !Array.isArray(row),
  );
}

function listedOf(readings: ZzapReadings): ListedRow[] {
  return listedRowsOf(sourceOf(readings));
}

/** Rows the module cannot read because of one of these fields. */
function unreadableBy(readings: ZzapReadings, ...fields: string[]): number {
  return listedOf(readings).filter((row) => row.kind === 'unreadable' && fields.includes(row.row.problem))
    .length;
}

function countWith(rows: readonly Row[], field: string): number {
  return rows.filter((row) => typeof row[field] === 'string' || typeof row[field] === 'number').length;
}

/** A judgement about rows: the fields must be there in some, and no row may fail by them. */
function byFields(
  fields: readonly (keyof ZzapOrderRow)[],
  said: (rows: readonly Row[], readings: ZzapReadings) => Finding,
): Judge<ZzapReadings> {
  return (readings) => {
    const rows = rawRowsOf(readings);
    if (rows.length === 0) return NO_ROWS;
    const missing = fields.filter((field) => countWith(rows, field) === 0);
    if (missing.length > 0) return differs(`no row has ${missing.join(', ')}`);
    const failed = unreadableBy(readings, ...fields);
    return failed > 0
      ? differs(`${failed} of ${rows.length} rows are unreadable by ${fields.join(', ')}`)
      : said(rows, readings);
  };
}

const window: Judge<ZzapReadings> = (readings) => {
  const { calls, oneCode, recentFromMs } = readings;
  if (oneCode === null) return NO_ROWS;
  if (hasOrder(calls['around-one-as-utc'], oneCode))
    return differs('bounds are read as UTC; the overlap covers it');
  const older = listedRowsOf(calls.recent).filter(
    (row) => row.kind === 'order' && row.order.createdAtMs !== null && row.order.createdAtMs < recentFromMs,
  ).length;
  const byEvent = older > 0 ? 'older orders were among them' : 'no older order was among them';
  if (!hasOrder(calls['around-one'], oneCode)) {
    return unseen('nothing-to-see', `the newest order has had a later event; ${byEvent}`);
  }
  return older > 0
    ? holds(`bounds are Moscow time and of the last event: ${byEvent}`)
    : unseen('nothing-to-see', `bounds are Moscow time; whether of the last event: ${byEvent}`);
};

/** A clock that is wrong by less is no matter of time zones. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;
const NAIVE_DATE = /^date [9-]+[T ][9:.]+$/;

const dates: Judge<ZzapReadings> = (readings) => {
  const rows = rawRowsOf(readings);
  if (rows.length === 0) return NO_ROWS;
  const written = rows.map((row) => row['create_date']).filter((value) => typeof value === 'string');
  if (written.length === 0) return differs('no row has create_date as a text');
  const odd = written.filter((text) => text !== '' && !NAIVE_DATE.test(formatOf(text))).length;
  if (odd > 0) return differs(`${odd} of ${rows.length} dates are not as assumed, e.g. carry a zone`);
  const askedAtMs = sourceOf(readings)?.endedAtMs ?? 0;
  const ahead = listedOf(readings).some(
    (row) => row.kind === 'order' && (row.order.createdAtMs ?? 0) > askedAtMs + CLOCK_TOLERANCE_MS,
  );
  if (ahead) return differs('an order would be from the future if its date were Moscow time');
  return trailingZ(readings);
};

function trailingZ({ calls, oneCode }: ZzapReadings): Finding {
  const call = calls['around-one-with-z'];
  if (oneCode === null || call === undefined) {
    return unseen(
      'nothing-to-see',
      'dates carry no offset; no order whose last event is known shows what Z does',
    );
  }
  if (call.read.kind === 'data' && hasOrder(call, oneCode)) {
    return holds('dates carry no offset; a trailing Z in a bound changes nothing');
  }
  return differs('dates carry no offset, but a trailing Z in a bound changes what is found');
}

const identity = byFields(['code_order'], (rows) => {
  const codes = rows.map((row) => String(row['code_order']));
  const repeated = codes.length - new Set(codes).size;
  if (repeated > 0) return differs(`${repeated} of ${rows.length} rows repeat another row's code_order`);
  return rows.length > 1 ? holds(`${rows.length} rows, each with its own code_order`) : NO_ROWS;
});

const price: Judge<ZzapReadings> = (readings) => {
  const rows = rawRowsOf(readings);
  if (rows.length === 0) return NO_ROWS;
  const numeric = rows.filter(({ priceV2 }) => typeof priceV2 === 'number').length;
  if (numeric === 0) return differs('no row has priceV2 as a number');
  const failed = unreadableBy(readings, 'priceV2');
  if (failed > 0) return differs(`${failed} of ${rows.length} prices are unreadable`);
  return unseen(
    'needs-person',
    `${numeric} of ${rows.length} prices are numbers; compare one of quantity 2 with the cabinet`,
  );
};

const quantity = byFields(['qty_order'], (rows) => {
  const numbers = rows.filter(({ qty_order }) => typeof qty_order === 'number').length;
  return holds(`all are readable; numbers: ${numbers}, texts: ${rows.length - numbers}`);
});

const template: Judge<ZzapReadings> = (readings) => {
  const rows = rawRowsOf(readings);
  if (rows.length === 0) return NO_ROWS;
  const inRows = countWith(rows, 'class_template');
  if (inRows > 0) return holds(`in ${inRows} of ${rows.length} rows`);
  const read = sourceOf(readings)?.read;
  const head = answerHead.safeParse(read?.kind === 'data' ? read.json : null);
  return typeof head.data?.class_template === 'string' ? holds('beside the table') : differs('it is nowhere');
};

const statuses: Judge<ZzapReadings> = (readings) => {
  const entries = rowsOf(readings.calls.dictionary?.read);
  if (readings.calls.dictionary?.read.kind !== 'data') return unseen('nothing-to-see', 'no dictionary came');
  const known = entries.flatMap((entry) => {
    const parsed = dictionaryRow.safeParse(entry);
    return parsed.success ? [toStatus(parsed.data)] : [null];
  });
  const named = known.filter((status) => status !== null && !status.name.startsWith('№ '));
  if (entries.length === 0) return differs('the dictionary is empty');
  if (named.length < entries.length) {
    return differs(`${entries.length - named.length} of ${entries.length} entries have no code or no name`);
  }
  return statusesOfRows(readings, new Set(known.map((status) => status?.code)));
};

function statusesOfRows(readings: ZzapReadings, codes: ReadonlySet<number | undefined>): Finding {
  const rows = rawRowsOf(readings);
  const said = `${codes.size} statuses with names`;
  if (rows.length === 0) return holds(said);
  const foreign = rows.filter((row) => !codes.has(Number(row['code_track'] ?? Number.NaN))).length;
  if (foreign > 0) return differs(`${foreign} of ${rows.length} rows have no code_track of the dictionary`);
  return holds(`${said}; ${countWith(rows, 'class_track')} of ${rows.length} rows carry their status's name`);
}

const CONTACTS = ['client_name', 'client_phone', 'client_email'] as const;

const contacts = byFields(CONTACTS, (rows) => {
  const values = rows.flatMap((row) => CONTACTS.map((field) => row[field]));
  const masked = values.filter((value) => typeof value === 'string' && formatOf(value) === 'masked').length;
  if (masked > 0) return differs(`${masked} contacts are masked`);
  const blank = values.filter((value) => value === undefined || value === null || value === '').length;
  return holds(`none of ${values.length} contacts is masked, ${blank} are missing or empty`);
});

const part = byFields(['class_man', 'partnumber', 'class_cat'], (rows) =>
  holds(`${countWith(rows, 'partnumber')} of ${rows.length} rows name their part`),
);

/** The assumptions that are seen in the rows of answers. */
export const ZZAP_ROW_JUDGES = {
  Z5: window,
  Z8: dates,
  Z9: identity,
  Z10: price,
  Z11: quantity,
  Z12: template,
  Z13: statuses,
  Z15: contacts,
  Z25: part,
} as const;
