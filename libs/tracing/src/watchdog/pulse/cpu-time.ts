const threadCpuUsage = (process as { threadCpuUsage?: () => NodeJS.CpuUsage }).threadCpuUsage;

/** Of this thread alone where Node can tell (22.19, 24), else of the whole process. */
const usage = threadCpuUsage?.bind(process) ?? process.cpuUsage.bind(process);

/** Milliseconds of processor time that were used so far. */
export function cpuMillis(): number {
  const { user, system } = usage();
  return (user + system) / 1000;
}
