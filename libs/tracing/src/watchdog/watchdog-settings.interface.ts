/** How the event loop is watched, with every default filled in. */
export interface WatchdogSettings {
  readonly thresholdMillis: number;
  /** Says nothing but who blocks a span: nobody has asked for more, and a test may read the log. */
  readonly isQuiet: boolean;
}
