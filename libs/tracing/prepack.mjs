// Copies README and licence into the package, or into the folder that is named. npm has rewritten the
// relative links of a package's README in different ways over the years, and the pages that ours leads to
// lie outside of the package: there its links name the repository.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const top = join(here, '../..');
const [folder = here] = process.argv.slice(2);
const { repository } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const site = repository.url.replace(/^git\+|\.git$/g, '');

const readme = readFileSync(join(top, 'README.md'), 'utf8');
// A page of the repository shows a picture; only its raw form is one.
const linked = readme
  .replaceAll(/(!\[[^\]]*\])\((?![a-z]+:)/g, `$1(${site}/raw/main/`)
  .replaceAll(/\]\((?![a-z]+:|#)/g, `](${site}/blob/main/`);
writeFileSync(join(folder, 'README.md'), linked);
copyFileSync(join(top, 'LICENSE'), join(folder, 'LICENSE'));
