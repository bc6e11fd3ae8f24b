import { ownMicros } from './processor-time.js';

/** What a bare piscina worker runs: the same work as the tasks, without a trace. */
export default function work(input: number | 'micros' | undefined): number | undefined {
  if (input === undefined) return undefined;
  if (input === 'micros') return ownMicros();
  for (const end = performance.now() + input; performance.now() < end;);
  return undefined;
}
