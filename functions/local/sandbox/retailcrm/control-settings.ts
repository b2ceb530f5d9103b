import * as z from 'zod';
import type { ApiKey } from './account';
import { bodyOf, type ControlCall, type ControlMethod } from './control-call';
import type { DictionaryName, Entry } from './dictionaries';
import { faultSchema } from './faults';
import type { Offer, Product } from './catalogue';
import { badEntity, notFound } from './refusal';
import { present } from './php-shape';
import { settingsSchema } from './settings';

function changeSettings(call: ControlCall): unknown {
  const { account } = call.sandbox;
  const given = bodyOf(call, settingsSchema.partial());
  const settings = settingsSchema.parse({ ...account.settings(), ...given });
  account.record({ settings });
  return settings;
}

const entrySchema = z.looseObject({
  code: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  active: z.boolean().optional(),
});

/** Creates or changes an entry; a new status joins the group it names (default: `new`). */
function putEntry(name: DictionaryName, mustExist: boolean) {
  return (call: ControlCall): unknown => {
    const { account } = call.sandbox;
    const given = bodyOf(call, entrySchema);
    const code = call.path[0] ?? given.code;
    if (code === undefined) throw badEntity({ code: 'missing' });
    const dictionary = account.dictionary(name);
    const stored = dictionary[code];
    if (!stored && mustExist) throw notFound();
    const fresh = { active: true, ordering: 1000, ...(name === 'statuses' ? { group: 'new' } : {}) };
    const entry: Entry = {
      ...(stored ?? fresh),
      ...present(given),
      code,
      name: given.name ?? stored?.name ?? code,
    };
    account.replaceDictionary(name, { ...dictionary, [code]: entry });
    return entry;
  };
}

function removeEntry(name: DictionaryName) {
  return ({ sandbox, path }: ControlCall): unknown => {
    const { [path[0] ?? '']: removed, ...rest } = sandbox.account.dictionary(name);
    if (!removed) throw notFound();
    sandbox.account.replaceDictionary(name, rest);
    return {};
  };
}

const BOOKS: readonly (readonly [path: string, name: DictionaryName])[] = [
  ['statuses', 'statuses'],
  ['order-methods', 'orderMethods'],
  ['sites', 'sites'],
  ['custom-fields', 'customFields'],
];

const offerSchema = z.strictObject({
  name: z.string().min(1).default('Новый товар'),
  /** Of the offer; `productArticle` is the one on the product, by default the same. null = none on this level. */
  article: z.string().nullable().default(null),
  productArticle: z.string().nullable().optional(),
  manufacturer: z.string().optional(),
  externalId: z.string().optional(),
  xmlId: z.string().optional(),
  price: z.number().min(0).default(1000),
  quantity: z.number().min(0).default(1),
  active: z.boolean().default(true),
  sites: z.array(z.string()).default(['auto', 'moto']),
  properties: z.record(z.string(), z.string()).default({}),
});

function addOffer(call: ControlCall): unknown {
  const { account } = call.sandbox;
  const {
    article,
    productArticle = article,
    manufacturer,
    xmlId,
    sites,
    active,
    ...given
  } = bodyOf(call, offerSchema);
  const [id, productId] = [account.nextId('offer'), account.nextId('product')];
  const offer: Offer = {
    ...given,
    id,
    productId,
    externalId: given.externalId ?? `offer-${id}`,
    ...(xmlId === undefined ? {} : { xmlId }),
    ...(article === null ? {} : { article }),
    purchasePrice: Math.round(given.price * 70) / 100,
    active,
  };
  const product: Product = {
    id: productId,
    externalId: `product-${productId}`,
    name: given.name,
    ...(productArticle === null ? {} : { article: productArticle }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    active,
    sites,
    updatedAt: account.now(),
    offers: [offer],
  };
  account.record({ products: [product] });
  return { offerId: id, productId, externalId: offer.externalId };
}

const keySchema = z.strictObject({
  key: z.string().min(1),
  name: z.string().min(1),
  scopes: z.array(z.string()),
  sites: z.array(z.string()).optional(),
});
const keyChangeSchema = z.strictObject({
  revoked: z.boolean().optional(),
  scopes: z.array(z.string()).optional(),
  /** null = all stores. */
  sites: z.array(z.string()).nullable().optional(),
});

const named = ({ name, scopes, sites, revoked = false }: ApiKey): unknown => ({
  name,
  scopes,
  sites,
  revoked,
});

function addKey(call: ControlCall): unknown {
  const { account } = call.sandbox;
  const { sites, ...given } = bodyOf(call, keySchema);
  if (account.keys().some(({ name, key }) => name === given.name || key === given.key)) {
    throw badEntity({ name: 'a key with this name or value exists' });
  }
  const key: ApiKey = { ...given, ...(sites ? { sites } : {}) };
  account.record({ keys: [...account.keys(), key] });
  return named(key);
}

function changeKey(call: ControlCall): unknown {
  const { account } = call.sandbox;
  const { sites, scopes, revoked } = bodyOf(call, keyChangeSchema);
  const stored = account.keys().find((key) => key.name === call.path[0]);
  if (!stored) throw notFound();
  const { sites: storedSites, ...head } = stored;
  const nextSites = sites === undefined ? storedSites : (sites ?? undefined);
  const next: ApiKey = {
    ...head,
    scopes: scopes ?? stored.scopes,
    revoked: revoked ?? stored.revoked ?? false,
    ...(nextSites ? { sites: nextSites } : {}),
  };
  account.record({ keys: account.keys().map((key) => (key.name === stored.name ? next : key)) });
  return named(next);
}

export const CONTROL_SETTINGS: readonly ControlMethod[] = [
  { verb: 'GET', path: '/sandbox/settings', handle: ({ sandbox }) => sandbox.account.settings() },
  { verb: 'PUT', path: '/sandbox/settings', handle: changeSettings },
  ...BOOKS.flatMap(([path, name]): ControlMethod[] => [
    { verb: 'POST', path: `/sandbox/${path}`, handle: putEntry(name, false) },
    { verb: 'POST', path: `/sandbox/${path}/{}`, handle: putEntry(name, false) },
    { verb: 'PATCH', path: `/sandbox/${path}/{}`, handle: putEntry(name, true) },
    { verb: 'DELETE', path: `/sandbox/${path}/{}`, handle: removeEntry(name) },
  ]),
  { verb: 'POST', path: '/sandbox/offers', handle: addOffer },
  { verb: 'POST', path: '/sandbox/keys', handle: addKey },
  { verb: 'PATCH', path: '/sandbox/keys/{}', handle: changeKey },
  {
    verb: 'POST',
    path: '/sandbox/faults',
    handle: (call) => {
      call.sandbox.faults.add(bodyOf(call, faultSchema));
      return { faults: call.sandbox.faults.list() };
    },
  },
  { verb: 'GET', path: '/sandbox/faults', handle: ({ sandbox }) => ({ faults: sandbox.faults.list() }) },
  {
    verb: 'DELETE',
    path: '/sandbox/faults',
    handle: ({ sandbox }) => {
      sandbox.faults.clear();
      return { faults: [] };
    },
  },
];
