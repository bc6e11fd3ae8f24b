import { fileURLToPath } from 'node:url';
import type { SpanStats, TracingModuleOptions } from 'nestjs-tracing';
import { runToItsEnd } from './ending-process.js';

const FILE = fileURLToPath(new URL('../export/fixtures/rig.mjs', import.meta.url));

/** Spans that an application of the rig ends. */
export const RIG_SPANS = 80;

/** What one application of the rig is started with. */
export interface RigPlan {
  readonly way: 'natural' | 'close' | 'exit';
  readonly endpoint: string;
  readonly options: TracingModuleOptions;
  /** Whether it gives a request up in a moment. Default: false, after 10 seconds. */
  readonly isImpatient?: boolean | undefined;
}

/** What it left. */
export interface RigRun {
  readonly code: number | null;
  /** The books at the end, and how long the flush and all of it took, in milliseconds. */
  readonly books: SpanStats & { readonly flushed: number; readonly millis: number };
  /** Lines of the log that say more than where spans go. */
  readonly lines: readonly string[];
  /** Whatever else was written: warnings of Node, errors that nobody caught. */
  readonly noise: readonly string[];
}

const NEST = /^\[Nest\] \d+ +- .*? +(LOG|WARN|ERROR) \[(\w+)\] /;

/** Runs an application until it ends by itself. */
export async function runInRig({ way, endpoint, options, isImpatient }: RigPlan): Promise<RigRun> {
  const limit = isImpatient === true ? { OTEL_EXPORTER_OTLP_TIMEOUT: '300' } : {};
  const env = { NO_COLOR: '1', OTEL_SERVICE_NAME: 'rig', ...limit };
  const plan = { way, endpoint, file: FILE, options: { ...options, reportDrops: false }, env };
  const { code, output } = await runToItsEnd(plan);
  const all = output.split('\n').filter(Boolean);
  const said = all.filter((line) => NEST.test(line)).map((line) => line.replace(NEST, '$1 '));
  const json = all.find((line) => line.startsWith('{"started"')) ?? '{}';
  return {
    code,
    books: JSON.parse(json) as RigRun['books'],
    lines: said.filter((line) => !/^LOG (rig →|Starting Nest|\w+ dependencies)/.test(line)),
    noise: all.filter((line) => line !== json && !NEST.test(line)),
  };
}

/** What a line says, whatever its figures. */
export function kindOf(line: string): string {
  return line.replaceAll(/\d+/g, '#');
}
