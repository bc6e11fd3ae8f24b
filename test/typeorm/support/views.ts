import { inspect } from 'node:util';
import type { DataSource, QueryRunner } from 'typeorm';

/** What an application sees of an object when it lists, copies or prints it. */
function viewOf(object: object): object {
  const keys = new Set<string>();
  for (const key in object) keys.add(key);
  return {
    keys: Object.keys(object).toSorted(),
    inherited: [...keys].toSorted(),
    symbols: Object.getOwnPropertySymbols(object).filter((symbol) =>
      Object.prototype.propertyIsEnumerable.call(object, symbol),
    ),
    copied: Object.keys({ ...object }).toSorted(),
    json: outcomeOf(() => JSON.stringify(object, leavingOutObjects(object))),
    cloned: outcomeOf(() => Object.keys(structuredClone(object)).toSorted()),
    printed: inspect(object, { depth: 0 }),
    keysOfPrototype: Object.keys(Object.getPrototypeOf(object) as object),
    class: object.constructor.name,
  };
}

/** The same of all objects that a DataSource is made of. */
export function viewsOf(dataSource: DataSource, runner: QueryRunner): Record<string, object> {
  const { manager, driver } = dataSource;
  const objects = { dataSource, manager, driver, runner, managerOfRunner: runner.manager };
  return Object.fromEntries(Object.entries(objects).map(([name, each]) => [name, viewOf(each)]));
}

/** The methods that stand on an object itself, or before its class, although that has them. */
export function standInsOn(object: object): PropertyDescriptor[] {
  const ofClass = object.constructor.prototype as object;
  const before = Object.getPrototypeOf(object) as object;
  return [object, ...(before === ofClass ? [] : [before])]
    .flatMap((place) => Object.entries(Object.getOwnPropertyDescriptors(place)))
    .filter(([name, { value }]) => typeof value === 'function' && name in ofClass)
    .map(([, descriptor]) => descriptor);
}

/** They lead to everything, and back. */
function leavingOutObjects(root: object): (key: string, value: unknown) => unknown {
  return (_key, value) =>
    typeof value === 'object' && value !== null && value !== root ? '[object]' : value;
}

function outcomeOf(look: () => unknown): unknown {
  try {
    return look();
  } catch (error) {
    return (error as Error).name;
  }
}
