import { REMOTE_ERROR_KINDS, REMOTES } from '../../functions/domain/remote-error';
import { read } from '../architecture/sources';
import { costTable } from '../bench/costs/table';
import { HABITS, STACK } from '../bench/costs/usage';
import { only, resourcesOf, synthesised } from './templates';

describe('the estimate of costs', () => {
  const { data, service } = synthesised();
  const count = (type: string) => Object.keys(resourcesOf(service, type)).length;

  it('counts what the stack has', () => {
    expect(STACK.alarms).toBe(count('AWS::CloudWatch::Alarm'));
    expect(STACK.dashboards).toBe(count('AWS::CloudWatch::Dashboard'));
    expect(STACK.keys).toBe(Object.keys(resourcesOf(data, 'AWS::KMS::Key')).length);
  });

  it('pays for every metric there can be: one of a filter, or one of each system and kind of error', () => {
    const most = Object.values(resourcesOf(service, 'AWS::Logs::MetricFilter')).map(({ Properties }) => {
      const [made] = Properties['MetricTransformations'] as [{ readonly Dimensions?: unknown }];
      return made.Dimensions === undefined ? 1 : REMOTES.length * REMOTE_ERROR_KINDS.length;
    });

    expect(STACK.metrics).toBe(most.reduce((sum, each) => sum + each, 0));
  });

  it('takes the memory of the functions from the stack', () => {
    const memoryOf = (id: string) => only(service, 'AWS::Lambda::Function', id).Properties['MemorySize'];

    expect(HABITS.syncMemoryMb).toBe(memoryOf('FunctionsSync'));
    expect(STACK.caretakerMemoryMb).toBe(memoryOf('FunctionsCaretaker'));
  });

  it('stands in the documentation as npm run costs prints it', () => {
    expect(read('docs/cloud.md')).toContain(costTable());
  });
});
