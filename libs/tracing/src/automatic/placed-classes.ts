import { types } from 'node:util';
import { codeName } from '../decorators/code-name.js';
import { NO_TRACE_METADATA } from '../decorators/metadata.js';
import { isCalledByApply, isHandlerOfNest, placeBeforeCalls } from '../entry/handler-calls.js';
import { PlacedMethods } from '../entry/placed-methods.js';
import type { MakeStandIn, PlacedOn } from '../entry/placed-methods.js';
import { processSlot } from '../process-slot.js';
import { isObject } from '../span/is-object.js';
import { automaticMethod } from './automatic-method.js';
import type { Application, AutomaticUser } from './automatic-user.js';
import type { AnyClass, Candidate } from './candidates.js';
import { prototypeOf } from './candidates.js';
import type { ClassOrigin } from './class-origins.js';
import { originsOf } from './class-origins.js';
import type { ClassSelection } from './class-selection.js';
import { pairListeners } from './paired-listeners.js';
import { PlacedClass } from './placed-class.js';
import type { MethodRules } from './traceable-methods.js';
import { traceableMethods } from './traceable-methods.js';

const slot = processSlot('automatic spans', (): PlacedOn<AutomaticUser> => new WeakMap());
const automaticMethods = new PlacedMethods(slot, pairListeners);
const automaticCalls = new PlacedMethods(slot);

/** What a class is told to be a logger by: its calls say something, and are not the work. */
const LOGGER_METHODS = ['log', 'warn', 'error'];

/** A class of an application or a base of one, and of whom it is chosen. */
interface Lineage {
  readonly type: AnyClass;
  readonly prototype: object;
  readonly candidate: Candidate;
}

/** The classes of one application that have stand-ins. */
export class PlacedClasses {
  readonly selection: ClassSelection;
  readonly #application: Application;
  readonly #rules: MethodRules;
  readonly #byPrototype = new Map<object, PlacedClass>();
  readonly #fixed = new Map<string, boolean>();
  #knowsOrigins: boolean | undefined;

  constructor(application: Application, selection: ClassSelection, rules: MethodRules) {
    this.#application = application;
    this.selection = selection;
    this.#rules = rules;
  }

  /** Whether it is known of every class whose it is. */
  get knowsOrigins(): boolean {
    return this.#knowsOrigins ?? true;
  }

  /**
   * Puts stand-ins on the classes that are chosen, and on the application's classes that they extend.
   *
   * @param enhancers the classes that Nest calls around handlers
   */
  place(candidates: readonly Candidate[], enhancers: ReadonlySet<object>): void {
    const lineages = candidates.map(lineageOf);
    const originOf = originsOf(lineages.flat().map(({ type }) => type));
    this.#knowsOrigins ??= lineages.flat().every(({ type }) => originOf(type) !== 'unknown');
    for (const lineage of lineages) this.#placeLineage(lineage, originOf, enhancers);
  }

  /** Returns the methods that are chosen and cannot have a stand-in, each once. */
  takeFixed(): string[] {
    const untold = [...this.#fixed].filter(([, isTold]) => !isTold).map(([name]) => name);
    for (const name of untold) this.#fixed.set(name, true);
    return untold;
  }

  /** Takes out all stand-ins that nobody else needs. */
  takeOut(): void {
    const placed = [...this.#byPrototype.values()].toReversed();
    this.#byPrototype.clear();
    for (const { undo } of placed) undo.toReversed().forEach((takeOut) => takeOut());
  }

  /** Lists what was chosen. */
  describe(): string {
    const classes = [...this.#byPrototype.values()].filter(({ methods }) => methods.length > 0);
    if (classes.length === 0) return 'no class';
    return classes.map(({ name, methods }) => `${name} (${methods.join(', ')})`).join(', ');
  }

  #placeLineage(
    lineage: readonly Lineage[],
    originOf: (type: object) => ClassOrigin,
    enhancers: ReadonlySet<object>,
  ): void {
    const [own] = lineage;
    if (own === undefined) return;
    const { candidate, prototype } = own;
    const isIncluded = this.selection.includes(candidate, originOf(own.type));
    const isExcluded = this.selection.excludes(candidate) || isLeftAlone(own);
    for (const each of lineage) {
      const origin = originOf(each.type);
      if (isExcluded) this.#placedOn(each).exclude(prototype);
      else if (
        (isIncluded || this.#mayPick(origin)) &&
        (each === own || this.#isBase(each, origin))
      ) {
        this.#placedOn(each).choose(prototype);
        this.#placeOn(this.#placedOn(each), each, isIncluded, enhancers.has(candidate.type));
      }
    }
  }

  /** Whether single methods may be chosen of a class that is not chosen as a whole. */
  #mayPick(origin: ClassOrigin): boolean {
    return this.selection.mayIncludeMethods(origin);
  }

  /** Whether what a class inherits from this one is the application's own as well. */
  #isBase({ type }: Lineage, origin: ClassOrigin): boolean {
    const isLeftOut = Reflect.hasOwnMetadata(NO_TRACE_METADATA, type);
    return origin === 'application' && !isLeftOut && !this.selection.excludes(asCandidate(type));
  }

  #placedOn({ prototype, type }: Lineage): PlacedClass {
    const known = this.#byPrototype.get(prototype);
    if (known !== undefined) return known;
    const placed = new PlacedClass(type.name, prototype, this.#application);
    this.#byPrototype.set(prototype, placed);
    return placed;
  }

  #placeOn(
    placed: PlacedClass,
    { prototype, type, candidate }: Lineage,
    isIncluded: boolean,
    isEnhancer: boolean,
  ): void {
    for (const { key, method, isFixed } of traceableMethods(
      prototype,
      type,
      isEnhancer,
      this.#rules,
    )) {
      const name = codeName(prototype, key);
      if (placed.methods.includes(key) || !this.selection.takes(name, isIncluded)) continue;
      const isHandler = isHandlerOfNest(method, candidate.type) && isCalledByApply(method);
      if (isFixed && !isHandler) {
        if (!this.#fixed.has(name)) this.#fixed.set(name, false);
        continue;
      }
      const returnType: unknown = Reflect.getMetadata('design:returntype', prototype, key);
      placed.methods.push(key);
      const make: MakeStandIn<AutomaticUser> = (found, users) =>
        automaticMethod(found, name, returnType, users);
      placed.undo.push(
        isHandler
          ? placeBeforeCalls(automaticCalls, method, placed.user, make)
          : automaticMethods.place(prototype, key, placed.user, make),
      );
    }
  }
}

/** A class and those that it extends, as far as they can be told without running anything. */
function lineageOf(candidate: Candidate): Lineage[] {
  const lineage: Lineage[] = [];
  let prototype: object | null | undefined = prototypeOf(candidate.type);
  while (isObject(prototype) && prototype !== Object.prototype && !types.isProxy(prototype)) {
    const type: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (typeof type === 'function' && !types.isProxy(type)) {
      lineage.push({ type: type as unknown as AnyClass, prototype, candidate });
    }
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return lineage;
}

function isLeftAlone({ type, prototype }: Lineage): boolean {
  if (Reflect.hasOwnMetadata(NO_TRACE_METADATA, type)) return true;
  return LOGGER_METHODS.every((name) => name in prototype);
}

function asCandidate(type: AnyClass): Candidate {
  return { type, tokens: new Set(), modules: new Set() };
}
