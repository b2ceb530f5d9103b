import { DEMO_API_KEY } from '../../functions/local/sandbox/retailcrm/start';
import { aConnection, setStage, until, type Stage } from '../support/product-harness';
import { DEMO } from '../support/sandbox-hands';

const BUYER = {
  client_name: 'Евграф Тайнов',
  client_phone: '+7 (901) 234-56-78',
  client_email: 'tainov.evgraf@example.test',
  comment: 'Положите под коврик на Лесной 5',
  message: 'Дочь заберёт после школы',
};
const BUYERS_DATA = ['Евграф', 'Тайнов', '234-56-78', '9012345678', 'tainov', 'коврик', 'Дочь заберёт'];

const NEW_PASSWORD = 'пароль+после смены/&';
const WRONG_PASSWORD = 'guessed-by-mistake';
const NEW_CRM_KEY = 'retailcrm-key-made-later';
const SECRETS = [DEMO.password, DEMO.zzapApiKey, DEMO_API_KEY, NEW_PASSWORD, WRONG_PASSWORD, NEW_CRM_KEY];

/** A secret as it is, and as it stands in a form, a URL or a JSON text. */
function formsOf(secret: string): string[] {
  const inForm = new URLSearchParams([['', secret]]).toString().slice(1);
  return [secret, inForm, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/** Which of the forbidden words stand in the texts. */
function found(words: readonly string[], texts: readonly string[]): string[] {
  const all = texts.join('\n');
  return words.filter((word) => all.includes(word));
}

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
  await everythingThatCanHappen();
});

afterAll(async () => {
  await stage.close();
});

/** Good orders and bad ones, refusals that quote what they refuse, lost answers, dead and new credentials. */
async function everythingThatCanHappen(): Promise<void> {
  const { api, zzap, crm } = stage;
  const { accountId } = await api.addAccount(crm);
  await api.refusal('POST', '/api/accounts', { name: 'Второй', crmUrl: crm.url, apiKey: DEMO_API_KEY });
  const wrong = aConnection({ password: WRONG_PASSWORD });
  await api.refusal('POST', `/api/accounts/${accountId}/connections`, wrong);
  const { connectionId: id } = await api.addConnection(accountId, { itemLink: 'article' });

  const [, refused = ''] = await zzap.addOrders({ count: 6, ...BUYER });
  await zzap.addOrder({ ...BUYER, qty_order: 'две' });
  await zzap.addOrder({ ...BUYER, code_order: null });
  const quoting = {
    firstName: `Имя «${BUYER.client_name}» не принято`,
    phone: `Телефон ${BUYER.client_phone} и ключ ${DEMO_API_KEY} не приняты`,
    email: `${BUYER.client_email} is not valid`,
    customerComment: BUYER.comment,
  };
  await crm.set({ rejectOrders: [{ externalIdMatches: `^zzap-${refused}$`, errors: quoting }] });
  await api.sync(id);
  await api.replay(id, refused);
  await api.orders(id);
  await api.runs(id, 'ru');

  await zzap.addOrders({ count: 5, ...BUYER });
  await crm.fault({ path: '/api/v5/orders/upload', kind: 'drop-after' });
  await api.sync(id);
  await zzap.addOrder(BUYER);
  const words = `[999]:${DEMO.login} ${DEMO.password} ${DEMO.zzapApiKey}`;
  await zzap.fault({ method: 'GetSellerOrdersV3', kind: 'error-text', text: words });
  await api.sync(id);

  await zzap.changeCabinet(DEMO.login, { password: NEW_PASSWORD });
  await api.sync(id);
  await api.change(id, { password: NEW_PASSWORD });
  await until('the orders', async () => ((await crm.orderCount()) === 11 ? true : undefined));
  await crm.patch('/keys/module', { revoked: true });
  await zzap.addOrders({ count: 5, ...BUYER });
  await api.sync(id);
  const scopes = ['order_read', 'order_write', 'reference_read'];
  await crm.put('/keys', { key: NEW_CRM_KEY, name: 'later', scopes });
  await api.changeAccount(accountId, { apiKey: NEW_CRM_KEY });
  await until('the last orders', async () => ((await crm.orderCount()) === 16 ? true : undefined));
  for (const path of [`/api/accounts/${accountId}`, `/api/accounts/${accountId}/directories`])
    await api.call('GET', path);
  await api.call('GET', `/api/connections/${id}/mapping`);
  await api.refusal('POST', '/api/connections/check', { ...DEMO, password: WRONG_PASSWORD });
}

describe('the log of a full run', () => {
  it('tells what happened', () => {
    const events = stage.log.map((line) => (JSON.parse(line) as { event: string }).event);

    expect(events).toEqual(
      expect.arrayContaining([
        'sync.run.finished',
        'order.settled',
        'order.set-aside',
        'row.unreadable',
        'connection.suspended',
      ]),
    );
    expect(events).not.toContain('sync.run.broken');
    expect(events).not.toContain('http.broken');
  });

  it('holds no password and no key', () => {
    expect(found(SECRETS.flatMap(formsOf), stage.log)).toEqual([]);
  });

  it('holds nothing of a buyer', () => {
    expect(found(BUYERS_DATA, stage.log)).toEqual([]);
  });
});

describe('the answers of the API', () => {
  it('hold no password and no key', () => {
    expect(stage.api.answers.length).toBeGreaterThan(20);
    expect(found(SECRETS.flatMap(formsOf), stage.api.answers)).toEqual([]);
  });

  it('hold nothing sealed either', () => {
    const names = ['sealed', 'fingerprint', '"password":', '"zzapApiKey":', '"apiKey":'];
    expect(found(names, stage.api.answers)).toEqual([]);
  });
});
