import { proseOf } from './code-blocks.js';
import type { Page } from './pages.js';

/** A row of a table, below its heading. */
export interface TableRow {
  /** The nearest heading above. */
  readonly section: string;
  readonly line: number;
  readonly cells: readonly string[];
}

/** The rows of every table of a page, without their headers. */
export function tableRows(page: Page): TableRow[] {
  let section = '';
  const rows: TableRow[] = [];
  const lines = proseOf(page);
  lines.forEach((line, index) => {
    section = /^#+ (.*)$/.exec(line)?.[1] ?? section;
    const isRow = line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1] ?? '');
    if (isRow) rows.push({ section, line: index + 1, cells: cellsOf(line) });
  });
  return rows;
}

/** What stands in backticks in a cell. */
export function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

function isRule(line: string): boolean {
  return /^\|[ :|-]+\|$/.test(line);
}

/** A bar with a backslash before it is text. */
function cellsOf(line: string): string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
