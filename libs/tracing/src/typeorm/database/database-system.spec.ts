import type { DataSource } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../../testing/index.js';
import type { SpanRecorder } from '../../testing/index.js';
import { namespaceOf, systemName } from './database-system.js';
import { instrumentDataSource } from '../index.js';

const source = (type: string, driver: object = {}, options: object = {}): DataSource =>
  ({ options: { type, ...options }, driver }) as unknown as DataSource;

let spans: SpanRecorder | undefined;
afterEach(async () => {
  await spans?.stop();
  spans = undefined;
});

describe('B6 the system and the namespace', () => {
  it.each([
    ['postgres', 'postgresql'],
    ['aurora-postgres', 'postgresql'],
    ['cockroachdb', 'cockroachdb'],
    ['mysql', 'mysql'],
    ['mariadb', 'mariadb'],
    ['mssql', 'microsoft.sql_server'],
    ['oracle', 'oracle.db'],
    ['sap', 'sap.hana'],
    ['spanner', 'gcp.spanner'],
    ['better-sqlite3', 'sqlite'],
    ['sqljs', 'sqlite'],
    ['a driver to come', 'other_sql'],
  ])('tells %s as %s', (type, system) => {
    expect(systemName(source(type), undefined)).toBe(system);
  });

  it("believes the server's word for its version before its number", () => {
    expect(systemName(source('mysql'), '5.5.68-MariaDB')).toBe('mariadb');
    expect(systemName(source('mysql', { version: '10.1.0' }), '10.1.0')).toBe('mysql');
    expect(systemName(source('mysql', { version: '11.4.2' }), undefined)).toBe('mariadb');
    expect(systemName(source('mysql', { version: '8.4.3' }), undefined)).toBe('mysql');
  });

  it('hears the word of the server while the DataSource starts', async () => {
    spans = recordSpans();
    const answers = { query: () => Promise.resolve([{ version: '5.5.68-MariaDB' }]) };
    const dataSource = source('mysql', { createQueryRunner: () => answers });
    const initialize = async (): Promise<DataSource> => {
      await dataSource.driver.createQueryRunner('master').query('SELECT version() as version');
      return Object.assign(dataSource, { isInitialized: true });
    };
    instrumentDataSource(Object.assign(dataSource, { initialize, manager: {} }));
    await dataSource.initialize();
    await dataSource.driver.createQueryRunner('master').query('SELECT 2');
    const systems = spans.named('SELECT').map((span) => span.attributes['db.system.name']);
    expect(systems).toEqual(['mysql', 'mariadb']);
  });

  it('joins database and schema on PostgreSQL, instance and database on SQL Server', () => {
    const driver = { database: 'app', schema: 'public' };
    expect(namespaceOf(source('postgres', driver), 'postgresql')).toBe('app|public');
    expect(namespaceOf(source('postgres', { database: 'app' }), 'postgresql')).toBe('app');
    const mssql = source('mssql', driver, { options: { instanceName: 'main' } });
    expect(namespaceOf(mssql, 'microsoft.sql_server')).toBe('main|app');
    expect(namespaceOf(source('mysql', driver), 'mysql')).toBe('app');
    expect(namespaceOf(source('sqljs'), 'sqlite')).toBeUndefined();
  });
});
