import type { Queue, Worker } from 'bullmq';

const SUPPORTED_MAJOR = 6;

/**
 * Refuses a BullMQ whose insides are not the ones that are used here.
 *
 * @throws TypeError naming the version that is installed, and the one to install
 */
export function assertSupported(made: Pick<Queue | Worker, 'getBackend'>): void {
  const backend = (made as Partial<Queue>).getBackend?.() as { version?: string } | undefined;
  const version = backend?.version ?? 'older than 6.0';
  if (Number.parseInt(version) === SUPPORTED_MAJOR) return;
  throw new TypeError(
    `nestjs-tracing/bullmq needs bullmq ${SUPPORTED_MAJOR}, and the installed one is ${version}: ` +
      `npm install bullmq@${SUPPORTED_MAJOR}`,
  );
}
