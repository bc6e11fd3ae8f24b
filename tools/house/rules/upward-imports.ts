import type { HouseRules } from '../house-rules.js';
import type { AllowedImport } from '../layers.js';
import type { Finding, Measurement } from '../measurement.js';
import type { SourcePackage } from '../read/source-package.js';
import { brokenBoundary } from './broken-boundary.js';
import { PlaceMap } from './place-map.js';

const LISTED = 'tools/house/layers.ts';

export function upwardImports(source: SourcePackage, rules: HouseRules): Measurement {
  const places = new PlaceMap(rules.layers);
  const used = new Set<AllowedImport>();
  const upward = [...source.modules.values()].flatMap(({ file, references }) =>
    references.flatMap(({ specifier, target, line }): Finding[] => {
      const message = brokenBoundary(places, file, target ?? specifier);
      if (message === undefined) return [];
      const allowed = rules.allowedImports.find((entry) => matches(places, entry, file, target));
      if (allowed === undefined) return [{ rule: 'upward import', file, line, message }];
      used.add(allowed);
      return [];
    }),
  );
  const findings = [...upward, ...homeless(source, places), ...idle(rules, used)];
  return {
    figures: [
      {
        name: 'upward imports',
        value: upward.length,
        note: `${used.size} allowed by name`,
        limit: 'none',
        broken: findings.length > 0,
      },
    ],
    findings,
  };
}

function matches(
  places: PlaceMap,
  { from, to }: AllowedImport,
  file: string,
  target: string | undefined,
): boolean {
  return target !== undefined && covers(places, from, file) && covers(places, to, target);
}

function covers(places: PlaceMap, path: string, file: string): boolean {
  if (path === file || places.of(file).place === path) return true;
  return path.endsWith('/') && file.startsWith(path);
}

function homeless({ modules }: SourcePackage, places: PlaceMap): readonly Finding[] {
  const without = [...modules.keys()].filter((file) => places.of(file).layer === undefined);
  return [...Map.groupBy(without, (file) => places.of(file).place)].map(([place, files]) => ({
    rule: 'upward import',
    file: files[0] ?? place,
    message: `${place} stands in no layer: name it in ${LISTED}`,
  }));
}

/** An exception that excuses nothing would excuse the next fault. */
function idle(rules: HouseRules, used: ReadonlySet<AllowedImport>): readonly Finding[] {
  return rules.allowedImports
    .filter((entry) => !used.has(entry))
    .map(({ from, to }) => ({
      rule: 'upward import',
      file: LISTED,
      message: `no import needs { from: '${from}', to: '${to}' } any more: take it out`,
    }));
}
