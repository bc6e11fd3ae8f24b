import { byNearness } from './nearest.js';

/** Says that there is no such option, and which one was meant, or which there are. */
export function unknownOption(name: string, known: readonly string[]): string {
  const meant = begunBy(name, known) ?? nearest(name, known);
  const cure = meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `there is no such option; ${cure}`;
}

/** The first known name that the given one begins. */
function begunBy(name: string, known: readonly string[]): string | undefined {
  const given = name.toLowerCase();
  if (given.length <= 2) return undefined;
  return known.find((candidate) => candidate.toLowerCase().startsWith(given));
}

/** The known name that needs the fewest edits, if these are few. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = byNearness(name, known);
  return best !== undefined && best.edits <= Math.max(2, name.length / 3) ? best.name : undefined;
}
