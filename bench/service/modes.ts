/** How the service is traced in a round. */
export const MODES = ['bare', 'nestjs-tracing'] as const;
export type Mode = (typeof MODES)[number];

/** What the service tells the runner: where it listens, and what it holds when it is stopped. */
export type ServiceMessage = { readonly port: number } | ServiceUsage;

/** What the service has used so far. */
export interface ServiceUsage {
  readonly cpuMillis: number;
  readonly rssMegabytes: number;
}
