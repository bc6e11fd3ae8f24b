import { Traced } from 'nestjs-tracing';
import type { DataSource } from 'typeorm';
import type { Planting } from './operations.js';
import { PLANTINGS } from './operations.js';
import { OWN_PLANTINGS } from './own-operations.js';

/** Plants values wherever an application can hold one; spans of its own see every error go by. */
export class ValuePlanter {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /**
   * Answers how many plantings failed.
   *
   * @param system `db.system.name`, whose own plantings are done too
   */
  @Traced()
  async plant(system: string): Promise<number> {
    let failed = 0;
    for (const planting of [...PLANTINGS, ...(OWN_PLANTINGS[system] ?? [])]) {
      await this.wrap(planting).catch(() => (failed += 1));
    }
    return failed;
  }

  /** As applications do: the error is the cause of another one. */
  @Traced()
  async wrap(planting: Planting): Promise<void> {
    try {
      await this.issue(planting);
    } catch (cause) {
      throw new Error('planting failed', { cause });
    }
  }

  @Traced()
  async issue(planting: Planting): Promise<void> {
    await planting(this.#dataSource);
  }
}
