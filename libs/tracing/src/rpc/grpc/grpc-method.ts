/** Longer ones are cut: the path of an unknown method is whatever a client asks for. */
const MAX_LENGTH = 256;

/** Returns a method as the conventions write it, `package.Service/Method`, from the path of its call. */
export function grpcMethod(path: string): string {
  return path.replace(/^\//, '').slice(0, MAX_LENGTH);
}
