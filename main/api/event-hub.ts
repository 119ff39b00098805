// Tells every connected interface the newest state of each topic, often enough and never more than it can take. Shell process.
import type { EventData, EventName } from '../../preload/contract/events.ts';
import type { ReplyFrame } from '../../preload/contract/frames.ts';
import type { Clock } from '../platform/clock.ts';

type EventFrame = Extract<ReplyFrame, { kind: 'event' }>;

/** One connection that listens. */
export interface Listener {
  send(frame: EventFrame): void;
  /** False while what was sent before has not gone out yet: states are held back then, the newest of each topic. */
  canTake(): boolean;
}

export interface Subscription {
  /** The connection can take more again. */
  drained(): void;
  end(): void;
}

export interface EventHub {
  /** Sends the state of a topic to all: at once where the last one is long enough ago, else the newest one when its time has come. */
  publish<Name extends EventName>(name: Name, data: EventData<Name>): void;
  /** Hears what is published from now on; for the state before, a topic has its `get` method. */
  subscribe(listener: Listener): Subscription;
  /** Connections that listen now. */
  listeners(): number;
  close(): void;
}

/** Pause between two states of a topic, in milliseconds: progress is read by people, and a change of the library costs a gallery a fetch. */
export const pauseMs: Readonly<Record<EventName, number>> = {
  'library.changed': 500,
  'indexing.progress': 250,
  'shell.banners': 0,
  'models.downloads': 250,
};

interface Topic {
  sentAt: number;
  waiting: { readonly data: unknown } | undefined;
  cancel: (() => void) | undefined;
}

export function createEventHub(clock: Clock): EventHub {
  const peers = new Set<ReturnType<typeof createPeer>>();
  const topics = new Map<EventName, Topic>();

  function topicOf(name: EventName): Topic {
    const known = topics.get(name);
    if (known) return known;
    const topic: Topic = { sentAt: Number.NEGATIVE_INFINITY, waiting: undefined, cancel: undefined };
    topics.set(name, topic);
    return topic;
  }

  function send(name: EventName, topic: Topic, data: unknown): void {
    topic.sentAt = clock.now();
    for (const peer of peers) peer.tell(name, data);
  }

  function sendWaiting(name: EventName, topic: Topic): void {
    topic.cancel = undefined;
    const { waiting } = topic;
    topic.waiting = undefined;
    if (waiting) send(name, topic, waiting.data);
  }

  return {
    publish(name, data) {
      const topic = topicOf(name);
      const dueInMs = topic.sentAt + pauseMs[name] - clock.now();
      if (dueInMs <= 0 && !topic.cancel) send(name, topic, data);
      else {
        topic.waiting = { data };
        topic.cancel ??= clock.after(Math.max(0, dueInMs), () => sendWaiting(name, topic));
      }
    },
    subscribe(listener) {
      const peer = createPeer(listener);
      peers.add(peer);
      return { drained: peer.drained, end: () => void peers.delete(peer) };
    },
    listeners: () => peers.size,
    close() {
      for (const topic of topics.values()) topic.cancel?.();
      peers.clear();
    },
  };
}

/** Every state takes a number of its own, sent or not: a state that a newer one replaced leaves a gap that the client sees. */
function createPeer(listener: Listener): { tell(name: EventName, data: unknown): void; drained(): void } {
  const held = new Map<EventName, EventFrame>();
  let seq = 0;

  function drained(): void {
    for (const [name, frame] of [...held].sort((a, b) => a[1].seq - b[1].seq)) {
      if (!listener.canTake()) return;
      held.delete(name);
      listener.send(frame);
    }
  }

  return {
    tell(name, data) {
      held.set(name, { kind: 'event', name, seq: ++seq, data });
      drained();
    },
    drained,
  };
}
