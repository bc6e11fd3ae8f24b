import type { CodeBlock } from './code-blocks.js';

/** One module of a page's examples: a block of TypeScript, and those that continue it. */
export interface ExampleModule {
  readonly page: string;
  /** Its file name: the one in the comment that it begins with, else a number. */
  readonly file: string;
  readonly text: string;
  /** The line on the page of each of its lines. */
  readonly lines: readonly number[];
}

const FILE_NAME = /^\/\/ ([\w./-]+\.ts)\b/;

/**
 * The modules of the TypeScript blocks of a page. Each block is one, unless it continues the one
 * before. One that begins with a comment such as `// hash.task.ts` is that file, for the other blocks
 * of its page to import.
 */
export function exampleModules(blocks: readonly CodeBlock[]): ExampleModule[] {
  const modules: ExampleModule[] = [];
  for (const block of blocks.filter(({ language }) => language === 'ts')) {
    const last = block.continues ? modules.pop() : undefined;
    if (block.continues && last?.page !== block.page)
      throw new Error(
        `${block.page}:${block.line}: there is no block before this one to continue.`,
      );
    modules.push(last === undefined ? moduleOf(block) : joined(last, block));
  }
  return modules;
}

function moduleOf(block: CodeBlock): ExampleModule {
  return {
    page: block.page,
    file: FILE_NAME.exec(block.lines[0] ?? '')?.[1] ?? `line-${block.line}.ts`,
    text: block.lines.join('\n'),
    lines: numbersOf(block),
  };
}

function joined(module: ExampleModule, block: CodeBlock): ExampleModule {
  return {
    ...module,
    text: `${module.text}\n${block.lines.join('\n')}`,
    lines: [...module.lines, ...numbersOf(block)],
  };
}

function numbersOf({ line, lines }: CodeBlock): number[] {
  return lines.map((_, index) => line + index);
}
