// Checks that no regular expression of the published code takes longer than in proportion to its
// text, and exits 1 if one does. Run: npm run expressions
import { findExpressions } from './find-expressions.js';

process.env['RECHECK_BACKEND'] = 'pure'; // the same on every machine, without its native programs
const { checkExpression } = await import('./check-expressions.js');

const FOLDERS = ['libs/tracing/src', 'apps/viewer/src'];

const checked = findExpressions(FOLDERS).map(checkExpression);
const broken = checked.filter(({ linear }) => !linear);
for (const { at, source, flags, cost } of broken) {
  process.stdout.write(`${at}  /${source}/${flags}  ${cost}: rewrite it so that it is linear\n`);
}
process.stdout.write(`${checked.length} expressions, ${broken.length} not linear\n`);
process.exitCode = broken.length === 0 ? 0 : 1;
