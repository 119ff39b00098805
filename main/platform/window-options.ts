// How the one window is made: locked down, and in the colours of its page from the first moment. Shell process; pure.
import { type Bounds, smallestWindow } from './window-bounds.ts';

export interface WindowOptionsInput {
  readonly bounds: Bounds;
  /** Absolute path of the built preload script. */
  readonly preload: string;
  readonly isDark: boolean;
  /** Not packaged: developer tools can be opened. */
  readonly developing: boolean;
  readonly icon: string;
}

/** The page's background in `renderer/styles/tokens.css`, so that a window that opens does not flash. */
const background = { light: '#fcfcfb', dark: '#121314' } as const;

/** Options of Electron's `BrowserWindow`; made here and nowhere else, so that one test holds for every window. */
export function windowOptions({ bounds, preload, isDark, developing, icon }: WindowOptionsInput) {
  return {
    ...bounds,
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Photoseek',
    icon,
    show: false,
    backgroundColor: isDark ? background.dark : background.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // Its dictionaries would be fetched from the network.
      spellcheck: false,
      devTools: developing,
      // Video of the gallery starts by a click only.
      autoplayPolicy: 'user-gesture-required' as const,
    },
  };
}
