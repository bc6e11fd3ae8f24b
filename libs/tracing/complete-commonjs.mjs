// Adds to the CommonJS build what tsc does not write for it: the word that it is CommonJS, as the package
// itself is of ES modules, and the types, which are those of the ES modules to the letter.
import { copyFileSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dist = join(import.meta.dirname, 'dist');
const commonJs = join(dist, 'cjs');

for (const file of globSync('**/*.d.ts', { cwd: dist, exclude: ['cjs'] })) {
  copyFileSync(join(dist, file), join(commonJs, file));
}
writeFileSync(join(commonJs, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
