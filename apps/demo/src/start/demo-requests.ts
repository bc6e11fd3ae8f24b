/** A request that `start` sends, and what is to come of it. */
export interface DemoRequest {
  /** `failure` is a lookup in which a shard fails. */
  readonly kind: 'lookup' | 'profile' | 'failure';
  readonly key: string;
  readonly status: number;
  /** Says that a status is meant to be what it is. */
  readonly remark?: string;
}

/** What `start` sends, all at the same time. */
export const REQUESTS: readonly DemoRequest[] = [
  { kind: 'lookup', key: 'user:1', status: 200 },
  { kind: 'lookup', key: 'user:7', status: 200 },
  { kind: 'lookup', key: 'user:42', status: 200 },
  { kind: 'lookup', key: 'missing', status: 404, remark: 'as it should: no shard knows it' },
  { kind: 'profile', key: 'user:42', status: 200 },
  {
    kind: 'failure',
    key: 'broken',
    status: 503,
    remark: 'as it should: shard 1 fails for this key',
  },
];

/** The path that a request asks for. */
export function pathOf({ kind, key }: DemoRequest): string {
  return `/${kind === 'profile' ? 'profile' : 'lookup'}/${key}`;
}
