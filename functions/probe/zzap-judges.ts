import { REPLICA_LAG_MS } from '../domain/status-wish';
import { ROW_COUNT_MAX, ZZAP_MIN_INTERVAL_MS, type ZzapAssumptionId } from '../zzap/assumptions';
import { differs, holds, unseen, type Blind, type Finding, type Judge } from './finding';
import { rowsOf, type ZzapRead } from './zzap-answer';
import type { ZzapCallName } from './zzap-call';
import type { ZzapReadings } from './zzap-reading';
import { ZZAP_ROW_JUDGES } from './zzap-row-judges';

type ReadOf<Kind extends ZzapRead['kind']> = Extract<ZzapRead, { kind: Kind }>;

function readsOf<Kind extends ZzapRead['kind']>({ all }: ZzapReadings, kind: Kind): ReadOf<Kind>[] {
  return all.flatMap(({ read }) => (read.kind === kind ? [read as ReadOf<Kind>] : []));
}

function kindOf({ calls }: ZzapReadings, name: ZzapCallName): ZzapRead['kind'] | undefined {
  return calls[name]?.read.kind;
}

const NOTHING_CAME = unseen('nothing-to-see', 'no answer to judge by');

const service: Judge<ZzapReadings> = (readings) => {
  const [foreign] = readsOf(readings, 'not-the-service');
  if (foreign) return differs(`a method or its parameters are not known there: HTTP ${foreign.httpStatus}`);
  const good = readsOf(readings, 'data').length;
  return good === 0 ? NOTHING_CAME : holds(`${good} form posts were answered`);
};

const key: Judge<ZzapReadings> = (readings) => {
  if (kindOf(readings, 'dictionary') === 'data') return holds('this key opens the old service');
  const [refused] = readsOf(readings, 'complaint');
  if (refused?.facts.credential !== 'apiKey') return NOTHING_CAME;
  return readings.hasNewerKey
    ? differs('the old service refuses this key, which is one of the newer API')
    : unseen('nothing-to-see', 'the old service refuses this key: it may be a wrong one');
};

const WRAPPERS = { xml: 'XML with one <string>', d: '{"d": …}', bare: 'bare JSON' } as const;

const wrapping: Judge<ZzapReadings> = (readings) => {
  const unreadable = readsOf(readings, 'unreadable').length;
  if (unreadable > 0) return differs(`${unreadable} answers with HTTP 200 are not what the module can read`);
  const wrappers = new Set(
    [...readsOf(readings, 'data'), ...readsOf(readings, 'complaint')].map(({ wrapper }) => WRAPPERS[wrapper]),
  );
  return wrappers.size === 0 ? NOTHING_CAME : holds(`answers came as ${[...wrappers].join(' and ')}`);
};

const rowCount: Judge<ZzapReadings> = ({ calls }) => {
  const limited = rowsOf(calls.limited?.read).length;
  const lists = [calls.recent, calls.older].flatMap((call) =>
    call?.read.kind === 'data' ? [call.read] : [],
  );
  const short = lists.filter(
    (read) => Number((read.json as { row_count?: unknown }).row_count) > rowsOf(read).length,
  );
  if (short.length > 0) return differs('an answer counts more rows than it holds');
  if (limited > 1) return differs(`${limited} rows came where 1 was asked for`);
  if (lists.some((read) => rowsOf(read).length >= ROW_COUNT_MAX)) return holds('an answer was full');
  return limited === 1
    ? holds('a limit of 1 row was kept; the largest one was not reached')
    : unseen('nothing-to-see', 'fewer than two orders in the window');
};

const inclusive: Judge<ZzapReadings> = ({ calls, oneCode }) => {
  if (calls['at-one']?.read.kind !== 'data' || oneCode === null) {
    return unseen('nothing-to-see', 'no order whose last event is known');
  }
  const found = rowsOf(calls['at-one'].read).length > 0;
  return holds(found ? 'both bounds are inclusive' : 'a bound is exclusive, or dates are finer than shown');
};

const openEnd: Judge<ZzapReadings> = (readings) => {
  if (kindOf(readings, 'recent') === 'data') return holds('a window that ends tomorrow was answered');
  return kindOf(readings, 'recent-until-now') === 'data'
    ? differs('a window that ends tomorrow is refused, one that ends now is answered')
    : NOTHING_CAME;
};

const errorTexts: Judge<ZzapReadings> = (readings) => {
  const [denied] = readsOf(readings, 'denied');
  if (denied) return differs(`a request was refused by HTTP ${denied.httpStatus} instead of a text`);
  // The refusal of an open end is told by Z7 alone.
  if (openEnd(readings).verdict === 'differs') return holds('a text came in `error` with HTTP 200');
  const unknown = unknownText(readings);
  if (unknown) return differs(`an error text that the module does not know, ${codeOf(unknown)}`);
  const [first] = readsOf(readings, 'complaint');
  return first
    ? holds(`a text came in \`error\` with HTTP 200, ${codeOf(first)}`)
    : unseen('nothing-to-see', 'no error came');
};

