import { describe, expect, it } from 'vitest';
import { httpOutcome } from './http-outcome.js';

const whole = (text = '') => ({ bytes: Buffer.from(text), end: 'whole' as const });
const wait = (header: string): number | undefined => {
  const outcome = httpOutcome(429, { 'retry-after': header }, whole());
  return outcome.kind === 'retry' ? outcome.afterMillis : NaN;
};

describe('a status of success', () => {
  it('counts with an empty body, whatever its type, and with one that never ended', () => {
    expect(httpOutcome(200, {}, whole())).toMatchObject({ kind: 'accepted' });
    expect(httpOutcome(202, { 'content-type': 'text/plain' }, whole()).kind).toBe('accepted');
    const cut = { bytes: Buffer.from('<ht'), end: 'cut' as const };
    expect(httpOutcome(200, {}, cut).kind).toBe('accepted');
  });

  it('does not count where something else than a collector answers', () => {
    const foreign = { kind: 'refused', cause: 'foreign' };
    const html = { 'content-type': 'text/html; charset=utf-8' };
    expect(httpOutcome(200, html, whole())).toMatchObject(foreign);
    expect(httpOutcome(200, {}, whole('<html>'))).toMatchObject(foreign);
    expect(httpOutcome(200, {}, { ...whole(), end: 'too long' })).toMatchObject(foreign);
  });
});

describe('a wait that is asked for', () => {
  it('is in seconds or until a date, and never negative', () => {
    expect(wait('120')).toBe(120_000);
    expect(wait(' 1.5 ')).toBe(1500);
    expect(wait('-1')).toBe(0);
    expect(wait('Fri, 31 Dec 1999 23:59:59 GMT')).toBe(0);
    const date = new Date(Date.now() + 60_000).toUTCString();
    expect(wait(date)).toBeGreaterThan(50_000);
  });

  it('is none where it cannot be read', () => {
    for (const header of ['', 'soon', 'NaN', '1e400', 'Infinity'])
      expect(wait(header)).toBeUndefined();
  });
});
