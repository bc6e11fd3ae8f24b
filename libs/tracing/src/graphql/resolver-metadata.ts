/** Where `@Query()` and the others note what a method resolves. */
const RESOLVER_METADATA = [
  'graphql:resolver_type',
  'graphql:resolve_property',
  'graphql:resolve_reference',
];

/** Whether a method resolves a field, by what the decorators of `@nestjs/graphql` leave on it. */
export function isResolver(method: object): boolean {
  return RESOLVER_METADATA.some((key) => Reflect.hasMetadata(key, method));
}
