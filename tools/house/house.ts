// Measures how the library is laid out and exits 1 when a rule is broken.
// Run: npm run house [-- --json] [-- <package folder>]
import { HOUSE_RULES } from './house-rules.js';
import { runHouse } from './run-house.js';

const { output, exitCode } = runHouse(process.argv.slice(2), HOUSE_RULES);
process.stdout.write(output);
process.exitCode = exitCode;
