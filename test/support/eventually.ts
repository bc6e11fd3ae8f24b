import { vi } from 'vitest';

/** Waits until a check holds, as long as a busy machine may need. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000 });
}
