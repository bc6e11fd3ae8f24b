import { join } from 'node:path';
import ts from 'typescript';
import type { ExampleModule } from './example-modules.js';
import { ROOT } from './pages.js';

/** Where the modules of the pages seem to be; nothing is written there. */
const VIRTUAL = join(ROOT, 'test/docs/pages');
/** The rest of the application that the examples are cut from: what a page does not define is found here. */
const APPLICATION = join(ROOT, 'test/docs/application');

/**
 * Checks the types of modules against the sources of the library, with the settings of the root's
 * tsconfig.json. All are one program, so that the library is read once.
 *
 * @returns each problem, as `docs/http.md:12: …`
 */
export function typeProblems(modules: readonly ExampleModule[]): string[] {
  const files = new Map(modules.map((module) => [fileOf(module), module]));
  const options = compilerOptions();
  const program = ts.createProgram([...files.keys()], options, virtualHost(options, files));
  return [...files].flatMap(([file, module]) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`The compiler has not read ${file}.`);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map((diagnostic) => describe(diagnostic, source, module));
  });
}

function fileOf({ page, file }: ExampleModule): string {
  return join(VIRTUAL, page.replace(/\.md$/, ''), file);
}

function compilerOptions(): ts.CompilerOptions {
  const path = join(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, ts.sys.readFile) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options;
}

function virtualHost(
  options: ts.CompilerOptions,
  files: ReadonlyMap<string, ExampleModule>,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return Object.assign(host, {
    fileExists: (path: string) => files.has(path) || ts.sys.fileExists(realPath(path)),
    readFile: (path: string) => files.get(path)?.text ?? ts.sys.readFile(realPath(path)),
    directoryExists: (path: string) => isVirtual(path) || ts.sys.directoryExists(path),
    realpath: (path: string) => (isVirtual(path) ? path : (ts.sys.realpath?.(path) ?? path)),
  });
}

/** `test/docs/pages/docs/http/order.entity.ts` is `test/docs/application/order.entity.ts`. */
function realPath(path: string): string {
  if (!isVirtual(path)) return path;
  const [, , ...rest] = path.slice(VIRTUAL.length + 1).split('/');
  return join(APPLICATION, ...rest);
}

function isVirtual(path: string): boolean {
  return path.startsWith(VIRTUAL);
}

function describe(
  { start = 0, messageText }: ts.Diagnostic,
  source: ts.SourceFile,
  { page, lines }: ExampleModule,
): string {
  const { line } = source.getLineAndCharacterOfPosition(start);
  return `${page}:${lines[line]}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
}
