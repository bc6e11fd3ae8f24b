import type { Page } from './pages.js';

/** A fenced block of code. */
export interface CodeBlock {
  readonly page: string;
  readonly language: string;
  /** The number of its first line of code on the page. */
  readonly line: number;
  readonly lines: readonly string[];
  /** Whether it goes on where the block before it has ended: `<!-- continues -->` stands above it. */
  readonly continues: boolean;
}

const FENCE = /^```(\w*)/;
const CONTINUES = '<!-- continues -->';

/** The fenced blocks of a page, in their order. */
export function codeBlocks({ path, text }: Page): CodeBlock[] {
  const lines = text.split('\n');
  const blocks: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const language = FENCE.exec(lines[at] ?? '')?.[1];
    if (language === undefined) continue;
    const end = endOf(lines, at + 1, path);
    blocks.push({
      page: path,
      language,
      line: at + 2,
      lines: lines.slice(at + 1, end),
      continues: isContinued(lines, at),
    });
    at = end;
  }
  return blocks;
}

/** A page without its blocks, line for line. */
export function proseOf(page: Page): string[] {
  const lines = page.text.split('\n');
  for (const { line, lines: code } of codeBlocks(page)) {
    lines.fill('', line - 2, line + code.length);
  }
  return lines;
}

function endOf(lines: readonly string[], from: number, path: string): number {
  const end = lines.findIndex((line, at) => at >= from && FENCE.test(line));
  if (end < 0)
    throw new Error(`${path}:${from}: this block of code never ends. Close it with \`\`\`.`);
  return end;
}

function isContinued(lines: readonly string[], fence: number): boolean {
  return lines.slice(Math.max(0, fence - 2), fence).includes(CONTINUES);
}
