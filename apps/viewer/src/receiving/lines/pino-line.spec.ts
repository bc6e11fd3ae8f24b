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

  it('tells an error by its message, whatever stands in its place', () => {
    const err = { type: 'Error', message: 'failed with status code 503', stack: 'Error: …' };
    const told = [err, { type: 'Error' }, 'refused', null].map(
      (given) => readPinoLine(line({ err: given }))?.attributes['err'],
    );
    expect(told).toEqual([err.message, { type: 'Error' }, 'refused', null]);
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
