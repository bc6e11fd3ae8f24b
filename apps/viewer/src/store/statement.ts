import type { AttributeValue, ReceivedSpan } from '../telemetry.interface.js';

/** What differs from call to call of one route: ids, numbers. */
const MAX_KEY_CHARS = 200;

/**
 * What tells repeats under one parent: the statement of a database span, the name of any other call
 * that leaves the process; nothing for the rest.
 */
export function statementOf({ attributes, name, kind }: ReceivedSpan): string | undefined {
  // Each by its name, the stable one first: this is asked of every span that comes.
  const statement =
    textIn(attributes['db.query.text']) ??
    textIn(attributes['db.statement']) ??
    textIn(attributes['db.query.summary']);
  if (statement !== undefined) return statement.slice(0, MAX_KEY_CHARS);
  if (kind !== 'CLIENT') return undefined;
  const address = textIn(attributes['url.full']) ?? textIn(attributes['http.url']);
  return address === undefined ? name : `${name} ${hostOf(address)}`;
}

function textIn(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A call of a database, whether its text was sent or not. */
export function isQuery({ attributes }: ReceivedSpan): boolean {
  return (
    attributes['db.system.name'] !== undefined ||
    attributes['db.system'] !== undefined ||
    attributes['db.query.text'] !== undefined ||
    attributes['db.statement'] !== undefined ||
    attributes['db.query.summary'] !== undefined
  );
}

function hostOf(address: string): string {
  const text = address.slice(0, MAX_KEY_CHARS);
  return URL.canParse(text) ? new URL(text).host : text;
}
