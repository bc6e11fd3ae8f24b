/** A request that `start` sends, and what is to come of it. */
export interface DemoRequest {
  /** `failure` is a lookup in which a shard fails. */
  readonly kind:
    | 'lookup'
    | 'profile'
    | 'seal'
    | 'failure'
    | 'import'
    | 'report'
    | 'keys one by one'
    | 'keys joined'
    | 'quote'
    | 'order'
    | 'graph'
    | 'live';
  /** Default: GET. */
  readonly method?: 'POST';
  readonly path: string;
  /** A query of GraphQL, which is posted. */
  readonly query?: string;
  /** What it is about, if it is about one key. */
  readonly key?: string;
  readonly status: number;
  /** Says that a status is meant to be what it is, or what there is to see. */
  readonly remark?: string;
}

/** What `start` sends first, all at the same time. */
export const CONCURRENT_REQUESTS: readonly DemoRequest[] = [
  { kind: 'lookup', path: '/lookup/user:1', key: 'user:1', status: 200 },
  { kind: 'lookup', path: '/lookup/user:7', key: 'user:7', status: 200 },
  { kind: 'lookup', path: '/lookup/user:42', key: 'user:42', status: 200 },
  {
    kind: 'lookup',
    path: '/lookup/missing',
    key: 'missing',
    status: 404,
    remark: 'as it should: no shard knows it',
  },
  { kind: 'profile', path: '/profile/user:42', key: 'user:42', status: 200 },
  {
    kind: 'quote',
    path: '/quotes/user:42',
    key: 'user:42',
    status: 200,
    remark: 'with the help of another service',
  },
  {
    kind: 'order',
    method: 'POST',
    path: '/orders/user:42',
    key: 'user:42',
    status: 201,
    remark: 'a message to another service, then an event',
  },
  { kind: 'seal', path: '/seal/user:42', key: 'user:42', status: 200 },
  {
    kind: 'failure',
    path: '/lookup/broken',
    key: 'broken',
    status: 503,
    remark: 'as it should: shard 1 fails for this key',
  },
];

/** What it sends then, one by one: what becomes of statements in the database. */
export const DATABASE_REQUESTS: readonly DemoRequest[] = [
  {
    kind: 'import',
    method: 'POST',
    path: '/imports/user:77',
    key: 'user:77',
    status: 201,
    remark: 'a transaction, one of its savepoints rolled back',
  },
  {
    kind: 'graph',
    method: 'POST',
    path: '/graphql',
    query: '{ lookup(key: "user:77") { values } }',
    key: 'user:77',
    status: 200,
    remark: 'a query of GraphQL',
  },
  { kind: 'report', path: '/reports/shards', status: 200, remark: 'a slow query' },
  { kind: 'keys one by one', path: '/keys/one-by-one', status: 200, remark: 'an N+1' },
  { kind: 'keys joined', path: '/keys', status: 200, remark: 'its cure' },
];

/** What it sends last, as one message of a WebSocket. */
export const LIVE_MESSAGE = {
  kind: 'live',
  path: '/live/socket',
  key: 'user:99',
  status: 101,
} as const satisfies DemoRequest;
