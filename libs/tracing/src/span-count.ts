/** Says how many spans, for a line that is read: `1 span`, `2 spans`. */
export function spanCount(spans: number): string {
  return spans === 1 ? '1 span' : `${spans} spans`;
}
