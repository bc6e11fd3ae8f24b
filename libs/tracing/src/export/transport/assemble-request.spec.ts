import { describe, expect, it } from 'vitest';
import { assembleRequest } from './assemble-request.js';

function assembled(...args: Parameters<typeof assembleRequest>): string {
  return Buffer.from(assembleRequest(...args)).toString('hex');
}

function hex(spaced: string): string {
  return spaced.replaceAll(' ', '');
}

const RESOURCE = Uint8Array.of(0xaa);
const SCOPE = Uint8Array.of(0xbb);

describe('assembleRequest', () => {
  it('puts spans into their scope and scopes into the resource', () => {
    const spans = [Uint8Array.of(1), Uint8Array.of(2, 3)];
    const parts = [{ scope: SCOPE, spans }];
    const scopeSpans = '0a01bb 1201 01 1202 0203';
    expect(assembled(RESOURCE, parts)).toBe(hex(`0a0f 0a01aa 120a ${scopeSpans}`));
  });

  it('writes the schema URLs of the resource and of each scope', () => {
    const parts = [
      { scope: SCOPE, schemaUrl: 'é', spans: [] },
      { scope: SCOPE, schemaUrl: '', spans: [] },
    ];
    const first = '1207 0a01bb 1a02c3a9';
    expect(assembled(RESOURCE, parts, 'r')).toBe(hex(`0a14 0a01aa ${first} 1203 0a01bb 1a0172`));
  });

  it('writes a resource without spans', () => {
    expect(assembled(RESOURCE, [])).toBe('0a030a01aa');
  });

  it('adds at most 6 bytes to a span', () => {
    const size = (spans: Uint8Array[]): number =>
      assembleRequest(RESOURCE, [{ scope: SCOPE, spans }]).length;
    for (const length of [0, 127, 128, 20_000, 3_000_000]) {
      const span = new Uint8Array(length);
      expect(size([span, span, span]) - size([span, span])).toBeLessThanOrEqual(length + 6);
    }
  });
});
