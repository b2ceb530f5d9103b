import type { DictionaryMemory } from '../../../functions/ports/dictionary-memory';
import { NOON_MS, numbered } from './builders';

const aCrmStatus = (code: string, name: string, active = true) => ({
  code,
  name,
  group: 'approval',
  groupName: 'Согласование <b>"1С"</b> 🚗',
  active,
});
const CRM = {
  statuses: [aCrmStatus('new', 'Новый'), aCrmStatus('3', 'Отложен на складе <3 дней', false)],
  readAtMs: NOON_MS,
};
const ZZAP = {
  statuses: [
    { code: 10, name: 'Новый' },
    { code: -1, name: '' },
  ],
  readAtMs: NOON_MS + 1,
};

export function describeDictionaryMemory(name: string, makeMemory: () => Promise<DictionaryMemory>): void {
  describe(`dictionary memory: ${name}`, () => {
    let memory: DictionaryMemory;
    beforeEach(async () => (memory = await makeMemory()));

    it('recalls nothing at first', async () => {
      expect(await memory.recall('c-1')).toBeNull();
    });

    it('recalls both sides with the moment of each, of that connection alone', async () => {
      await memory.remember('c-1', { crm: CRM, zzap: ZZAP });

      expect(await memory.recall('c-1')).toEqual({ crm: CRM, zzap: ZZAP });
      expect(await memory.recall('c-2')).toBeNull();
    });

    it('replaces the side that is given and leaves the other', async () => {
      await memory.remember('c-1', { zzap: ZZAP });
      expect(await memory.recall('c-1')).toEqual({ crm: null, zzap: ZZAP });

      await memory.remember('c-1', { crm: CRM, zzap: null });
      expect(await memory.recall('c-1')).toEqual({ crm: CRM, zzap: ZZAP });

      const later = { statuses: [{ code: 20, name: 'В работе' }], readAtMs: NOON_MS + 2 };
      await memory.remember('c-1', { zzap: later });
      expect(await memory.recall('c-1')).toEqual({ crm: CRM, zzap: later });
    });

    it('loses neither side when both are remembered at the same moment', async () => {
      await Promise.all([memory.remember('c-1', { crm: CRM }), memory.remember('c-1', { zzap: ZZAP })]);

      expect(await memory.recall('c-1')).toEqual({ crm: CRM, zzap: ZZAP });
    });

    it('remembers that a remote has no statuses at all', async () => {
      await memory.remember('c-1', { crm: CRM });
      await memory.remember('c-1', { crm: { statuses: [], readAtMs: NOON_MS + 5 } });

      expect(await memory.recall('c-1')).toEqual({
        crm: { statuses: [], readAtMs: NOON_MS + 5 },
        zzap: null,
      });
    });

    it('does nothing when no side is given', async () => {
      await memory.remember('c-1', {});

      expect(await memory.recall('c-1')).toBeNull();
    });

    it('keeps a dictionary whole or not at all, never a part of it', async () => {
      const large = numbered(5_000).map((number) => aCrmStatus(number, 'Очень длинное название'.repeat(10)));
      await memory.remember('c-1', { zzap: ZZAP });

      await memory.remember('c-1', { crm: { statuses: large, readAtMs: NOON_MS } });

      const recalled = await memory.recall('c-1');
      expect(recalled?.zzap).toEqual(ZZAP);
      expect([undefined, large.length]).toContain(recalled?.crm?.statuses.length);
    });

    it('keeps a dictionary as large as accounts have', async () => {
      const many = {
        statuses: numbered(400).map((number) => aCrmStatus(number, `Статус ${number}`)),
        readAtMs: NOON_MS,
      };

      await memory.remember('c-1', { crm: many });

      expect((await memory.recall('c-1'))?.crm).toEqual(many);
    });
  });
}
