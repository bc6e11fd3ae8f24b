import type { Fields } from '../receiving/otlp/fields.js';

/** Tags of a span in another format. */
export interface ForeignTags {
  get(key: string): unknown;
  delete(key: string): unknown;
}

const CODES = new Map<unknown, number>([
  ['UNSET', 0],
  ['OK', 1],
  ['ERROR', 2],
]);
const FLAGS = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
]);

/**
 * Takes the status of a span out of its tags: OpenTelemetry's code and description, and OpenTracing's and
 * Zipkin's `error`. That is a flag, or the reason of a failure, which stays an attribute; so does whatever
 * is not understood.
 */
export function takeStatus(tags: ForeignTags): Fields {
  const code = takeMember(tags, 'otel.status_code', CODES) ?? 0;
  const flag = takeMember(tags, 'error', FLAGS);
  const reason = flag === undefined ? textOf(tags, 'error') : undefined;
  const description = takeText(tags, 'otel.status_description');
  const isFailed = flag === true || reason !== undefined;
  return { code: isFailed ? 2 : code, message: description || (reason ?? '') };
}

/** Takes the text of a tag; empty without it. What is no text stays. */
export function takeText(tags: ForeignTags, key: string): string {
  const text = textOf(tags, key) ?? '';
  if (text !== '') tags.delete(key);
  return text;
}

/** Takes a tag that has one of these values. Any other stays. */
export function takeMember<T>(
  tags: ForeignTags,
  key: string,
  members: ReadonlyMap<unknown, T>,
): T | undefined {
  const member = members.get(tags.get(key));
  if (member !== undefined) tags.delete(key);
  return member;
}

function textOf(tags: ForeignTags, key: string): string | undefined {
  const value = tags.get(key);
  return typeof value === 'string' ? value : undefined;
}
