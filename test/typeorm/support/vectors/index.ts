import { COMMON, PLACES } from './common.js';
import type { DialectVectors, Vector } from './common.js';
import { BOOLEANS, SECRETS } from './secrets.js';
import { SUMMARIES } from './summaries.js';

export { FAMILIES } from './dialects.js';

/** The statements of a family: what every dialect has, its values in every place, and its own. */
export function vectorsOf({ quotes, literals, own }: DialectVectors): readonly Vector[] {
  const requote = (text: string) => text.replace(/"([^"]*)"/g, `${quotes[0]}$1${quotes[1]}`);
  const common = [...COMMON, ...SECRETS, ...BOOLEANS, ...SUMMARIES].map(
    ([sql, text, summary]) => [requote(sql), requote(text), summary && requote(summary)] as const,
  );
  const values = PLACES.flatMap(([place, summary]) =>
    literals.map(
      (value) => [place.replaceAll('@', () => value), place.replaceAll('@', '?'), summary] as const,
    ),
  );
  return [...common, ...values, ...own];
}
