import { describe, expect, it } from 'vitest';
import { assertSupported } from './supported-bullmq.js';

describe('assertSupported', () => {
  const made = (version: string) => ({ getBackend: () => ({ version }) }) as never;

  it('takes BullMQ 6', () => {
    expect(() => assertSupported(made('6.7.0'))).not.toThrow();
  });

  it.each([
    [{} as never, 'older than 6.0'],
    [made('5.63.1'), '5.63.1'],
    [made('7.0.0'), '7.0.0'],
  ])('refuses another one with what to install', (queue, version) => {
    expect(() => assertSupported(queue)).toThrow(
      `needs bullmq 6, and the installed one is ${version}: npm install bullmq@6`,
    );
  });
});
