import { Injectable } from '@nestjs/common';
import { BADGES } from '../search/conditions.js';
import { TraceFinder } from '../search/trace-finder.js';
import { routeOf } from '../store/route.js';
import type { StoredTrace } from '../store/stored-trace.js';
import type { SearchTerms } from '../wire/overview.interface.js';

/** Words of a kind that are offered. */
const MAX_WORDS = 500;
/** Different words that are counted before new ones are left out. */
const MAX_COUNTED = 5_000;

/** Collects what a search can be made of. */
@Injectable()
export class SearchVocabulary {
  constructor(private readonly finder: TraceFinder) {}

  async read(): Promise<SearchTerms> {
    const [services, routes, attributes] = [new Tally(), new Tally(), new Tally()];
    await this.finder.each((trace) => {
      for (const service of trace.facts.services) services.add(service);
      routes.add(routeOf(trace));
      addKeys(attributes, trace);
    });
    return {
      services: services.words,
      routes: routes.words,
      attributes: attributes.words,
      has: Object.keys(BADGES),
    };
  }
}

function addKeys(keys: Tally, { spans }: StoredTrace): void {
  for (const { attributes } of spans) for (const key in attributes) keys.add(key);
}

class Tally {
  readonly #counts = new Map<string, number>();

  add(word: string): void {
    const known = this.#counts.get(word);
    if (known === undefined && this.#counts.size >= MAX_COUNTED) return;
    this.#counts.set(word, (known ?? 0) + 1);
  }

  get words(): string[] {
    const byCount = [...this.#counts].toSorted(([, one], [, other]) => other - one);
    return byCount.slice(0, MAX_WORDS).map(([word]) => word);
  }
}
