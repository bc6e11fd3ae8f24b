/** A place is a folder (`span/`), a file (`version.ts`), or every other file at the top (`*.ts`). */
export type Place = string;

export interface Layer {
  readonly name: string;
  readonly places: readonly Place[];
  /** Says that no file of the layer may import `@nestjs/*`. */
  readonly withoutNest?: boolean;
  /** Names the only places that may import this layer, beside the layer itself. */
  readonly knownTo?: readonly Place[];
}

/** An import that the layers forbid and we want all the same. `from` and `to` are places or longer paths. */
export interface AllowedImport {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/**
 * The layers of libs/tracing/src, lowest first. A place imports from itself and from lower layers;
 * its neighbours in the same layer only where ALLOWED_IMPORTS says so.
 */
export const LAYERS: readonly Layer[] = [
  {
    name: 'ground',
    places: [
      'application-manifest.ts',
      'configuration.error.ts',
      'import-file.ts',
      'context-key.ts',
      'package-file.ts',
      'process-slot.ts',
      'rare-warning.ts',
      'this-file.ts',
      'validation/',
      'grpc/',
      'redaction/',
      'round-millis.ts',
      'span-count.ts',
      'version.ts',
      'settled.ts',
      'with-deadline.ts',
      'working-directory.ts',
    ],
    withoutNest: true,
  },
  { name: 'tracer', places: ['tracer/'], withoutNest: true },
  { name: 'watchdog', places: ['watchdog/'], withoutNest: true },
  { name: 'core', places: ['propagation/', 'span/', 'context/'], withoutNest: true },
  {
    name: 'work',
    places: ['collapse/', 'group/', 'detached/', 'offload/', 'decorators/', 'entry/'],
  },
  {
    name: 'framework',
    places: [
      'http/',
      'rpc/',
      'websockets/',
      'graphql/',
      'cqrs/',
      'scheduled/',
      'automatic/',
      'logs/',
    ],
  },
  { name: 'protocols', places: ['protocols/'] },
  {
    name: 'start',
    places: ['options/', 'export/', 'sdk/'],
    knownTo: ['*.ts', 'index.ts', 'testing/', 'register/'],
  },
  { name: 'module', places: ['*.ts'] },
  {
    name: 'integrations',
    places: ['typeorm/', 'pino/', 'bullmq/', 'terminus/', 'testing/', 'register/'],
  },
  { name: 'entry', places: ['index.ts'] },
];

export const ALLOWED_IMPORTS: readonly AllowedImport[] = [
  {
    from: 'span/',
    to: 'context/',
    reason: 'a span asks which signal calls off the work around it; context/ imports no span',
  },
  {
    from: 'package-file.ts',
    to: 'version.ts',
    reason: 'a bundle may use only the files of a package of its own version',
  },
  { from: 'package-file.ts', to: 'this-file.ts', reason: 'the package is found from its own code' },
  { from: 'package-file.ts', to: 'working-directory.ts', reason: 'and from the application' },
  {
    from: 'application-manifest.ts',
    to: 'working-directory.ts',
    reason: 'the application may be found by its folder alone',
  },
  {
    from: 'process-slot.ts',
    to: 'version.ts',
    reason: 'copies of the package share their state only if they are of one version',
  },
  {
    from: 'context-key.ts',
    to: 'version.ts',
    reason: "copies of the package read each other's contexts only if they are of one version",
  },
  {
    from: 'validation/',
    to: 'configuration.error.ts',
    reason: 'an option that cannot be used is this error',
  },
  {
    from: 'validation/',
    to: 'with-deadline.ts',
    reason: 'an option is no longer than what a timer can count to',
  },
  {
    from: 'detached/',
    to: 'decorators/',
    reason: '@Detached wraps methods as @Traced does, and takes its options',
  },
  {
    from: 'detached/',
    to: 'group/',
    reason: 'detached work is cancelled, and its outcome told, as a task of a group is',
  },
  {
    from: 'entry/',
    to: 'decorators/',
    reason:
      'the stand-in of a handler looks like it, and knows whether it is traced, as @Traced does',
  },
  { from: 'export/', to: 'options/', reason: 'the exporter is built from the resolved options' },
  { from: 'sdk/', to: 'options/', reason: 'the SDK is started from the resolved options' },
  { from: 'sdk/', to: 'export/', reason: 'the SDK that we start gets our span processor' },
];
