import type { HouseRules } from './house-rules.js';
import type { SourcePackage } from './read/source-package.js';

/** One number of the table. With a limit it is judged: `broken` says that it has findings. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly note?: string;
  readonly limit?: string;
  readonly broken?: boolean;
}

export interface Finding {
  readonly rule: string;
  /** A path under the package's src, or one under tools/house that lists exceptions. */
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

export interface Measurement {
  readonly figures: readonly Figure[];
  readonly findings: readonly Finding[];
}

export type Rule = (source: SourcePackage, rules: HouseRules) => Measurement;
