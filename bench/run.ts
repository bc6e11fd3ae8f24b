import { readdir } from 'node:fs/promises';
import type { Bench } from './bench.interface.js';

const SUFFIX = '.bench.js';

const files = await readdir(import.meta.dirname);
const subjects = files.filter((file) => file.endsWith(SUFFIX)).map((file) => nameOf(file));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !subjects.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${subjects.join(', ')}.`);
  process.exit(1);
}

for (const name of wanted.length > 0 ? wanted : subjects) {
  const { default: bench } = (await import(`./${name}${SUFFIX}`)) as { default: Bench };
  console.log(`\n${name}: ${bench.title}`);
  for (const line of await bench.run()) console.log(line);
}

function nameOf(file: string): string {
  return file.slice(0, -SUFFIX.length);
}