/** What is said of a wrong password is told by Z17, what is said of a write by Z21. */
function unknownText({ all }: ZzapReadings): ReadOf<'complaint'> | undefined {
  return all
    .filter(({ name }) => name !== 'wrong-password' && name !== 'write')
    .map(({ read }) => read)
    .find((read) => read.kind === 'complaint' && read.facts.kind === 'invalid') as
    ReadOf<'complaint'> | undefined;
}

function codeOf({ code }: ReadOf<'complaint'>): string {
  return code === null ? 'without a number' : `number [${code}]`;
}

const credentialWords: Judge<ZzapReadings> = ({ calls }) => {
  const isTried = calls['wrong-password'] !== undefined;
  const read = (calls['wrong-password'] ?? calls.dictionary)?.read;
  if (read?.kind !== 'complaint') {
    return isTried ? NOTHING_CAME : unseen('not-asked', 'seen with --try-wrong-password');
  }
  if (read.facts.kind === 'auth') {
    return holds(`the refusal is understood as ${read.facts.credential ?? 'credentials, none named'}`);
  }
  return isTried
    ? differs(`the refusal of a wrong password is taken for ${read.facts.kind}`)
    : unseen('not-asked', 'seen with --try-wrong-password');
};

const blocking: Judge<ZzapReadings> = (readings) => {
  const [blocked] = readsOf(readings, 'blocked');
  if (!blocked) return unseen('needs-time', 'no captcha and no block came');
  return holds(`a block was recognised: HTTP ${blocked.facts.httpStatus ?? 200}`);
};

const pace: Judge<ZzapReadings> = (readings) => {
  const refused = readsOf(readings, 'complaint').some(({ facts }) => facts.kind === 'rate-limited');
  if (refused)
    return differs('refused as too frequent at the allowed pace, unless something else uses the key');
  const made = readings.all.length;
  return made < 2
    ? NOTHING_CAME
    : holds(`${made} calls ${ZZAP_MIN_INTERVAL_MS / 1000} s apart, none refused; one key only`);
};

const check: Judge<ZzapReadings> = ({ calls }) => {
  const wrong = calls['wrong-password']?.read.kind;
  if (wrong === 'data') return differs('a wrong password is accepted');
  if (wrong === 'complaint') return holds('right credentials are accepted, a wrong password is refused');
  if (calls.dictionary?.read.kind === 'complaint') return holds('it refuses credentials');
  return unseen('not-asked', 'whether it refuses wrong credentials is seen with --try-wrong-password');
};

const NOT_WRITTEN = unseen('needs-write', 'seen with --write-order');

const writing: Judge<ZzapReadings> = ({ write, calls }) => {
  if (write === null) return NOT_WRITTEN;
  if (write.kind === 'not-found')
    return unseen('nothing-to-see', 'the named order is not among those of 90 days');
  if (write.kind === 'not-taken') {
    return calls.write?.read.kind === 'complaint'
      ? differs('setting the status the order has is refused')
      : NOTHING_CAME;
  }
  return holds('the status the order has could be set again; others were not tried');
};

const lag: Judge<ZzapReadings> = ({ write }): Finding => {
  if (write === null) return NOT_WRITTEN;
  if (write.kind !== 'watched') return unseen('nothing-to-see', 'no write whose effect could be watched');
  if (write.lagMs === null) {
    return unseen(
      'nothing-to-see',
      `reads showed no event within ${seconds(write.watchedMs)}: none was made, or they lag`,
    );
  }
  const said = `reads showed the write within ${seconds(write.lagMs)}`;
  return write.lagMs > REPLICA_LAG_MS ? differs(said) : holds(said);
};

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}

/** How each assumption about ZZap is judged, or why it cannot be. */
export const ZZAP_JUDGES: Readonly<Record<ZzapAssumptionId, Judge<ZzapReadings> | Blind>> = {
  ...ZZAP_ROW_JUDGES,
  Z1: service,
  Z2: key,
  Z3: wrapping,
  Z4: rowCount,
  Z6: inclusive,
  Z7: openEnd,
  Z14: { why: 'needs-person', said: 'compare the two texts of one order with the cabinet' },
  Z16: errorTexts,
  Z17: credentialWords,
  Z18: blocking,
  Z19: pace,
  Z20: check,
  Z21: writing,
  Z22: lag,
  Z23: { why: 'needs-write', said: 'only a write to a foreign order shows it' },
  Z24: { why: 'cannot-be-probed', said: 'ZZap calls us: set it up in the cabinet' },
};
