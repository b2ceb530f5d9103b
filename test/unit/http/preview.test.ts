import { previewOut } from '../../../functions/http/preview-schema';
import { createSettingsApp } from '../../../functions/http/app';
import { answerHttpEvents } from '../../../functions/lambda/http-event';
import { httpEvent } from '../../support/bundles/http-event';
import { remoteError } from '../../support/settings-world';
import { anOrder } from '../domain/builders';
import {
  addAccount,
  addConnection,
  expectProblem,
  expectShape,
  markedFields,
  openApi,
  type Api,
} from './api';

let api: Api;
let path: string;
let accountId: string;

beforeEach(async () => {
  api = openApi();
  accountId = await addAccount(api);
  await open({ importFrom: '2026-11-20', active: false, itemLink: 'article' });
});

async function open(changes: Record<string, unknown>): Promise<void> {
  path = `/api/connections/${await addConnection(api, accountId, changes)}/preview`;
}

const get = (language = 'ru') => api.call('GET', path, { headers: { 'accept-language': language } });

/** One order that would be created, one too old, one row that cannot be read. */
function lists({ full = false } = {}): void {
  const old = anOrder({ code: '102', createdAtMs: Date.UTC(2026, 10, 1) });
  api.world.zzap.orders = {
    full,
    rows: [
      { kind: 'order', order: anOrder({ code: '101' }), raw: '{}' },
      { kind: 'order', order: old, raw: '{}' },
      { kind: 'unreadable', row: { code: null, problem: 'code_order' }, raw: '{}' },
    ],
  };
}

describe('a preview over HTTP', () => {
  it('shows numbers, a sentence and orders', async () => {
    lists();

    const { status, json } = await get();

    expect(status).toBe(200);
    expectShape(previewOut, json);
    expect(json).toEqual({
      summary:
        'Заказов найдено: 3; будет создано 1, уже есть 0, старше даты начала 1, требует внимания 1. Ничего не изменено.',
      complete: true,
      found: 3,
      wouldCreate: 1,
      alreadyThere: 0,
      tooOld: 1,
      setAside: 0,
      unreadable: 1,
      unreadableRows: [{ zzapOrderCode: null, field: 'code_order' }],
      lookedForInCrm: 1,
      items: { articles: 1, lookedUp: 1, linked: 0, unlinked: 1, unasked: 0 },
      statuses: [{ code: 10, name: '№ 10', count: 1, crmStatus: null }],
      orders: [
        {
          zzapOrderCode: '101',
          createdAt: '2026-11-20T11:05:00.000Z',
          brand: 'MANN-FILTER',
          article: 'W 712/95',
          quantity: 2,
          sum: 1691,
        },
      ],
    });
  });

  it('says «at least» when the answer was full', async () => {
    lists({ full: true });

    const [ru, en] = [await get(), await get('en')];

    expect(ru.json['summary']).toMatch(/^Заказов найдено: не менее 3; будет создано 1,/);
    expect(en.json['summary']).toBe(
      'Orders found: at least 3; would be created 1, already there 0, before the start date 1, need attention 1. Nothing was changed.',
    );
    expect(en.json['complete']).toBe(false);
  });

  it('tells nothing of the buyer', async () => {
    lists();

    const { text } = await get();

    expect(text).not.toMatch(/Покупатель|900|example\.test/);
  });
});

describe('no preview over HTTP', () => {
  it('of a connection that is not there', async () => {
    path = '/api/connections/c-9999/preview';

    expectProblem(await get(), 404, 'connection-not-found');
  });

  it('of one that is removed', async () => {
    await api.call('DELETE', path.replace('/preview', ''));

    expectProblem(await get(), 404, 'connection-not-found');
  });

  it('without a store: the field is marked', async () => {
    await open({ site: null, login: 'other@example.com' });

    const answer = await get();

    expectProblem(answer, 422, 'preview-needs-store');
    expect(markedFields(answer)).toEqual(['site: required']);
    expect(answer.json['detail']).toContain('Ничего не изменено');
  });

  it('while ZZap’s key is busy: nothing was saved', async () => {
    api.world.zzap.judge = () => remoteError({ detail: 'the key is busy with other requests' });

    const answer = await get('en');

    expectProblem(answer, 502, 'zzap-unavailable');
    expect(answer.json['detail']).toBe(
      'ZZap does not answer now. Nothing was saved; try again later. (the key is busy with other requests)',
    );
  });

  it('when it takes too long: nothing was changed', async () => {
    api.world.zzap.meanwhile = () => new Promise(() => undefined);

    const answer = await get('en');

    expectProblem(answer, 502, 'preview-late');
    expect(answer.json['detail']).toContain('Nothing was changed');
  });

  it('for somebody who has not signed in', async () => {
    const answer = answerHttpEvents(createSettingsApp(api.world.ports));
    const asked = api.world.zzap.tried.length;

    expect(await answer(httpEvent({ path, unsigned: true }))).toMatchObject({ statusCode: 401 });
    expect(api.world.zzap.tried).toHaveLength(asked);
  });
});
