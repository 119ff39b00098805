// Keeps something up to date with a topic that may change many times a second: one load at a time, with a pause between. Renderer.

export interface Refresher {
  /** Loads now, or once the pause since the last load is over. */
  ask(): void;
  stop(): void;
}

/** `load` must settle; what it throws is its own to handle. */
export function createRefresher(load: () => Promise<void>, pauseMs: number): Refresher {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let again = false;
  let stopped = false;

  function ask(): void {
    if (stopped) return;
    again = true;
    if (!busy && timer === undefined) void go();
  }

  async function go(): Promise<void> {
    again = false;
    busy = true;
    try {
      await load();
    } finally {
      busy = false;
      if (!stopped) timer = setTimeout(rested, pauseMs);
    }
  }

  function rested(): void {
    timer = undefined;
    if (again) void go();
  }

  return {
    ask,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
