import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { describe, expect, it } from 'vitest';
import { encodeResource, encodeScope } from './resource.js';

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function fail(): never {
  throw new Error('hostile');
}

describe('encodeResource', () => {
  it('writes the attributes', () => {
    expect(hexOf(encodeResource(resourceFromAttributes({ k: 'v' })))).toBe('0a080a016b12030a0176');
  });

  it('drops what cannot be read, and counts it', () => {
    const attributes = Object.defineProperty({ k: 'v' }, 'bad', { get: fail, enumerable: true });
    const resource = { attributes } as unknown as Resource;
    expect(hexOf(encodeResource(resource))).toBe('0a080a016b12030a01761001');
  });
});

describe('encodeScope', () => {
  it('writes name and version', () => {
    expect(hexOf(encodeScope({ name: 'n', version: '1' }))).toBe('0a016e120131');
  });

  it('writes attributes, which a scope of OTLP may have', () => {
    const scope = { name: 'n', attributes: { k: true }, droppedAttributesCount: 2 };
    expect(hexOf(encodeScope(scope))).toBe('0a016e1a070a016b120210012002');
  });

  it('survives a scope without a name', () => {
    expect(hexOf(encodeScope({} as InstrumentationScope))).toBe('0a00');
  });
});
