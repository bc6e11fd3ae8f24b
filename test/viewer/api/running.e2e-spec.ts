import { describe, expect, it } from 'vitest';
import { freshTraceId } from '../support/messages.js';
import { requestOf, spanOf } from '../support/otlp.js';
import { useViewer } from '../support/use-viewer.js';

describe('P14 the text of a trace that runs', () => {
  const used = useViewer();

  it('says that it does, and of which spans the times are those so far', async () => {
    const traceId = freshTraceId();
    const open = [
      spanOf(traceId, [1, 0, 0, 0], { name: 'GET /slow' }),
      spanOf(traceId, [2, 1, 1, 1], { name: 'Catalogue.slow' }),
    ];
    await used.viewer.post('/v1/traces/open', requestOf('shop', open));
    const ended = spanOf(traceId, [3, 1, 1, 2], { name: 'Guard.canActivate' });
    await used.viewer.post('/v1/traces', requestOf('shop', [ended]));
    const text = await used.api.text(`/api/traces/${traceId}.txt`);
    expect(text.split('\n')[0]).toContain('still running: 2 spans not ended');
    expect(text).toMatch(/Catalogue\.slow .* so far, running/);
    expect(text).not.toMatch(/Guard\.canActivate .*running/);
  });

  it('says that its root is missing, and nothing of that once it is there', async () => {
    const traceId = freshTraceId();
    const child = spanOf(traceId, [2, 1, 1, 2]);
    await used.viewer.post('/v1/traces', requestOf('shop', [child]));
    const first = async () => (await used.api.text(`/api/traces/${traceId}.txt`)).split('\n')[0]!;
    expect(await first()).toContain('its root has not arrived');
    await used.viewer.post('/v1/traces', requestOf('shop', [spanOf(traceId, [1, 0, 0, 3])]));
    expect(await first()).not.toMatch(/root|running/);
  });
});
