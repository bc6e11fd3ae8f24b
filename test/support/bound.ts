/** Whether the long tests run, on a machine that does nothing else. */
export const isSoak = process.env['SOAK'] === '1';

/** A time limit as it holds on a calm machine; beside other tests it is a looser one. */
export const bound = (millis: number): number => (isSoak ? millis : 3 * millis);
