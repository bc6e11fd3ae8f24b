import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CANARY, CANARY_EMAIL } from './values.js';

/** A migration that writes rows. */
export class SeedCustomers1700000000011 implements MigrationInterface {
  name = 'SeedCustomers1700000000011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO customer(email) VALUES ('seed ${CANARY_EMAIL}')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM customer WHERE email = 'seed ${CANARY_EMAIL}'`);
  }
}

/** A migration that fails, with a value in what the database says about it. */
export class FailToSeed1700000000012 implements MigrationInterface {
  name = 'FailToSeed1700000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO customer(email) VALUES ('${CANARY}'), ('${CANARY}')`);
  }

  async down(): Promise<void> {}
}
