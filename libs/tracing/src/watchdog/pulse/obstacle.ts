import { isMainThread } from 'node:worker_threads';

interface Permission {
  has(scope: string): boolean;
}

/** Why nobody can ask this thread where it is, with the cure; undefined if somebody can. */
export function obstacle(): string | undefined {
  if (!isMainThread) return 'only the main thread of a process can be asked, and this is another';
  if (process.features.inspector === false) return 'this Node is built without the inspector';
  const { permission } = process as { permission?: Permission };
  if (permission === undefined) return undefined;
  if (!permission.has('worker'))
    return 'worker threads are forbidden; start Node with --allow-worker';
  if (mayInspect(permission)) return undefined;
  return knowsFlag()
    ? 'the inspector is forbidden; start Node with --allow-inspector'
    : 'this Node forbids the inspector wherever it has a permission model';
}

function mayInspect(permission: Permission): boolean {
  return knowsFlag() && permission.has('inspector');
}

function knowsFlag(): boolean {
  return process.allowedNodeEnvironmentFlags.has('--allow-inspector');
}
