import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendSchema } from '../../libs/tracing/src/bullmq/caller/bullmq-backend.options.js';
import { hostSchema } from '../../libs/tracing/src/bullmq/host/offload-host.options.js';
import { telemetrySchema } from '../../libs/tracing/src/bullmq/telemetry/queue-telemetry.options.js';
import { tracedSchema } from '../../libs/tracing/src/decorators/traced.schema.js';
import { detachedSchema } from '../../libs/tracing/src/detached/detached-settings.js';
import { groupSchema } from '../../libs/tracing/src/group/group-settings.js';
import { optionsSchema } from '../../libs/tracing/src/options/options.schema.js';
import { healthSchema } from '../../libs/tracing/src/terminus/health-options.js';
import { typeormSchema } from '../../libs/tracing/src/typeorm/typeorm-tracing.schema.js';
import { setEnvironment } from '../support/environment.js';
import { optionRows } from './support/option-tables.js';
import type { OptionRows } from './support/option-tables.js';
import { schemaRows } from './support/schema-rows.js';
import type { SchemaRow } from './support/schema-rows.js';

/** The page, the heading above its tables, the schema, and options that Nest itself reads. */
const tables: [string, string, Parameters<typeof schemaRows>[0], Record<string, string>?][] = [
  ['options.md', '## TracingModule', optionsSchema, { isGlobal: 'true' }],
  ['options.md', '## TypeORM', typeormSchema],
  ['options.md', '## bullmqBackend', backendSchema],
  ['options.md', '## OffloadHostModule', hostSchema],
  ['options.md', '## tracedQueueTelemetry', telemetrySchema],
  ['options.md', '## TracingHealthIndicator', healthSchema],
  ['groups.md', '## Options', groupSchema],
  ['detached-work.md', '## Options', detachedSchema],
  ['decorators.md', '## Options', tracedSchema],
];

/** Defaults are looked at without what this process may have been given. */
let restore = (): void => undefined;
beforeAll(() => {
  const given = Object.keys(process.env).filter((name) => name.startsWith('OTEL_'));
  restore = setEnvironment(Object.fromEntries(given.map((name) => [name, ''])));
});
afterAll(() => restore());

/** Without the quotes of code, and without what explains a number after it. */
function plain(cell: string): string {
  const text = cell.replaceAll(/[`']/g, '');
  return /^\d+, /.test(text) ? text.replace(/,.*$/, '') : text;
}

/** Takes the rows of an option out of those of a page, its own or else those of all that is in it. */
function take({ path, byDefault, parts }: SchemaRow, rows: Map<string, string>): string[] {
  const cell = rows.get(path);
  rows.delete(path);
  const missing = cell === undefined && parts.length === 0 ? [`${path} is missing`] : [];
  const wrong =
    cell !== undefined && plain(cell) !== plain(byDefault)
      ? [`${path} is ${plain(byDefault)} by default, the page says ${plain(cell)}`]
      : [];
  const inside = cell !== undefined && !parts.some((part) => rows.has(part.path)) ? [] : parts;
  return [...missing, ...wrong, ...inside.flatMap((part) => take(part, rows))];
}

function faults(page: OptionRows, schema: readonly SchemaRow[]): string[] {
  const rows = new Map(page);
  const found = schema.flatMap((row) => take(row, rows));
  return [...found, ...[...rows.keys()].map((path) => `${path} is no option`)];
}

describe('the tables of options say what the schemas say', () => {
  it.each(tables)('docs/%s, %s', (page, heading, schema, read = {}) => {
    const further = Object.entries(read).map(([path, byDefault]) => ({
      path,
      byDefault,
      parts: [],
    }));
    expect(faults(optionRows(page, heading), [...schemaRows(schema), ...further])).toEqual([]);
  });

  it('is a check that finds what is missing, wrong and invented', () => {
    const rows = new Map([...optionRows('groups.md', '## Options'), ['speed', 'none']]);
    rows.delete('spans');
    rows.set('onError', "`'continue'`");
    expect(faults(rows, schemaRows(groupSchema))).toEqual([
      'onError is cancel by default, the page says continue',
      'spans is missing',
      'speed is no option',
    ]);
  });
});
