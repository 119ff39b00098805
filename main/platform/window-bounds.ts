// Where the window opens: where it was, as long as that can still be seen. Shell process; pure.

/** In device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Of the window when it is neither maximised nor full screen. */
  readonly bounds: Bounds;
  readonly isMaximised: boolean;
}

export const smallestWindow = { width: 480, height: 360 } as const;
const usualWindow = { width: 1280, height: 840 } as const;
/** As much of the title bar must be on a screen for a person to take hold of it. */
const graspable = { width: 120, height: 32 } as const;

/** Null for anything but a whole state: a file that was cut short or edited must not keep the window from opening. */
export function readWindowState(text: string): WindowState | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { bounds, isMaximised } = (value ?? {}) as { bounds?: Partial<Bounds>; isMaximised?: unknown };
  const { x, y, width, height } = bounds ?? {};
  if (!isPixels(x) || !isPixels(y) || !isPixels(width) || !isPixels(height)) return null;
  return { bounds: { x, y, width, height }, isMaximised: isMaximised === true };
}

function isPixels(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 100_000;
}

/**
 * The saved bounds, moved and made smaller so that the window lies on the screen it mostly is on; the usual size in the middle of the first screen where
 * there are none, or where the screen they were on is gone.
 *
 * @param workAreas of the screens, the main one first; at least one.
 */
export function placeWindow(saved: Bounds | null, workAreas: readonly Bounds[]): Bounds {
  const [main = { x: 0, y: 0, ...usualWindow }] = workAreas;
  const [home] = saved
    ? workAreas.filter((area) => isGraspable(saved, area)).sort((a, b) => widthOn(saved, b) - widthOn(saved, a))
    : [];
  if (!saved || !home) {
    const width = Math.min(usualWindow.width, main.width);
    const height = Math.min(usualWindow.height, main.height);
    return {
      x: main.x + Math.round((main.width - width) / 2),
      y: main.y + Math.round((main.height - height) / 2),
      width,
      height,
    };
  }
  const width = clamp(saved.width, Math.min(smallestWindow.width, home.width), home.width);
  const height = clamp(saved.height, Math.min(smallestWindow.height, home.height), home.height);
  return {
    x: clamp(saved.x, home.x, home.x + home.width - width),
    y: clamp(saved.y, home.y, home.y + home.height - height),
    width,
    height,
  };
}

/** Enough of the title bar is on the screen. */
function isGraspable(window: Bounds, area: Bounds): boolean {
  return (
    widthOn(window, area) >= graspable.width &&
    window.y >= area.y - graspable.height / 2 &&
    window.y <= area.y + area.height - graspable.height
  );
}

/** Pixels of the window's width that lie on the screen; less than none where it lies beside. */
function widthOn(window: Bounds, area: Bounds): number {
  return Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
