import { spreadOf } from '../statistics.js';
import { freshId, largeTrace, type Shape } from './traces.js';

const SHAPES: readonly Shape[] = ['tree', 'deep', 'wide'];
const SPANS = 10_000;
const REPEATS = 15;
const BAR_MILLIS = 20;
const VIEWER = new URL('../../apps/viewer/', import.meta.url);

/** What is used of the built viewer. */
interface Analysis {
  readonly warmUp: () => void;
  readonly decodeTraces: (request: unknown) => object[];
  readonly arrange: (spans: object[]) => object;
  readonly criticalPath: (table: object, root: number) => readonly object[];
  readonly longestRoot: (table: object) => number;
}

/**
 * Milliseconds for the critical path of large traces, as the server finds it: the median, and the first
 * after what the viewer does at its start.
 */
export async function measureCriticalPaths(): Promise<string[]> {
  const analysis = await load();
  analysis.warmUp();
  return SHAPES.map((shape) => {
    const [body = ''] = largeTrace(freshId(32), SPANS, shape);
    const table = analysis.arrange(analysis.decodeTraces(JSON.parse(body)));
    const root = analysis.longestRoot(table);
    let sections = 0;
    const millis = Array.from({ length: REPEATS }, () => {
      const started = performance.now();
      sections = analysis.criticalPath(table, root).length;
      return performance.now() - started;
    });
    const { median } = spreadOf(millis);
    const isMet = median <= BAR_MILLIS ? 'met' : 'MISSED';
    return (
      `critical path of ${SPANS} spans, ${shape}: ${median.toFixed(1)} ms, the first time ` +
      `${millis[0]!.toFixed(1)} (${sections} sections; bar ${BAR_MILLIS} ${isMet})`
    );
  });
}

async function load(): Promise<Analysis> {
  const files = [
    'api/warm-up.js',
    'receiving/otlp/decode-traces.js',
    'analysis/span-table.js',
    'analysis/critical-path.js',
  ];
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, VIEWER).href) as Promise<Partial<Analysis>>),
  );
  return Object.assign({}, ...modules) as Analysis;
}
