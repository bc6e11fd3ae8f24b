/**
 * Gives fields of ours to objects that are not ours: the private ones of a class that extends this. Nobody
 * sees them, and they cost next to nothing, where a property that nobody lists takes 2,000 instructions.
 */
export class Stamp {
  constructor(target: object) {
    // oxlint-disable-next-line no-constructor-return -- the fields of a subclass go on what is returned
    return target;
  }
}
