/**
 * Asks the main thread to call a function of its own, wherever it is at this moment: Node delivers a
 * message to the inspector as an interrupt, so the function runs inside of the code that blocks.
 */
export type Poke = (expression: string) => void;

/**
 * Makes a poke of one-shot sessions: one that stays open makes `process.exit()` wait for a debugger.
 * Neither `Debugger` nor `Profiler` is enabled, so the code runs at its usual speed. Nor may the pause of
 * somebody else's debugger fall into the evaluation: Node would hold the thread for ever.
 */
export async function createPoke(): Promise<Poke> {
  const { Session } = await import('node:inspector');
  return (expression) => {
    const session = new Session();
    session.connectToMainThread();
    session.post('Runtime.evaluate', { expression, silent: true, disableBreaks: true });
    session.disconnect();
  };
}
