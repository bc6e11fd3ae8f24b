import type { Placed, PlaceMap } from './place-map.js';

/** Says why `file` may not import `target`, a path under src or another package; undefined if it may. */
export function brokenBoundary(places: PlaceMap, file: string, target: string): string | undefined {
  const from = places.of(file);
  if (!target.endsWith('.ts')) return brokenByNest(from, target);
  const to = places.of(target);
  if (from.place === to.place || from.layer === undefined || to.layer === undefined) {
    return undefined;
  }
  const why = to.height > from.height ? 'upward' : brokenByNeighbour(from, to);
  return why === undefined ? undefined : `imports ${target} (${from.place} → ${to.place}, ${why})`;
}

function brokenByNest({ place, layer }: Placed, specifier: string): string | undefined {
  return layer?.withoutNest === true && specifier.startsWith('@nestjs/')
    ? `imports ${specifier}, and ${place} knows no Nest`
    : undefined;
}

function brokenByNeighbour(from: Placed, to: Placed): string | undefined {
  if (from.layer === to.layer) return 'neighbours in one layer';
  const knownTo = to.layer?.knownTo;
  if (knownTo === undefined || knownTo.includes(from.place)) return undefined;
  return `known to ${knownTo.join(', ')} alone`;
}
