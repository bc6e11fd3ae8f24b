import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { LazyModuleLoader, ModuleRef, ModulesContainer } from '@nestjs/core';
import { guard } from '../span/guard.js';
import { learnRootContext } from '../tracer/context-with-span.js';
import type { AutoTraceSettings, ResolvedAutoTraceOptions } from './auto-trace.schema.js';
import { openApplication } from './automatic-user.js';
import type { Application } from './automatic-user.js';
import { candidatesOf, wrappersOf } from './candidates.js';
import type { AnyClass, Candidate } from './candidates.js';
import { ClassSelection } from './class-selection.js';
import { enhancerClasses } from './enhancer-classes.js';
import type { GlobalEnhancers } from './enhancer-classes.js';
import { watchLateClasses } from './late-classes.js';
import { PlacedClasses } from './placed-classes.js';
import type { MethodRules } from './traceable-methods.js';

/** The way to the global enhancers: Nest injects nothing that knows them. */
interface ContainerOwner {
  readonly container?: { readonly applicationConfig?: GlobalEnhancers };
}

/** Which methods have spans by other means. */
type OtherSpans = Omit<MethodRules, 'enhancers'>;

const UNKNOWN =
  'autoTrace cannot tell which classes are your own: this is a bundle, or node:inspector is missing or ' +
  'forbidden.';

const FIXED =
  'the prototype is frozen or sealed, or the method cannot be configured. Put @Traced() on the methods, ' +
  'freeze the prototype after the start, or exclude them.';

const logger = new Logger('TracingModule');

/**
 * Gives the methods of an application's own classes spans without a decorator, by stand-ins on their
 * prototypes. Nothing of a library is touched, and nothing is put between Nest and an instance.
 */
@Injectable()
export class AutomaticTracing implements OnModuleInit {
  readonly #modules: ModulesContainer;
  readonly #moduleRef: ModuleRef;
  readonly #undo: (() => void)[] = [];
  readonly #application = new OwnInstances(() => this.#modules);
  #placed: PlacedClasses | undefined;
  #hasEnhancers = false;
  #say: (message: string) => void = () => undefined;

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(ModuleRef) moduleRef: ModuleRef,
  ) {
    this.#modules = modules;
    this.#moduleRef = moduleRef;
  }

  /** Called while Nest makes its modules, when every class is known and none is in use. */
  start(
    options: ResolvedAutoTraceOptions,
    others: OtherSpans,
    say: (message: string) => void,
  ): void {
    this.#undo.push(openApplication(this.#application));
    if (options === undefined) return;
    learnRootContext();
    this.#say = say;
    this.#hasEnhancers = options.enhancers;
    this.#application.minDurationMillis = options.minDurationMillis;
    const rules = { ...others, enhancers: options.enhancers };
    this.#placed = new PlacedClasses(this.#application, new ClassSelection(options), rules);
    this.#explore(false);
    this.#sayOrigins(options);
  }

  /**
   * Nest asks every module for its middleware, and looks up what it calls of it before any hook. The others
   * have answered in a turn, unless they wait for something.
   */
  configure(): Promise<void> | undefined {
    if (!this.#hasEnhancers) return undefined;
    return nextTurn().then(() => this.#explore(false));
  }

  /** Nest has made all instances: those of factories are known by their classes now. */
  onModuleInit(): void {
    this.#application.areMade = true;
    this.#explore(true);
  }

  /** The application has started. */
  finishStart(): void {
    const placed = this.#placed;
    if (placed === undefined) return;
    for (const fault of placed.selection.faults) this.#say(fault);
    this.#sayFixed(placed);
    logger.debug(`autoTrace gives spans to ${placed.describe()}`);
    this.#watchLate();
  }

  /** The application closes: takes out what was put in. */
  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#placed?.takeOut();
  }

  #explore(areMade: boolean): void {
    guard('looking for the classes of an application', () => {
      this.#place(candidatesOf(this.#modules.values(), areMade));
    });
  }

  #place(candidates: readonly Candidate[]): void {
    const config = (this.#moduleRef as unknown as ContainerOwner).container?.applicationConfig;
    this.#placed?.place(candidates, enhancerClasses(this.#modules.values(), config));
  }

  #watchLate(): void {
    const loader = guard('looking for the loader of lazy modules', () =>
      this.#moduleRef.get(LazyModuleLoader, { strict: false }),
    );
    const modulesLoaded = (): void => {
      this.#application.forget();
      this.#explore(true);
      if (this.#placed !== undefined) this.#sayFixed(this.#placed);
      this.#watchLate();
    };
    const aboutToMake = (type: AnyClass, module: unknown): void => {
      this.#place([{ type, tokens: new Set([type]), modules: new Set([module]) }]);
    };
    const late = { modulesLoaded, aboutToMake };
    this.#undo.push(...watchLateClasses(this.#modules.values(), loader, late));
  }

  #sayFixed(placed: PlacedClasses): void {
    const names = placed.takeFixed();
    if (names.length > 0) this.#say(`autoTrace gives no spans to ${names.join(', ')}: ${FIXED}`);
  }

  #sayOrigins({ include }: AutoTraceSettings): void {
    if (this.#placed?.knowsOrigins !== false) return;
    this.#say(
      include === undefined
        ? `${UNKNOWN} Nothing is traced: name your classes in autoTrace.include.`
        : `${UNKNOWN} Only what autoTrace.include names is traced.`,
    );
  }
}

/** The objects that an application has made one of each. They are looked up once somebody asks. */
class OwnInstances implements Application {
  readonly #modules: () => ModulesContainer;
  minDurationMillis = 0;
  /** Before, Nest must not be asked which there are one of: it would remember too early. */
  areMade = false;
  #instances: WeakSet<object> | undefined;

  constructor(modules: () => ModulesContainer) {
    this.#modules = modules;
  }

  owns(instance: object): boolean {
    if (!this.areMade) return false;
    this.#instances ??= this.#look();
    return this.#instances.has(instance);
  }

  /** There may be more now. */
  forget(): void {
    this.#instances = undefined;
  }

  #look(): WeakSet<object> {
    const instances = new WeakSet<object>();
    for (const one of this.#modules().values()) {
      for (const wrapper of wrappersOf(one)) {
        const instance: unknown = wrapper.isDependencyTreeStatic() ? wrapper.instance : undefined;
        if (typeof instance === 'object' && instance !== null) instances.add(instance);
      }
    }
    return instances;
  }
}
