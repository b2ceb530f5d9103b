import { missingScopes } from '../../../functions/domain/account';

describe('rights of an API key', () => {
  it('are complete when every needed one is granted, others do not matter', () => {
    const granted = [
      'order_read',
      'order_write',
      'reference_read',
      'reference_write',
      'store_read',
      'integration_read',
      'integration_write',
      'customer_read',
    ];

    expect(missingScopes(granted)).toEqual({ required: [], optional: [] });
  });

  it('are told apart: what blocks the import and what switches a feature off', () => {
    expect(missingScopes(['order_read', 'integration_read'])).toEqual({
      required: ['order_write', 'reference_read'],
      optional: ['store_read', 'reference_write', 'integration_write'],
    });
  });

  it('are all missing from a key without any', () => {
    const missing = missingScopes([]);

    expect(missing.required).toEqual(['order_read', 'order_write', 'reference_read']);
    expect(missing.optional).toHaveLength(3);
  });
});
