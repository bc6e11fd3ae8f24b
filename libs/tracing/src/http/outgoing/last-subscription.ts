import { channel } from 'node:diagnostics_channel';
import type { Channel, ChannelListener } from 'node:diagnostics_channel';
import { processSlot } from '../../process-slot.js';

/** The subscribers that stay last on a channel, and whether others were there before the first of them. */
interface LastSubscribers {
  readonly listeners: Set<ChannelListener>;
  readonly othersBefore: boolean;
}

const subscribers = processSlot('last subscribers', () => new Map<string, LastSubscribers>());

/**
 * Subscribes to a channel behind everybody else, those who come later included, until `stop` is
 * called: what other subscribers do to a message is done when this one hears of it. Node has no call
 * for that, so `subscribe` of this one channel is shadowed meanwhile.
 *
 * @returns `othersBefore`: whether anybody but this package had subscribed already
 */
export function subscribeLast(
  name: string,
  listener: ChannelListener,
): { readonly othersBefore: boolean; readonly stop: () => void } {
  const target = channel(name);
  const known = subscribers.current.get(name);
  const { listeners, othersBefore } = known ?? begun(name, target.hasSubscribers);
  target.subscribe(listener);
  listeners.add(listener);
  if (known === undefined) shadowSubscribe(target, listeners);
  const stop = (): void => {
    target.unsubscribe(listener);
    if (!listeners.delete(listener) || listeners.size > 0) return;
    Reflect.deleteProperty(target, 'subscribe');
    subscribers.current.delete(name);
  };
  return { othersBefore, stop };
}

function begun(name: string, othersBefore: boolean): LastSubscribers {
  const made = { listeners: new Set<ChannelListener>(), othersBefore };
  subscribers.current.set(name, made);
  return made;
}

function shadowSubscribe(target: Channel, listeners: ReadonlySet<ChannelListener>): void {
  const value = (other: ChannelListener): void => {
    subscribeOf(target)(other);
    for (const listener of listeners) {
      target.unsubscribe(listener);
      subscribeOf(target)(listener);
    }
  };
  Object.defineProperty(target, 'subscribe', { value, configurable: true, writable: true });
}

/** A channel changes its prototype with its first subscriber. */
function subscribeOf(target: Channel): (listener: ChannelListener) => void {
  const { subscribe } = Object.getPrototypeOf(target) as Channel;
  return (listener) => Reflect.apply(subscribe, target, [listener]);
}
