/** One subject of `npm run bench`: the default export of a file `<name>.bench.ts`. */
export interface Bench {
  /** What is measured, as the heading over its figures. */
  readonly title: string;
  /** Measures, and answers the lines to print. */
  run(): Promise<readonly string[]>;
}
