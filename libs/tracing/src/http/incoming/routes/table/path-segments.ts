/** One part of a template between two slashes. */
export type Segment =
  | { readonly kind: 'fixed'; readonly text: string }
  /** A parameter, with what stands before and after it. */
  | { readonly kind: 'parameter'; readonly before: string; readonly after: string }
  /** A wildcard: all that is left of the path, which is never nothing. */
  | { readonly kind: 'rest' };

/** A template with more optional groups is left out: each doubles the number of paths. */
const MAX_PATHS = 16;
/** What Express 5 has no more meaning for, and Express 4 had: templates of it are not understood. */
const UNKNOWN = /[()[\]?+!]/;
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u;

/** Reads the paths that a template of Express stands for; undefined if it is not understood. */
export function pathsOf(template: string): readonly (readonly Segment[])[] | undefined {
  if (UNKNOWN.test(template) || /[\\"]/.test(template)) return undefined;
  const paths = withoutGroups(template);
  if (paths === undefined) return undefined;
  const read = paths.map(segmentsOf);
  return read.every((path) => path !== undefined) ? read : undefined;
}

/** A wildcard has to be the last one. */
function segmentsOf(path: string): readonly Segment[] | undefined {
  if (path === '' || path === '/') return [];
  const segments = path.split('/').slice(1).map(segmentOf);
  const isKnown = (segment: Segment | undefined, at: number): segment is Segment =>
    segment !== undefined && (segment.kind !== 'rest' || at === segments.length - 1);
  return path.startsWith('/') && segments.every(isKnown) ? segments : undefined;
}

/** A template with each of its optional groups, and without. */
function withoutGroups(template: string): readonly string[] | undefined {
  let paths = [template];
  while (paths.some((path) => path.includes('{'))) {
    if (paths.length > MAX_PATHS) return undefined;
    paths = paths.flatMap(withoutFirstGroup);
  }
  return paths.some((path) => path.includes('}')) ? undefined : paths;
}

/** Its first group that has none inside. */
function withoutFirstGroup(path: string): readonly string[] {
  const close = path.indexOf('}');
  const open = path.lastIndexOf('{', close);
  if (close < 0 || open < 0) return [path.replaceAll('{', '}')];
  const [before, inside, after] = [
    path.slice(0, open),
    path.slice(open + 1, close),
    path.slice(close + 1),
  ];
  return [`${before}${inside}${after}`, `${before}${after}`];
}

function segmentOf(text: string): Segment | undefined {
  if (text.startsWith('*')) return NAME.test(text.slice(1)) ? { kind: 'rest' } : undefined;
  if (text.includes('*')) return undefined;
  const first = text.indexOf(':');
  if (first < 0) return { kind: 'fixed', text };
  const after = text.slice(first + 1).replace(NAME, '');
  return after.includes(':')
    ? undefined
    : { kind: 'parameter', before: text.slice(0, first), after };
}
