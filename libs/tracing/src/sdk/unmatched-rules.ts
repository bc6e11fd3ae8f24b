import type { SamplerSettings } from '../options/sampler.schema.js';
import { globTest } from '../tracer/sampling/glob.js';
import type { KnownSubjects } from '../tracer/sampling/known-subjects.interface.js';
import { byNearness } from '../validation/nearest.js';

type Rule = SamplerSettings['rules'][number];

/** What messages call that which a rule is for. */
const NOUNS = { route: 'route', event: 'event of a gateway', cron: 'scheduled method' } as const;

/** Those of a kind that an application knows at its start. */
type Known = KnownSubjects & { readonly kind: keyof typeof NOUNS };

/** What an application knows of its ways in when it has started. */
export interface WaysIn {
  /** Undefined if they are not known, or not traced. */
  readonly routes: Known | undefined;
  /** The events of gateways. Undefined if they are not traced. */
  readonly events: Iterable<string> | undefined;
  /** The names of scheduled methods. */
  readonly jobs: Iterable<string>;
}

/**
 * Says of each rule that nothing of an application can match which one it is, and what is nearest to it. Of
 * patterns of messages and methods of gRPC nothing is said: servers learn them after the start.
 */
export function unmatchedRules(rules: readonly Rule[], ways: WaysIn): string[] {
  const known = knownOf(ways);
  return rules.flatMap((rule, index) => {
    const ofKind = known.find(({ kind }) => rule[kind] !== undefined);
    if (ofKind === undefined || isMatched(rule, ofKind)) return [];
    return `sampler.rules[${index}]: ${describe(rule, ofKind)}`;
  });
}

function knownOf({ routes, events, jobs }: WaysIn): Known[] {
  return [
    ...(routes === undefined ? [] : [routes]),
    ...(events === undefined ? [] : [{ kind: 'event' as const, subjects: named(events) }]),
    { kind: 'cron', subjects: named(jobs) },
  ];
}

function named(names: Iterable<string>): { name: string }[] {
  return Array.from(names, (name) => ({ name }));
}

function isMatched(rule: Rule, { kind, subjects, mayHave }: Known): boolean {
  const pattern = rule[kind] ?? '';
  const matches = globTest(pattern);
  const isListed = subjects.some(({ name, method }) => takes(method, rule.method) && matches(name));
  return isListed || mayHave?.(pattern) === true;
}

/** What answers to GET answers to HEAD. */
function takes(method: string | undefined, wanted: string | undefined): boolean {
  if (method === undefined || wanted === undefined || method === wanted) return true;
  return wanted === 'HEAD' && method === 'GET';
}

function describe(rule: Rule, { kind, subjects }: Known): string {
  const wanted = label(rule[kind] ?? '', rule.method);
  const names = subjects.map(({ name, method }) =>
    label(name, rule.method === undefined ? undefined : method),
  );
  const nearest = nearestTo(wanted, names);
  const hint = nearest === undefined ? 'there is none' : `the nearest is "${nearest}"`;
  return (
    `no ${NOUNS[kind]} of this application matches "${wanted}"; ${hint}. ` +
    'Correct the rule, or leave it out.'
  );
}

/** By as many segments as are wanted first: "/ordrs" is nearer to "/orders/:id" than to "/users". */
function nearestTo(wanted: string, labels: readonly string[]): string | undefined {
  const depth = wanted.split('/').length;
  const start = (text: string): string => pathOf(text).split('/', depth).join('/');
  const byStart = Map.groupBy(labels, start);
  const [nearest] = byNearness(start(wanted), byStart.keys());
  return byNearness(wanted, (nearest && byStart.get(nearest.name)) ?? [])[0]?.name;
}

function pathOf(labelled: string): string {
  return labelled.slice(labelled.indexOf(' ') + 1);
}

function label(name: string, method: string | undefined): string {
  return method === undefined ? name : `${method} ${name}`;
}
