import type { Attributes } from '@opentelemetry/api';
import type { SamplingSubject } from '../tracer/sampling/sampling-subject.interface.js';
import { runtime } from '../span/runtime.js';
import { GRAPHQL, UNKNOWN_OPERATION } from './conventions.js';
import { operationIn } from './document/operations-in.js';
import { redactDocument } from './document/redact-document.js';
import type { ResolvedGraphqlOptions } from './graphql.schema.js';
import type { OperationNode } from './resolver-info.js';
import { matcherOf } from '../validation/patterns.js';

export type GraphqlSettings = NonNullable<ResolvedGraphqlOptions>;

const TYPES = new Set(['query', 'mutation', 'subscription']);
/** Clients choose it. */
const LONGEST_NAME = 256;
/** Stands for introspection in the option `ignore`. */
const INTROSPECTION = '__schema';

/** What a span says of its operation. */
export interface OperationFacts {
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly isIntrospection: boolean;
}

/** Reads an operation that a resolver was called for; who has a resolver of its own is no introspection. */
export function factsOf({ operation, name }: OperationNode): OperationFacts {
  const type = TYPES.has(operation) ? operation : undefined;
  return { type, name: shortened(name?.value), isIntrospection: false };
}

/** Reads what a client has sent, where no resolver was called: it need not be GraphQL at all. */
export function factsIn(document: unknown, operationName: unknown): OperationFacts {
  const named = typeof operationName === 'string' && operationName !== '';
  const found =
    typeof document === 'string'
      ? operationIn(document, named ? operationName : undefined)
      : undefined;
  return {
    type: found?.type,
    name: shortened(found?.name),
    isIntrospection: found?.isIntrospection === true,
  };
}

/** Whether an operation is to have no span. */
export function isIgnored(facts: OperationFacts, { ignore }: GraphqlSettings): boolean {
  const name = facts.isIntrospection ? INTROSPECTION : facts.name;
  if (ignore.length === 0 || name === undefined) return false;
  const matches = matcherOf(ignore);
  return [name, facts.name].some((known) => known !== undefined && matches(known));
}

export function spanName(facts: OperationFacts, { operationNames }: GraphqlSettings): string {
  const type = facts.type ?? UNKNOWN_OPERATION;
  return operationNames && facts.name !== undefined ? `${type} ${facts.name}` : type;
}

/** By what rules of sampling know an operation, if it is the root of its trace. */
export function operationSubject({ type }: OperationFacts): SamplingSubject | undefined {
  return type === undefined ? undefined : { kind: 'graphql', name: type };
}

export function operationAttributes(
  { type, name }: OperationFacts,
  document: unknown,
  settings: GraphqlSettings,
): Attributes {
  const longest = runtime().attributeLimits.valueLength;
  const shown = settings.document && typeof document === 'string';
  return {
    ...(type === undefined ? {} : { [GRAPHQL.type]: type }),
    ...(name === undefined ? {} : { [GRAPHQL.name]: name }),
    ...(shown ? { [GRAPHQL.document]: redactDocument(document, longest) } : {}),
  };
}

function shortened(name: string | undefined): string | undefined {
  return name?.slice(0, LONGEST_NAME);
}
