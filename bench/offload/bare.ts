/** What a bare piscina worker runs: the same work as the tasks, without a trace. */
export default function work(millis: number | undefined): void {
  if (millis === undefined) return;
  for (const end = performance.now() + millis; performance.now() < end;);
}
