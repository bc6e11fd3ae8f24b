/**
 * `ClassName.method` of a member: of the class itself for a static one, else of the prototype's
 * class. A symbol is written as ECMAScript names such functions, `[description]`.
 */
export function codeName(target: object, key: string | symbol): string {
  const owner = typeof target === 'function' ? target : target.constructor;
  return joinCodeName(owner.name, key);
}

/** Joins a class and a member to a span's default name. */
export function joinCodeName(className: string, key: string | symbol): string {
  const member = typeof key === 'symbol' ? `[${key.description ?? ''}]` : key;
  return `${className === '' ? '(anonymous)' : className}.${member}`;
}
