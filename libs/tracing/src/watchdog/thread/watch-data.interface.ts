/** All that a watcher is started with: plain data, for it runs on another thread. */
export interface WatchData {
  readonly memory: SharedArrayBuffer;
  /** The name of the function in the application's thread, as `Symbol.for` takes it. */
  readonly hook: string;
  readonly thresholdMillis: number;
  /** Milliseconds between two looks at the heartbeat, and between two beats. */
  readonly pollMillis: number;
  /** Says nothing of a stall that no span is in. */
  readonly isQuiet: boolean;
}
