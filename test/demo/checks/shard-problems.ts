import type { ReceivedSpan, ReceivedTrace } from './received-trace.interface.js';
import { childrenOf, named, problem } from './trace-parts.js';

const SHARDS = '0, 1, 2';

/** The group of the shards, if it is where it should be: right below `handle`. */
export function shardGroup(trace: ReceivedTrace): ReceivedSpan | undefined {
  const [handle] = named(trace, 'handle');
  return childrenOf(trace, handle).find(({ name }) => name === 'query shards');
}

/** The spans of the shards, right below their group, in order. */
export function shardsOf(trace: ReceivedTrace): ReceivedSpan[] {
  return childrenOf(trace, shardGroup(trace))
    .filter(({ name }) => name === 'queryShard')
    .toSorted((one, other) => shardNumber(one) - shardNumber(other));
}

/** What is wrong unless every shard has one span below the group. */
export function shardProblems(trace: ReceivedTrace): string[] {
  const numbers = shardsOf(trace).map(shardNumber).join(', ');
  return [
    ...problem(!shardGroup(trace), 'the group of the shards is not below handle'),
    ...problem(numbers !== SHARDS, `the shards in their group are [${numbers}], not [${SHARDS}]`),
  ];
}

function shardNumber({ attributes }: ReceivedSpan): number {
  return Number(attributes['db.shard']);
}
