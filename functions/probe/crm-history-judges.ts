import { HISTORY_FIELDS } from '../domain/owned-fields';
import * as wire from '../retailcrm/wire-schemas';
import type { CrmCall } from './crm-call';
import { parsedAs, type CrmReadings } from './crm-reading';
import { differs, holds, unseen, type Judge } from './finding';

type Record = wire.WireHistoryRecord;

const NO_RECORDS = unseen('nothing-to-see', 'nothing has changed within a week');

function recordsOf(call: CrmCall | undefined): readonly Record[] {
  return parsedAs(wire.historyAnswer, call)?.history ?? [];
}

/** Sources that public code knows; a name of another one is in the shapes file. */
const KNOWN_SOURCES = ['user', 'api', 'code', 'rule'];

const history: Judge<CrmReadings> = ({ calls }) => {
  const byDate = calls['history-since-date'];
  if (byDate?.read.kind === 'refused') return differs('the history by date is refused');
  if (byDate?.read.kind === 'data' && !parsedAs(wire.historyAnswer, byDate))
    return differs('it cannot be read');
  const records = recordsOf(byDate);
  const [first] = records;
  if (!first) return NO_RECORDS;
  if (!isAscending(records.map(({ id }) => id))) return differs('ids do not grow from record to record');
  const unmarked = records.filter(
    ({ source, apiKey }) => source === 'api' && typeof apiKey?.current !== 'boolean',
  );
  if (unmarked.length > 0) return differs(`${unmarked.length} API records do not tell whose key it was`);
  const nameless = records.filter(({ source, field }) => source === null || field === null).length;
  if (nameless > 0) return differs(`${nameless} of ${records.length} records name no source or no field`);
  return sinceId(calls['history-since-id'], first.id, records);
};

function sinceId(call: CrmCall | undefined, id: number, records: readonly Record[]) {
  if (call?.read.kind === 'refused') return differs('sinceId without page is refused');
  const after = recordsOf(call);
  if (after.some((record) => record.id <= id) || !isAscending(after.map((record) => record.id))) {
    return differs('sinceId gives records that are not newer');
  }
  const named = new Set(records.map(({ source }) => source ?? ''));
  const known = KNOWN_SOURCES.filter((source) => named.has(source));
  const others = [...named].filter((source) => !KNOWN_SOURCES.includes(source)).length;
  const more = others === 0 ? '' : ` and ${others} others`;
  return holds(`${records.length} records with growing ids; sources: ${known.join(', ')}${more}`);
}

function isAscending(ids: readonly number[]): boolean {
  return ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0));
}

const FIELDS = ['status', ...Object.keys(HISTORY_FIELDS)];

/** `orderProduct.initialPrice` and `order_product.initial_price` are one name in two spellings. */
function plain(field: string): string {
  return field.replace(/[^a-z]/gi, '').toLowerCase();
}

const fieldNames: Judge<CrmReadings> = ({ calls }) => {
  const records = [...recordsOf(calls['history-since-date']), ...recordsOf(calls['history-since-id'])];
  if (records.length === 0) return NO_RECORDS;
  const named = new Set(records.map(({ field }) => field ?? ''));
  const respelled = FIELDS.filter((field) =>
    [...named].some((name) => name !== field && plain(name) === plain(field)),
  );
  if (respelled.length > 0) return differs(`written otherwise: ${respelled.join(', ')}`);
  const seen = FIELDS.filter((field) => named.has(field));
  return seen.length === 0
    ? unseen('nothing-to-see', 'none of the fields was changed within a week')
    : holds(`${seen.length} of ${FIELDS.length} seen: ${seen.join(', ')}`);
};

/** The assumptions that are seen in RetailCRM's history. */
export const CRM_HISTORY_JUDGES = { R16: history, R17: fieldNames } as const;
