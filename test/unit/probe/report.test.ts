import { differs, holds, unseen } from '../../../functions/probe/finding';
import { exitCodeOf, reportText, type Judged } from '../../../functions/probe/report';

const good: Judged = { id: 'Z1', finding: holds('all answered') };
const bad: Judged = { id: 'Z13', finding: differs('no names') };
const dark: Judged = { id: 'R3', finding: unseen('needs-write', 'two orders are needed') };

describe('the table', () => {
  it('has a line for each assumption and counts them', () => {
    expect(reportText([good, bad, dark])).toBe(
      [
        'Z1   holds     all answered',
        'Z13  DIFFERS   no names',
        'R3   not seen  [needs-write] two orders are needed',
        '',
        '1 hold, 1 differ (Z13), 1 not seen',
        '',
      ].join('\n'),
    );
  });
});

describe('the exit code', () => {
  it.each([
    [0, [good, dark], []],
    [1, [good, dark], ['ZZap could not be probed']],
    [2, [good, bad], []],
    [2, [bad], ['ZZap could not be probed']],
  ] as const)('is %d', (code, judged, failures) => {
    expect(exitCodeOf(judged, failures)).toBe(code);
  });
});
