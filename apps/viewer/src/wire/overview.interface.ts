/** `GET /api/groups?q=`: traces by service and route, the one with the most time first. */
export interface RouteGroups {
  readonly strings: readonly string[];
  readonly route: readonly number[];
  readonly service: readonly number[];
  readonly count: readonly number[];
  readonly errors: readonly number[];
  /** Microseconds each. */
  readonly p50: readonly number[];
  readonly p95: readonly number[];
  readonly max: readonly number[];
  /** Milliseconds since the epoch of the last one. */
  readonly last: readonly number[];
  /** Lower edges of the bars in microseconds, the same for every group. */
  readonly edges: readonly number[];
  /** One list of counts for each group, as long as `edges`. */
  readonly histogram: readonly (readonly number[])[];
}

export type MapNodeKind = 'service' | 'database' | 'queue' | 'external';

/** `GET /api/map?q=`: who calls whom. */
export interface ServiceMap {
  /** Seconds that the traces span, for rates. */
  readonly seconds: number;
  readonly nodes: readonly {
    readonly name: string;
    readonly kind: MapNodeKind;
    readonly calls: number;
    readonly errors: number;
  }[];
  readonly edges: readonly {
    /** Indexes into `nodes`. */
    readonly from: number;
    readonly to: number;
    readonly calls: number;
    readonly errors: number;
    /** Microseconds. */
    readonly p50: number;
    readonly p95: number;
  }[];
}

/** `GET /api/terms`: what the search can be completed with, the most frequent first. */
export interface SearchTerms {
  readonly services: readonly string[];
  readonly routes: readonly string[];
  readonly attributes: readonly string[];
  readonly has: readonly string[];
}

/** `POST /api/import`. */
export interface Imported {
  /** At most 1,000 of them. */
  readonly traceIds: readonly string[];
  readonly traces: number;
  readonly spans: number;
  readonly logs: number;
}

/** What every refusal is: status 4xx or 5xx and this. */
export interface ApiFault {
  readonly message: string;
  /** Where in the search or in the file it is: a character, or a line. */
  readonly at?: number;
}
