import { describe, expect, it } from 'vitest';
import { useViewer } from './support/use-viewer.js';

const BYTES = 60 * 1024 * 1024;
const span =
  '{"traceId":"00000000000000000000000000000001","spanId":"0000000000000001","name":"a",' +
  '"startTimeUnixNano":"1","endTimeUnixNano":"2"}';
const spans = (count: number) =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[${Array(count).fill(span).join()}]}]}]}`;
const filled = (text: string) => Buffer.alloc(BYTES, text);
const nested = (open: string, close: string) =>
  Buffer.from(`${open.repeat(3_000_000)}1${close.repeat(3_000_000)}`);

describe('files of anybody', () => {
  const rig = useViewer();

  /** How long an import took, and how long the longest other request had to wait meanwhile. */
  async function imported(file: Buffer): Promise<{ took: number; waited: number; body: string }> {
    const started = performance.now();
    let [waited, took] = [0, 0];
    const answer = rig.viewer.post('/api/import', file).finally(() => {
      took = performance.now() - started;
    });
    while (took === 0) {
      const asked = performance.now();
      await rig.viewer.stats();
      waited = Math.max(waited, performance.now() - asked);
    }
    return { took, waited, body: (await answer).body };
  }

  it.each<[string, () => Buffer, RegExp]>([
    ['line breaks', () => filled('\n'), /Line 1: there is nothing in the file/],
    ['blanks', () => filled(' '), /Line 1: there is nothing in the file/],
    ['brackets', () => filled('['), /more than 8000000 parts/],
    ['keys', () => filled('{"a":'), /more than 8000000 parts/],
    ['one text', () => Buffer.concat([Buffer.from('"'), filled('a')]), /Line 1 is no JSON/],
    ['lists in lists', () => nested('[', ']'), /lists lie in lists/],
    ['objects in objects', () => nested('{"a":', '}'), /neither OTLP JSON/],
    ['lines with nothing', () => filled('{"resourceSpans":[]}\n'), /is no JSON/],
    ['spans', () => Buffer.from(spans(200_000)), /"spans":200000/],
  ])('P15 let others be answered while they are read: %s', async (_, file, expected) => {
    const { took, waited, body } = await imported(file());
    expect(body).toMatch(expected);
    expect(waited).toBeLessThan(took / 2);
  });

  it('P15 leave nothing here if their last line is bad', async () => {
    const before = (await rig.viewer.stats()).held;
    const bad = `${spans(50_000)}\n${spans(50_000)}\nx`;
    expect((await imported(Buffer.from(bad))).body).toMatch(/Line 3 is no JSON/);
    expect((await rig.viewer.stats()).held).toEqual(before);
  });
});
