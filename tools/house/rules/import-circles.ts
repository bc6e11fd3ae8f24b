import type { Finding, Measurement } from '../measurement.js';
import type { SourcePackage } from '../read/source-package.js';
import { shortestCircles } from './shortest-circles.js';

/** Type-only imports and `export … from` count: they tie two files together as any other does. */
export function importCircles(source: SourcePackage): Measurement {
  const graph = new Map(
    [...source.modules].map(([file, { references }]) => [
      file,
      new Set(references.flatMap(({ target }) => target ?? [])),
    ]),
  );
  const circles = shortestCircles(graph);
  const files = new Set(circles.flat());
  return {
    figures: [
      {
        name: 'import circles',
        value: circles.length,
        note: files.size === 0 ? '' : `through ${files.size} files`,
        limit: 'none',
        broken: circles.length > 0,
      },
    ],
    findings: circles.map((circle) => finding(source, circle)),
  };
}

function finding({ modules }: SourcePackage, circle: readonly string[]): Finding {
  const file = circle[0] ?? '';
  const next = circle[1] ?? file;
  const line = modules.get(file)?.references.find(({ target }) => target === next)?.line ?? 1;
  return { rule: 'import circle', file, line, message: [...circle, file].join(' → ') };
}
