import { asRefusal, Refusal } from '../../../functions/domain/refusal';
import { asRemoteError, RemoteError } from '../../../functions/domain/remote-error';

const FACTS = { remote: 'zzap', kind: 'auth', detail: 'Неверный пароль', effectUnknown: false } as const;

/** The same error as another bundle's copy of the class would throw it. */
function foreign(error: Error): Error {
  return Object.assign(new Error(error.message), Object.fromEntries(Object.entries(error)), {
    name: error.name,
  });
}

const STRANGERS = [
  new Error('other'),
  'RemoteError',
  null,
  undefined,
  { name: 'RemoteError' },
  { name: 'Refusal' },
];

describe('an error of a remote system', () => {
  it('says who refused, how and why', () => {
    expect(new RemoteError(FACTS).message).toBe('zzap: auth: Неверный пароль');
  });

  it('is known by its name, whichever bundle it comes from', () => {
    const error = new RemoteError(FACTS);

    expect(asRemoteError(error)?.facts).toEqual(FACTS);
    expect(asRemoteError(foreign(error))?.facts).toEqual(FACTS);
  });

  it.each(STRANGERS)('is not %p', (stranger) => {
    expect(asRemoteError(stranger)).toBeNull();
  });
});

describe('a refusal', () => {
  it('has empty details unless they are given', () => {
    const refusal = new Refusal('conflict', 'site-taken');

    expect(refusal).toMatchObject({ kind: 'conflict', code: 'site-taken', params: {}, fields: [] });
  });

  it('keeps its parameters, fields and cause', () => {
    const cause = new Error('below');
    const fields = [{ path: 'login', code: 'required' }];

    const refusal = new Refusal('invalid', 'bad-fields', { params: { count: 1 }, fields, cause });

    expect(refusal).toMatchObject({ params: { count: 1 }, fields, cause });
  });

  it('is known by its name, whichever bundle it comes from', () => {
    const refusal = new Refusal('not-found', 'no-such-connection');

    expect(asRefusal(refusal)?.code).toBe('no-such-connection');
    expect(asRefusal(foreign(refusal))?.kind).toBe('not-found');
  });

  it.each(STRANGERS)('is not %p', (stranger) => {
    expect(asRefusal(stranger)).toBeNull();
  });
});
