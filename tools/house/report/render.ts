import type { Figure, Finding, Measurement } from '../measurement.js';
import type { SourcePackage } from '../read/source-package.js';

/** Renders the table, then each finding by its rule. */
export function renderText({ folder }: SourcePackage, measured: Measurement): string {
  const width = Math.max(...measured.figures.map(({ name }) => name.length));
  const rows = measured.figures.map((figure) => row(figure, width));
  const groups = [...Map.groupBy(measured.findings, ({ rule }) => rule)].map(([rule, findings]) => [
    '',
    `${rule} (${findings.length})`,
    ...lines(folder, findings),
  ]);
  return `${[folder, ...rows, ...groups.flat()].join('\n')}\n`;
}

/** Renders the same for programs; the files of findings as paths from here. */
export function renderJson({ folder }: SourcePackage, measured: Measurement): string {
  const findings = measured.findings.map((finding) => ({
    ...finding,
    file: pathOf(folder, finding.file),
  }));
  return `${JSON.stringify({ folder, figures: measured.figures, findings }, null, 2)}\n`;
}

function row({ name, value, note = '', limit, broken }: Figure, width: number): string {
  const mark = broken === true ? '✗' : limit === undefined ? ' ' : '✓';
  const asked = limit === undefined ? '' : `(${limit})`;
  const cells = [mark, name.padEnd(width), String(value).padStart(6), asked.padEnd(23), note];
  return `  ${cells.join('  ')}`.trimEnd();
}

function lines(folder: string, findings: readonly Finding[]): readonly string[] {
  return findings.map(({ file, line, message }) => {
    const at = line === undefined ? '' : `:${line}`;
    return `  ${pathOf(folder, file)}${at}  ${message}`;
  });
}

function pathOf(folder: string, file: string): string {
  return file.startsWith('tools/') ? file : `${folder}/${file}`;
}
