import { exitCodeOf } from '../../functions/probe/report';
import type { ProbeOutcome } from '../../functions/probe/run';
import { bendJson, bendRows, renamed, type Bends } from '../support/bending-proxy';
import { startProbeWorld, type ProbeChanges, type ProbeWorld } from '../support/probe-world';

let world: ProbeWorld;

beforeEach(async () => {
  world = await startProbeWorld();
});
afterEach(async () => {
  await world.close();
});

function idsOf({ judged }: ProbeOutcome, verdict: string): string[] {
  return judged.filter(({ finding }) => finding.verdict === verdict).map(({ id }) => id);
}

function saidOf({ judged }: ProbeOutcome, id: string): string {
  return judged.find((one) => one.id === id)?.finding.said ?? '';
}

describe('the probe of systems that are as assumed', () => {
  it('finds what reading shows and says of nothing that it differs', async () => {
    const outcome = await world.probe();

    expect(idsOf(outcome, 'differs')).toEqual([]);
    expect(idsOf(outcome, 'holds')).toEqual([
      ...['Z1', 'Z2', 'Z3', 'Z4', 'Z5', 'Z6', 'Z7', 'Z8', 'Z9', 'Z11', 'Z12', 'Z13', 'Z15', 'Z19', 'Z25'],
      ...['R5', 'R8', 'R9', 'R12', 'R16', 'R17', 'R18', 'R20', 'R22', 'R23', 'R24'],
    ]);
    expect(outcome.failures).toEqual([]);
    expect(exitCodeOf(outcome.judged, outcome.failures)).toBe(0);
  });

  it('asks ZZap six times at its pace and writes nothing anywhere', async () => {
    await world.probe();

    expect((await world.zzap.calls()).map(({ method }) => method)).toEqual([
      'GetCodesTrack',
      ...Array.from({ length: 5 }, () => 'GetSellerOrdersV3'),
    ]);
    expect(await world.zzap.violations()).toBe(0);
    expect(await world.crm.violations()).toBe(0);
    expect((await world.crm.calls()).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('sees more with wrong credentials and writes, each behind its flag', async () => {
    const wishes = {
      tryWrongPassword: true,
      tryWrongKey: true,
      writeOrder: world.oldOrder,
      writeCrmOrder: world.crmOrder,
    };
    world.clock.skip(5 * 60_000);

    const outcome = await world.probe({ wishes });

    expect(idsOf(outcome, 'differs')).toEqual([]);
    expect(idsOf(outcome, 'holds')).toEqual(
      expect.arrayContaining(['Z16', 'Z17', 'Z20', 'Z21', 'Z22', 'R14']),
    );
    expect(saidOf(outcome, 'R15')).toContain('could be set');
    expect(await world.zzap.violations()).toBe(0);
    const writes = await world.zzap.calls('SetOrderStatusV3');
    expect(writes.map(({ params }) => [params['code_order'], params['code_track']])).toEqual([
      [world.oldOrder, '20'],
    ]);
  });

  it('names the wrapping that came, each of the known ones', async () => {
    expect(saidOf(await world.probe(), 'Z3')).toBe('answers came as XML with one <string>');
    await world.setZzap({ wrapping: 'plain' });
    expect(saidOf(await world.probe(), 'Z3')).toBe('answers came as bare JSON');
  });

  it('finds the price list beside the table as well', async () => {
    await world.setZzap({ classTemplate: 'top' });

    expect(saidOf(await world.probe(), 'Z12')).toBe('beside the table');
  });

  it('counts a history source that nobody has named before', async () => {
    await world.crm.set({ ruleSource: 'trigger' });
    await world.crm.patch(`/orders/${world.crmOrder}`, { as: 'rule', status: 'complete' });

    const outcome = await world.probe();

    expect(saidOf(outcome, 'R16')).toMatch(/sources: user, api, code and 1 others$/);
    expect(JSON.stringify(outcome.shapes)).toContain('"sources":["api","code","trigger","user"]');
  });

  it('leaves a system out', async () => {
    const outcome = await world.probe({ without: 'crm' });

    expect(
      outcome.judged.filter(({ id }) => id.startsWith('R')).map(({ finding }) => finding.verdict),
    ).toEqual(Array.from({ length: 24 }, () => 'not-seen'));
    expect(exitCodeOf(outcome.judged, outcome.failures)).toBe(0);
    expect(await world.crm.calls()).toEqual([]);
  });
});

describe('the probe of systems that refuse it', () => {
  it('stops at a captcha and recognises it', async () => {
    await world.zzap.fault({ kind: 'captcha-html', method: 'GetSellerOrdersV3', times: 9 });

    const outcome = await world.probe({ wishes: { tryWrongPassword: true } });

    expect(idsOf(outcome, 'differs')).toEqual([]);
    expect(idsOf(outcome, 'holds')).toContain('Z18');
    expect(await world.zzap.calls()).toHaveLength(2);
  });

  it('could not run with a wrong password, and has learnt how ZZap refuses one', async () => {
    const outcome = await world.probe({ password: 'not-mine', without: 'crm' });

    expect(outcome.failures).toEqual(['ZZap could not be probed: complaint (auth password)']);
    expect(exitCodeOf(outcome.judged, outcome.failures)).toBe(1);
    expect(idsOf(outcome, 'holds')).toEqual(expect.arrayContaining(['Z16', 'Z17', 'Z20']));
    expect(await world.zzap.calls()).toHaveLength(1);
  });

  it('could not run where nobody answers', async () => {
    await world.zzap.fault({ kind: 'drop-before', times: 9 });
    await world.crm.fault({ path: '*', kind: 'drop-before', times: 9 });

    const outcome = await world.probe();

    expect(outcome.failures).toEqual([
      'ZZap could not be probed: no-answer (the connection broke (ECONNRESET))',
      'RetailCRM could not be probed: no-answer (the connection broke (ECONNRESET))',
    ]);
    expect(idsOf(outcome, 'differs')).toEqual([]);
    expect(idsOf(outcome, 'holds')).toEqual([]);
  });
});

type Break = readonly [
  id: string,
  what: string,
  breakIt: (world: ProbeWorld) => Promise<ProbeChanges> | ProbeChanges,
];

const error = (text: string) => ({ error: text, row_count: 0, table: [] });
const answering = (path: string, status: number, text: string, contentType = 'text/plain'): Bends => ({
  answer: (asked, answer) => (asked.endsWith(path) ? { status, contentType, text } : answer),
});

function shiftDates({ hours }: { hours: number }): Bends {
  return {
    request: (_path, fields) => {
      for (const name of ['date_from', 'date_to']) {
        const date = fields.get(name);
        if (date === null) continue;
        const shifted = new Date(Date.parse(`${date.replace(/Z$/, '')}Z`) + hours * 3_600_000);
        fields.set(name, shifted.toISOString().slice(0, -1));
      }
    },
  };
}

const ZZAP_BREAKS: readonly Break[] = [
  ['Z1', 'the method is not there', () => ({ bendZzap: answering('/GetCodesTrack', 404, 'no') })],
  [
    'Z1',
    'a parameter is missing',
    () => ({ bendZzap: answering('/GetSellerOrdersV3', 500, 'Missing parameter: seller.') }),
  ],
  ['Z2', 'the old service refuses a newer key', () => ({ zzapKey: 'zzap1_0123456789' })],
  [
    'Z3',
    'another element around the answer',
    async ({ zzap }) => {
      await zzap.fault({ kind: 'wrong-root', method: 'GetSellerOrdersV3', times: 9 });
      return {};
    },
  ],
  [
    'Z3',
    'a page that asks for nothing',
    () => ({ bendZzap: answering('/GetCodesTrack', 200, '<html>hi</html>') }),
  ],
  [
    'Z3',
    'rows under another name',
    () => ({ bendZzap: bendJson('V3', (json) => renamed(json, 'table', 'rows')) }),
  ],
  [
    'Z3',
    'errors under another name',
    () => ({ bendZzap: bendJson('V3', (json) => renamed(json, 'error', 'err')) }),
  ],
  [
    'Z4',
    'a limit that is not kept',
    () => ({
      bendZzap: { request: (_path, fields) => fields.has('row_count') && fields.set('row_count', '100') },
    }),
  ],
  [
    'Z4',
    'rows that are counted and not sent',
    () => ({ bendZzap: bendJson('V3', (json) => ({ ...json, row_count: Number(json['row_count']) + 5 })) }),
  ],
  ['Z5', 'bounds that are read as UTC', () => ({ bendZzap: shiftDates({ hours: 3 }) })],
  [
    'Z7',
    'an end in the future that is refused',
    ({ clock }) => ({
      bendZzap: {
        answer: (path, answer, { body }) => {
          const to = new URLSearchParams(body).get('date_to') ?? '';
          const isAhead = Date.parse(`${to}+03:00`) > clock.nowMs() + 3_600_000;
          const text = JSON.stringify(error('[301]:Неверный формат даты'));
          return path.endsWith('V3') && isAhead ? { ...answer, text } : answer;
        },
      },
    }),
  ],
  [
    'Z8',
    'a Z that counts',
    async ({ setZzap }) => {
      await setZzap({ dateZone: 'honoured' });
      return {};
    },
  ],
  [
    'Z8',
    'dates with a zone',
    () => ({ bendZzap: bendRows((row) => ({ ...row, create_date: `${String(row['create_date'])}Z` })) }),
  ],
  [
    'Z8',
    'an order from the future',
    () => ({
      bendZzap: bendRows((row, index) =>
        index === 0 ? { ...row, create_date: '2099-01-01T00:00:00' } : row,
      ),
    }),
  ],
  ['Z9', 'a number that repeats', () => ({ bendZzap: bendRows((row) => ({ ...row, code_order: 7 })) })],
  [
    'Z9',
    'a number under another name',
    () => ({ bendZzap: bendRows((row) => renamed(row, 'code_order', 'order')) }),
  ],
  [
    'Z10',
    'a price under another name',
    () => ({ bendZzap: bendRows((row) => renamed(row, 'priceV2', 'price_v2')) }),
  ],
  [
    'Z10',
    'prices as texts',
    () => ({ bendZzap: bendRows((row) => ({ ...row, priceV2: String(row['priceV2']) })) }),
  ],
  [
    'Z11',
    'a coded quantity',
    () => ({ bendZzap: bendRows((row, index) => (index === 1 ? { ...row, qty_order: -1 } : row)) }),
  ],
  [
    'Z12',
    'no price list',
    () => ({ bendZzap: bendRows((row) => renamed(row, 'class_template', 'template')) }),
  ],
  [
    'Z13',
    'statuses without names',
    () => ({
      bendZzap: bendJson('/GetCodesTrack', (json) => ({
        ...json,
        table: (json['table'] as Record<string, unknown>[]).map((row) =>
          renamed(row, 'class_track', 'title'),
        ),
      })),
    }),
  ],
  [
    'Z13',
    'a status that is not in the dictionary',
    () => ({ bendZzap: bendRows((row) => ({ ...row, code_track: 777 })) }),
  ],
  [
    'Z15',
    'masked contacts',
    () => ({ bendZzap: bendRows((row) => ({ ...row, client_phone: '+7 (9**) ***-**-11' })) }),
  ],
  [
    'Z15',
    'a contact under another name',
    () => ({ bendZzap: bendRows((row) => renamed(row, 'client_phone', 'phone')) }),
  ],
  [
    'Z16',
    'a text that is not known',
    async ({ zzap }) => {
      await zzap.fault({ kind: 'error-text', method: 'GetSellerOrdersV3', text: '[999]:Перерыв', times: 9 });
      return {};
    },
  ],
  ['Z16', 'a refusal by HTTP status', () => ({ bendZzap: answering('/GetSellerOrdersV3', 401, 'no') })],
  [
    'Z17',
    'other words for a wrong password',
    async ({ zzap }) => {
      await zzap.fault({ kind: 'error-text', method: 'GetCodesTrack', text: '[7]:Отказано', afterCalls: 1 });
      return { wishes: { tryWrongPassword: true } };
    },
  ],
  [
    'Z19',
    'too often at the allowed pace',
    async ({ zzap }) => {
      await zzap.fault({ kind: 'rate-limited', method: 'GetSellerOrdersV3', afterCalls: 1 });
      return {};
    },
  ],
  [
    'Z20',
    'a wrong password that is accepted',
    () => ({
      wishes: { tryWrongPassword: true },
      bendZzap: {
        request: (_path, fields) =>
          fields.set('password', (fields.get('password') ?? '').replace(/-wrong$/, '')),
      },
    }),
  ],
  [
    'Z21',
    'the same status again is an error',
    async ({ setZzap, oldOrder }) => {
      await setZzap({ repeatedStatus: 'error' });
      return { wishes: { writeOrder: oldOrder } };
    },
  ],
  [
    'Z22',
    'replicas that lag for half a minute',
    async ({ setZzap, oldOrder }) => {
      await setZzap({ replicaLagMs: 30_000 });
      return { wishes: { writeOrder: oldOrder } };
    },
  ],
  [
    'Z25',
    'a part number under another name',
    () => ({ bendZzap: bendRows((row) => renamed(row, 'partnumber', 'part')) }),
  ],
];

const CRM_BREAKS: readonly Break[] = [
  [
    'R1',
    'too many at the allowed pace',
    async ({ crm }) => {
      await crm.fault({ path: '/api/v5/reference/sites', kind: 'http-503' });
      return {};
    },
  ],
  [
    'R6',
    "an imported order without ZZap's row number",
    async ({ crm }) => {
      await crm.put('/orders', {
        order: { externalId: 'zzap-512', items: [{ productName: 'x', quantity: 1, initialPrice: 1 }] },
      });
      return {};
    },
  ],
  [
    'R8',
    'an article that is not found',
    () => ({ bendCrm: bendJson('/store/products', (json) => ({ ...json, products: [] })) }),
  ],
  [
    'R8',
    'a filter that is refused',
    async ({ crm }) => {
      await crm.fault({ path: '/api/v5/store/products', kind: 'error', times: 9 });
      return {};
    },
  ],
  [
    'R12',
    'settings without a zone',
    () => ({ bendCrm: bendJson('/settings', (json) => ({ ...json, settings: [] })) }),
  ],
  [
    'R12',
    'settings that need a right',
    async ({ crm }) => {
      await crm.fault({ path: '/api/v5/settings', kind: 'error', status: 403, errorMsg: 'Access denied.' });
      return {};
    },
  ],
  [
    'R12',
    'times with a zone',
    () => ({
      bendCrm: bendJson('/api/v5/orders', (json) => ({
        ...json,
        orders: (json['orders'] as object[]).map((order) => ({
          ...order,
          createdAt: '2026-11-20T10:00:00+03:00',
        })),
      })),
    }),
  ],
  ['R13', 'an account at another domain', () => ({ isOwnDomain: false })],
  [
    'R14',
    'a wrong key that is refused by a page',
    () => ({
      wishes: { tryWrongKey: true },
      bendCrm: {
        answer: (_path, answer) =>
          answer.status === 403 ? { status: 403, contentType: 'text/html', text: '<html>no</html>' } : answer,
      },
    }),
  ],
  [
    'R15',
    'a status that may not be set',
    async ({ crm, crmOrder }) => {
      await crm.fault({ path: `/api/v5/orders/${crmOrder}/edit`, kind: 'error' });
      return { wishes: { writeCrmOrder: crmOrder } };
    },
  ],
  [
    'R16',
    'API records without a mark',
    () => ({
      bendCrm: bendJson('/history', (json) => ({
        ...json,
        history: (json['history'] as Record<string, unknown>[]).map((one) => renamed(one, 'apiKey', 'key')),
      })),
    }),
  ],
  [
    'R16',
    'records in another order',
    () => ({
      bendCrm: bendJson('/history', (json) => ({
        ...json,
        history: [...(json['history'] as object[])].reverse(),
      })),
    }),
  ],
  [
    'R17',
    'a field in another spelling',
    () => ({
      bendCrm: bendJson('/history', (json) => ({
        ...json,
        history: (json['history'] as Record<string, unknown>[]).map((one) =>
          one['field'] === 'customer_comment' ? { ...one, field: 'customerComment' } : one,
        ),
      })),
    }),
  ],
  [
    'R18',
    'another group of cancelling statuses',
    () => ({
      bendCrm: bendJson('/status-groups', (json) => ({
        ...json,
        statusGroups: [
          { code: 'canceled', name: 'Отменён' },
          ...Object.values(json['statusGroups'] as Record<string, object>).slice(0, 5),
        ],
      })),
    }),
  ],
  [
    'R20',
    'an order that is gone, said of the method',
    async ({ crm }) => {
      const refusal = { kind: 'error', status: 404, errorMsg: 'API method not found' };
      await crm.fault({ path: '/api/v5/orders/2000000000', ...refusal });
      return {};
    },
  ],
  [
    'R22',
    'rights under another name',
    () => ({ bendCrm: bendJson('/credentials', (json) => renamed(json, 'scopes', 'rights')) }),
  ],
  [
    'R22',
    'rights that are not enough',
    async ({ crm }) => {
      const refusal = { kind: 'error', status: 403, errorMsg: 'Access denied.' };
      await crm.fault({ path: '/api/v5/reference/order-methods', ...refusal });
      return {};
    },
  ],
  [
    'R23',
    'a directory under another name',
    () => ({ bendCrm: bendJson('/sites', (json) => renamed(json, 'sites', 'stores')) }),
  ],
  [
    'R24',
    'a filter that narrows nothing',
    () => ({ bendCrm: { request: (_path, fields) => fields.delete('filter[externalIds][]') } }),
  ],
];

describe('the probe of a system that differs', () => {
  it.each([...ZZAP_BREAKS, ...CRM_BREAKS])('names %s alone: %s', async (id, _what, breakIt) => {
    const outcome = await world.probe(await breakIt(world));

    expect(idsOf(outcome, 'differs')).toEqual([id]);
    expect(exitCodeOf(outcome.judged, outcome.failures)).toBe(2);
    expect(await world.zzap.violations()).toBe(0);
    expect(await world.crm.violations()).toBe(0);
  });
});
