import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { guard } from '../../span/guard.js';

/** Listeners of diagnostics channels, by the channels' names. */
type ChannelListeners<M> = Readonly<Record<string, (message: M) => void>>;

/**
 * Listens to diagnostics channels until the function returned is called. What a listener throws goes
 * to `diag`.
 */
export function listenTo<M>(listeners: ChannelListeners<M>): () => void {
  const stops = Object.entries(listeners).map(([channel, listener]) => {
    const heard = (message: unknown) => guard(channel, () => listener(message as M));
    subscribe(channel, heard);
    return () => unsubscribe(channel, heard);
  });
  return () => stops.forEach((stop) => stop());
}
