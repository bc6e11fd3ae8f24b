import type { ReceivedSpan } from '../telemetry.interface.js';

/** Statement attributes, the stable one first. */
const STATEMENTS = ['db.query.text', 'db.statement', 'db.query.summary'];
const ADDRESSES = ['url.full', 'http.url'];
/** What differs from call to call of one route: ids, numbers. */
const MAX_KEY_CHARS = 200;

/**
 * What tells repeats under one parent: the statement of a database span, the name of any other call
 * that leaves the process; nothing for the rest.
 */
export function statementOf({ attributes, name, kind }: ReceivedSpan): string | undefined {
  for (const key of STATEMENTS) {
    const text = attributes[key];
    if (typeof text === 'string' && text !== '') return text.slice(0, MAX_KEY_CHARS);
  }
  if (attributes['async.collapsed.count'] !== undefined) return name;
  if (kind !== 'CLIENT') return undefined;
  const address = ADDRESSES.map((key) => attributes[key]).find((url) => typeof url === 'string');
  return address === undefined ? name : `${name} ${hostOf(address as string)}`;
}

function hostOf(address: string): string {
  const text = address.slice(0, MAX_KEY_CHARS);
  return URL.canParse(text) ? new URL(text).host : text;
}
