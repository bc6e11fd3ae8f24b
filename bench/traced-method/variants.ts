import type { Variant } from '../measure.js';
import { defineLookup } from './lookup.js';

/** How a method gets its span, in the order of the table. */
export const MAKERS = ['bare', 'handWritten', 'nestjsOtel', 'traced'] as const;
export type Maker = (typeof MAKERS)[number];

/** The methods: sync, async, and sync with an attribute from the argument. */
export const KINDS = ['sync', 'async', 'argument'] as const;
export type Kind = (typeof KINDS)[number];

const CROWD_SIZE = 10;
const CROWD_CALLS = 1_000;

/** The samples' key of a variant. */
export function variantName(maker: Maker, kind: Kind): `${Maker} ${Kind}` {
  return `${maker} ${kind}`;
}

/** What is timed: every maker's version of every method, of one object. */
export function variants(): Variant[] {
  const lookup = new (defineLookup())();
  const calls: Record<`${Maker} ${Kind}`, () => unknown> = {
    'bare sync': () => lookup.bare('key'),
    'bare async': () => lookup.bareAsync('key'),
    'bare argument': () => lookup.bare('key'),
    'handWritten sync': () => lookup.handWritten('key'),
    'handWritten async': () => lookup.handWrittenAsync('key'),
    'handWritten argument': () => lookup.handWrittenArgument('key'),
    'nestjsOtel sync': () => lookup.nestjsOtel('key'),
    'nestjsOtel async': () => lookup.nestjsOtelAsync('key'),
    'nestjsOtel argument': () => lookup.nestjsOtelArgument('key'),
    'traced sync': () => lookup.traced('key'),
    'traced async': () => lookup.tracedAsync('key'),
    'traced argument': () => lookup.tracedArgument('key'),
  };
  return Object.entries(calls).map(([name, call]) => ({ name, call }));
}

/**
 * Calls the methods of many further classes. In an application the code that every traced method
 * runs through is never compiled for one of them alone.
 */
export async function callCrowd(): Promise<void> {
  const classes = Array.from({ length: CROWD_SIZE }, () => defineLookup());
  for (let turn = 0; turn < CROWD_CALLS; turn += 1) {
    for (const Class of classes) await callAll(new Class());
  }
}

async function callAll(lookup: object): Promise<void> {
  const methods = Object.getPrototypeOf(lookup) as Record<string, (key: string) => unknown>;
  for (const name of Object.getOwnPropertyNames(methods)) {
    if (name !== 'constructor') await methods[name]?.call(lookup, 'key');
  }
}
