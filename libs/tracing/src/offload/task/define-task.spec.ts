import { describe, expect, expectTypeOf, it } from 'vitest';
import type { TracingService } from '../../tracing.service.js';
import { defineTask, isTask } from './define-task.js';

describe('defineTask', () => {
  it('carries types from input to result', () => {
    const length = defineTask(
      import.meta.url,
      'length',
      async (input: { text: string }) => input.text.length,
    );
    const call = (tracing: TracingService) => tracing.offload(length, { text: 'a' });
    expectTypeOf(call).returns.resolves.toBeNumber();
    // @ts-expect-error the input is of another type
    expect(() => (tracing: TracingService) => tracing.offload(length, { text: 1 })).not.toThrow();
    expect(isTask(length)).toBe(true);
  });

  it('takes the file as URL, as text or as the path of a CommonJS module', () => {
    const file = new URL('file:///app/a.task.js');
    for (const place of [file, file.href, '/app/a.task.js'])
      expect(defineTask(place, 'a', () => 1).file).toBe('file:///app/a.task.js');
  });

  it('says what is missing', () => {
    expect(() => defineTask('a.task.js', 'a', () => 1)).toThrow(
      /write import\.meta\.url, or __filename/,
    );
    expect(() => defineTask('/a.task.js', '', () => 1)).toThrow('needs a name');
    expect(() => defineTask('/a.task.js', 'a', 1 as never)).toThrow(
      'defineTask("a") needs a function',
    );
    expect(isTask({})).toBe(false);
  });
});
