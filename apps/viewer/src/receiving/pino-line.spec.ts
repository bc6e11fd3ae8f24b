import { describe, expect, it } from 'vitest';
import { readPinoLine } from './pino-line.js';

const IDS = { trace_id: 'ab'.repeat(16), span_id: 'cd'.repeat(8), trace_flags: '01' };

function line(fields: object): string {
  return JSON.stringify({ level: 30, time: 1_700_000_000_123, msg: 'looked up', ...fields });
}

describe('readPinoLine', () => {
  it('reads level, time, message, ids and the fields of a line', () => {
    expect(readPinoLine(line({ ...IDS, key: 'user:42' }))).toEqual({
      traceId: IDS.trace_id,
      spanId: IDS.span_id,
      timeNanos: 1_700_000_000_123_000_000n,
      severity: 'INFO',
      message: 'looked up',
      attributes: { key: 'user:42' },
    });
  });

  it.each([
    ['zeros', { ...IDS, trace_id: '0'.repeat(32), span_id: '0'.repeat(16) }],
    ['no span id', { trace_id: IDS.trace_id }],
    ['an unsampled trace', { ...IDS, trace_flags: '00' }],
  ])('joins a line with %s to no trace', (_case, ids) => {
    expect(readPinoLine(line(ids))).not.toHaveProperty('traceId');
  });

  it.each(['', 'plain text', '{"half":', '[1]', '{"no":"level"}'])('leaves %j alone', (text) => {
    expect(readPinoLine(text)).toBeUndefined();
  });
});
