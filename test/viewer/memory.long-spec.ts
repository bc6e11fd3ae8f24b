import { describe, expect, it } from 'vitest';
import { freshTraceId } from './support/messages.js';
import { requestOf, spanOf } from './support/otlp.js';
import { useViewer } from './support/use-viewer.js';

const SPANS_A_TRACE = 20;
const TRACES_A_MESSAGE = 25;
/** Three times what the store holds. */
const MESSAGES = 600;

describe('the memory of the viewer', () => {
  const rig = useViewer();

  it('P3 levels off while spans come and go', async () => {
    for (let sent = 0; sent < MESSAGES; sent++) {
      const { status } = await rig.viewer.post('/v1/traces', requestOf('shop', smallTraces()));
      expect(status).toBe(200);
    }
    const { received, stored } = await counts();
    expect({ received, isFull: stored > 90_000 }).toEqual({ received: 300_000, isFull: true });
    // 215 MB were measured, and 329 with what the engine keeps for young garbage by itself.
    expect(rig.viewer.rssMegabytes).toBeLessThan(270);
  }, 120_000);

  async function counts() {
    const { received } = await rig.viewer.stats();
    const { totals } = await rig.api.get<{ totals: { spans: number } }>('/api/traces?limit=1');
    return { received: received.spans, stored: totals.spans };
  }
});

function smallTraces() {
  return Array.from({ length: TRACES_A_MESSAGE }, () => {
    const traceId = freshTraceId();
    return Array.from({ length: SPANS_A_TRACE }, (_, index) =>
      spanOf(traceId, [index + 1, index === 0 ? 0 : 1, index, index === 0 ? 22 : index + 1], {
        attributes: attributesOf(index),
      }),
    );
  }).flat();
}

function attributesOf(index: number): Record<string, unknown> {
  const keys = Array.from({ length: 8 }, (_, key) => key);
  return Object.fromEntries(
    keys.map((key) => [`attribute.${key}`, key % 2 ? index : `value ${index}`]),
  );
}
