import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import type { ExampleModule } from './example-modules.js';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const COMPILER_OPTIONS = {
  module: ModuleKind.ESNext,
  target: ScriptTarget.ES2022,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/** The application that a page shows file by file, as a process of its own on any free port. */
export class ExampleApplication {
  readonly #folder = mkdtempSync(join(tmpdir(), 'docs-application-'));
  #child: ChildProcess | undefined;

  constructor(modules: readonly ExampleModule[]) {
    writeFileSync(join(this.#folder, 'package.json'), '{ "type": "module" }');
    symlinkSync(MODULES, join(this.#folder, 'node_modules'));
    for (const { file, text } of modules) this.#write(file, text);
  }

  /** Starts it. @returns its address. */
  async start(environment: Record<string, string>): Promise<string> {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, ['main.js'], { cwd: this.#folder, env, stdio: 'pipe' });
    this.#child = child;
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('http://')) return line;
      said += `${line}\n`;
    }
    throw new Error(`The application of the page did not start: ${said}`);
  }

  async stop(): Promise<void> {
    const exited = this.#child && once(this.#child, 'exit');
    this.#child?.kill();
    await exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #write(file: string, source: string): void {
    const free = source.replace('.listen(3000);', '.listen(0);\nconsole.log(await app.getUrl());');
    const { outputText } = transpileModule(free, { compilerOptions: COMPILER_OPTIONS });
    writeFileSync(join(this.#folder, file.replace(/ts$/, 'js')), outputText);
  }
}
