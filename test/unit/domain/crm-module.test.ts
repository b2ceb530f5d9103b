import { accountOfClientId, clientIdOf, moduleCodeOf } from '../../../functions/domain/crm-module';

describe('the module in RetailCRM', () => {
  it('has one code per account, which begins with the code of the marketplace', () => {
    expect(moduleCodeOf('a-0f3a')).toBe('zzap-a-0f3a');
  });

  it('is known by an identifier that names its account and is no longer than RetailCRM keeps', () => {
    const accountId = `a-${'0123456789'.repeat(2)}`;
    const clientId = clientIdOf(accountId, 'Zq_-'.repeat(11).slice(0, 43));

    expect(clientId.length).toBeLessThanOrEqual(70);
    expect(accountOfClientId(clientId)).toBe(accountId);
  });

  it.each(['', 'a-1', 'a-1.', '.secret', 'c-1.secret', 'a-1.two.parts', 'a-1.secret\n', '#account.secret'])(
    'is not taken for what calls itself %j',
    (text) => expect(accountOfClientId(text)).toBeNull(),
  );
});
