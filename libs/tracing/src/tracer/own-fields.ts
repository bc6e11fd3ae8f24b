/** What the SDK's span has as fields of its own, so that `{ ...span }` copies it. */
const FIELDS = [
  'parentSpanContext',
  'attributes',
  'links',
  'events',
  'startTime',
  'resource',
  'instrumentationScope',
  'status',
  'endTime',
] as const;

/** The accessors of a class for those fields, as fields that an object of it may have of its own. */
export function ownFields(prototype: object): PropertyDescriptorMap {
  const accessors = Object.getOwnPropertyDescriptors(prototype) as PropertyDescriptorMap;
  return Object.fromEntries(
    FIELDS.map((field) => [field, { ...accessors[field], enumerable: true }]),
  );
}
