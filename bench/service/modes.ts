/** How the service is traced in a round: not at all, as one does it without this package, or with it. */
export const MODES = ['bare', 'stock', 'stock + typeorm', 'nestjs-tracing'] as const;
export type Mode = (typeof MODES)[number];

/** What the runner asks of the service. */
export type Wish = 'flush' | 'usage' | 'stop';

/** What the service tells the runner: where it listens, and what it has used when it is asked. */
export type ServiceMessage = { readonly port: number } | ServiceUsage;

/** What the service has used so far. */
export interface ServiceUsage {
  readonly cpuMillis: number;
  readonly rssMegabytes: number;
}
