/** So many things, each made of its number. */
export function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

const TRIALS = 5;
const TRIAL_MICROS = 10_000;

/** The least time on the processor of several trials: what else the machine does only adds to it. */
export function leastMicros(work: () => void): number {
  return Math.min(...many(TRIALS, () => microsOf(work)));
}

/** The mean of as many runs as the clock of a processor needs. */
function microsOf(work: () => void): number {
  const start = processorMicros();
  for (let runs = 1; ; runs++) {
    work();
    const micros = processorMicros() - start;
    if (micros > TRIAL_MICROS) return micros / runs;
  }
}

function processorMicros(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
