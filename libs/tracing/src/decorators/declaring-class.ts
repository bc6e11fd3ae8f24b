/** The member that a decorator is on, as it is told. */
type Member = Pick<ClassMethodDecoratorContext, 'name' | 'private' | 'metadata'>;

type Class = { readonly name: string };

/** Compilers put a class's metadata here while engines have no `Symbol.metadata` of their own. */
const METADATA = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for('Symbol.metadata');

/**
 * Returns the class that declares a method, looked for from whatever it is called on: an instance, or
 * for a static method a class, which may only inherit it. Undefined if it cannot be told.
 *
 * @param standIn what the decorator has put in the method's place
 */
export function declaringClass(
  receiver: object,
  member: Member,
  standIn: unknown,
): Class | undefined {
  const isStatic = typeof receiver === 'function';
  const owners = isStatic ? [receiver, ...prototypesOf(receiver)] : prototypesOf(receiver);
  const classes = owners.map((owner) => (isStatic ? (owner as Class) : owner.constructor));
  if (member.private) return ownerOfPrivate(classes, member);
  return classes[owners.findIndex((owner) => ownValue(owner, member.name) === standIn)];
}

/**
 * Nothing on an object tells a private method's class, but its metadata is the decorator's own. Where
 * the compiler keeps none, the one class that writes the method's name must be it.
 */
function ownerOfPrivate(classes: readonly Class[], { name, metadata }: Member): Class | undefined {
  const marked = classes.find((candidate) => ownValue(candidate, METADATA) === metadata);
  if (metadata !== undefined && marked !== undefined) return marked;
  if (classes.length === 1) return classes[0];
  const writing = classes.filter((candidate) => sourceOf(candidate).includes(String(name)));
  return writing.length === 1 ? writing[0] : undefined;
}

function prototypesOf(instance: object): object[] {
  const prototypes: object[] = [];
  let prototype = Object.getPrototypeOf(instance) as object | null;
  while (prototype !== null && prototype !== Object.prototype && prototype !== Function.prototype) {
    prototypes.push(prototype);
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return prototypes;
}

function ownValue(owner: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(owner, key)?.value;
}

/** A class may have a static `toString` of its own. */
function sourceOf(candidate: Class): string {
  return typeof candidate === 'function' ? Function.prototype.toString.call(candidate) : '';
}
