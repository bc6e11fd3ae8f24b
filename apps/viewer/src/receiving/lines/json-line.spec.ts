import { describe, expect, it } from 'vitest';
import { readJsonLine } from './json-line.js';

const IDS = { trace_id: 'ab'.repeat(16), span_id: 'cd'.repeat(8), trace_flags: '01' };

function line(fields: object): string {
  return JSON.stringify({ level: 30, time: 1_700_000_000_123, msg: 'looked up', ...fields });
}

describe('readJsonLine', () => {
  it('reads level, time, message, ids and the fields of a line', () => {
    expect(readJsonLine(line({ ...IDS, key: 'user:42' }))).toEqual({
      traceId: IDS.trace_id,
      spanId: IDS.span_id,
      timeNanos: 1_700_000_000_123_000_000n,
      severity: 'INFO',
      message: 'looked up',
      attributes: { key: 'user:42' },
    });
  });

  it("reads a line of Nest's own JSON logger", () => {
    const nest = {
      level: 'log',
      pid: 42,
      timestamp: 1_700_000_000_123,
      message: 'looked up',
      context: 'LookupService',
      ...IDS,
    };
    expect(readJsonLine(JSON.stringify(nest))).toEqual({
      traceId: IDS.trace_id,
      spanId: IDS.span_id,
      timeNanos: 1_700_000_000_123_000_000n,
      severity: 'INFO',
      message: 'looked up',
      attributes: { pid: 42, context: 'LookupService' },
    });
  });

  it('reads a line of winston', () => {
    const winston = { level: 'warn', message: 'slow', timestamp: '2023-11-14T22:13:20.123Z' };
    expect(readJsonLine(JSON.stringify(winston))).toEqual({
      timeNanos: 1_700_000_000_123_000_000n,
      severity: 'WARN',
      message: 'slow',
      attributes: {},
    });
  });

  it.each([
    [{ key: 1, list: [2] }, '{"key":1,"list":[2]}'],
    [7, '7'],
    [null, 'null'],
    ['', ''],
    [undefined, ''],
  ])('tells a message that is %j as text', (message, text) => {
    const line = JSON.stringify({ level: 'log', timestamp: 1, message });
    expect(readJsonLine(line)?.message).toBe(text);
  });

  it('keeps what both words for a message, or for a time, say', () => {
    const read = readJsonLine(line({ message: 'another', timestamp: 'noon' }));
    expect(read).toMatchObject({
      message: 'looked up',
      timeNanos: 1_700_000_000_123_000_000n,
      attributes: { message: 'another', timestamp: 'noon' },
    });
  });

  it.each([
    [10, 'TRACE'],
    ['30', 'INFO'],
    ['log', 'INFO'],
    ['error', 'ERROR'],
    ['warning', 'WARN'],
    ['verbose', 'VERBOSE'],
    ['notice', 'NOTICE'],
    [null, 'INFO'],
  ])('calls the level %j %s', (level, severity) => {
    expect(readJsonLine(line({ level }))?.severity).toBe(severity);
  });

  it('tells an error by its message, whatever stands in its place', () => {
    const err = { type: 'Error', message: 'failed with status code 503', stack: 'Error: …' };
    const told = [err, { type: 'Error' }, 'refused', null].map(
      (given) => readJsonLine(line({ err: given }))?.attributes['err'],
    );
    expect(told).toEqual([err.message, { type: 'Error' }, 'refused', null]);
  });

  it.each([
    ['zeros', { ...IDS, trace_id: '0'.repeat(32), span_id: '0'.repeat(16) }],
    ['no span id', { trace_id: IDS.trace_id }],
    ['an unsampled trace', { ...IDS, trace_flags: '00' }],
  ])('joins a line with %s to no trace', (_case, ids) => {
    expect(readJsonLine(line(ids))).not.toHaveProperty('traceId');
  });

  it.each(['', 'plain text', '{"half":', '[1]', '{"no":"level"}'])('leaves %j alone', (text) => {
    expect(readJsonLine(text)).toBeUndefined();
  });
});
