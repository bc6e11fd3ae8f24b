import { describe, expect, it } from 'vitest';
import { httpStatusOutcome, statusOutcome } from './grpc-status.js';

const outcome = (code: string, message?: string, details?: string) =>
  statusOutcome({ code, message, details });

describe('a status of a collector', () => {
  it('is named, with its message as it was meant', () => {
    expect(outcome('3', 'a%20b%E2%82%AC')).toMatchObject({ reason: 'INVALID_ARGUMENT: a b€' });
    expect(outcome('3', '%zz%')).toMatchObject({ reason: 'INVALID_ARGUMENT: %zz%' });
    expect(outcome('13')).toMatchObject({ kind: 'refused', reason: 'INTERNAL' });
  });

  it.each(['99', '17', '-1', 'abc', '', '1e1', '7'.repeat(100)])('may be none: %s', (code) => {
    const { kind, reason } = outcome(code) as { kind: string; reason: string };
    expect(kind).toBe('refused');
    expect(reason).toMatch(/^gRPC status/);
    expect(reason.length).toBeLessThan(40);
  });

  it('of HTTP is taken as gRPC has it', () => {
    expect(httpStatusOutcome(503)).toMatchObject({
      kind: 'retry',
      reason: 'UNAVAILABLE: HTTP 503',
    });
    expect(httpStatusOutcome(401)).toMatchObject({ kind: 'refused' });
    expect(httpStatusOutcome(999)).toMatchObject({ kind: 'refused', reason: 'UNKNOWN: HTTP 999' });
  });
});
