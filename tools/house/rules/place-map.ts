import type { Layer, Place } from '../layers.js';

export interface Placed {
  readonly place: Place;
  /** Undefined for a place that no layer names. */
  readonly layer: Layer | undefined;
  /** Counts from the lowest layer. */
  readonly height: number;
}

/** Says of each file in which place and layer it stands. */
export class PlaceMap {
  readonly #placed: ReadonlyMap<Place, Placed>;

  constructor(layers: readonly Layer[]) {
    const placed = layers.flatMap((layer, height) =>
      layer.places.map((place): [Place, Placed] => [place, { place, layer, height }]),
    );
    this.#placed = new Map(placed);
  }

  of(file: string): Placed {
    const place = this.#placed.has(file) ? file : commonPlace(file);
    return this.#placed.get(place) ?? { place, layer: undefined, height: -1 };
  }
}

function commonPlace(file: string): Place {
  const slash = file.indexOf('/');
  return slash === -1 ? '*.ts' : file.slice(0, slash + 1);
}
