import { readFileSync } from 'node:fs';

/** What a row of a table of options says: the option's path, and its default. */
export type OptionRows = ReadonlyMap<string, string>;

/** The tables of options below a heading of a page of docs/, up to the next heading of its level. */
export function optionRows(page: string, heading: string): OptionRows {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const rows = new Map<string, string>();
  let columns: readonly string[] = [];
  for (const line of sectionOf(text, heading)) {
    const cells = cellsOf(line);
    if (cells[0] === 'option') columns = cells;
    const option = /^`([\w.]+)`$/.exec(cells[0] ?? '')?.[1];
    if (option !== undefined) rows.set(option, cells[columns.indexOf('default')] ?? '');
  }
  return rows;
}

function sectionOf(text: string, heading: string): readonly string[] {
  const lines = text.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`there is no heading "${heading}"`);
  const level = new RegExp(`^#{1,${heading.indexOf(' ')}} `);
  const length = lines.slice(start + 1).findIndex((line) => level.test(line));
  return length < 0 ? lines.slice(start + 1) : lines.slice(start + 1, start + 1 + length);
}

/** The cells of a row; a bar inside of a cell is escaped. */
function cellsOf(line: string): readonly string[] {
  if (!line.startsWith('|')) return [];
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
}
