import { parseArgs } from 'node:util';
import type { HouseRules } from './house-rules.js';
import { measureHouse } from './measure-house.js';
import { readSourcePackage } from './read/source-package.js';
import { renderJson, renderText } from './report/render.js';

export interface HouseRun {
  readonly output: string;
  readonly exitCode: 0 | 1;
}

/** Measures the package that the arguments name, libs/tracing by default. */
export function runHouse(args: readonly string[], rules: HouseRules): HouseRun {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const source = readSourcePackage(positionals[0] ?? 'libs/tracing');
  const measured = measureHouse(source, rules);
  const render = values.json ? renderJson : renderText;
  return { output: render(source, measured), exitCode: measured.findings.length === 0 ? 0 : 1 };
}
