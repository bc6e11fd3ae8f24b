/** An export that no file of the library imports and that stays. `file` is a path under src. */
export interface KeptExport {
  readonly file: string;
  readonly name: string;
  readonly reason: string;
}

export const KEPT_EXPORTS: readonly KeptExport[] = [
  {
    file: 'offload/worker/worker.ts',
    name: 'default',
    reason: 'piscina loads the file by its path and runs its default export',
  },
  {
    file: 'export/bridge/fallback-bridge.ts',
    name: 'BridgeFactory',
    reason: 'the spec makes bridges of its own',
  },
  {
    file: 'export/transport/retry-policy.ts',
    name: 'backoffMillis',
    reason: 'its spread over a thousand clients is what the spec measures',
  },
  {
    file: 'export/transport/retry-policy.ts',
    name: 'throttleMillis',
    reason: 'its bounds are what the spec measures',
  },
  ...schemasOfDocs(),
];

/** The tables of options in docs/ are checked against these. */
function schemasOfDocs(): readonly KeptExport[] {
  const schemas: readonly (readonly [file: string, name: string])[] = [
    ['bullmq/caller/bullmq-backend.options.ts', 'backendSchema'],
    ['bullmq/host/offload-host.options.ts', 'hostSchema'],
    ['bullmq/telemetry/queue-telemetry.options.ts', 'telemetrySchema'],
    ['decorators/traced.schema.ts', 'tracedSchema'],
    ['group/group-settings.ts', 'groupSchema'],
    ['terminus/health-options.ts', 'healthSchema'],
    ['typeorm/typeorm-tracing.schema.ts', 'typeormSchema'],
  ];
  const reason = 'the table of these options in docs/ is checked against it';
  return schemas.map(([file, name]) => ({ file, name, reason }));
}
