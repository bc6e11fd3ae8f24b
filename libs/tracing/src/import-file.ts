import { fileURLToPath } from 'node:url';

/**
 * At the top of a CommonJS module `this` is its exports, of an ES module undefined: a bundler keeps
 * that apart, too.
 */
const IS_COMMONJS = this !== undefined;

/**
 * Imports a file that is known only at run time. Where this code was compiled to CommonJS, `import()`
 * became a `require`, which takes paths and no URLs, and gives what has been required already.
 *
 * @param url of the file
 */
export async function importFile(url: string): Promise<object> {
  const specifier = IS_COMMONJS ? fileURLToPath(url) : url;
  return (await import(specifier)) as object;
}
