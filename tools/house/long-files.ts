/** A file of more than 200 lines that is one concept all the same. `file` is a path under src. */
export interface LongFile {
  readonly file: string;
  readonly reason: string;
}

export const LONG_FILES: readonly LongFile[] = [
  {
    file: 'tracing.service.ts',
    reason:
      'the one class that users inject: each method is a line that hands over to its folder, the rest is ' +
      'its documentation, which an editor shows only where the method is declared',
  },
  {
    file: 'tracer/lean-span.ts',
    reason:
      "OpenTelemetry's span is one interface of 25 members, and a second object costs each span",
  },
];
