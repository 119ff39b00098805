// Puts the window's policies in force: navigation, new windows, permissions, requests and downloads. Desktop main process.
import { isAppUrl } from '../platform/app-address.ts';
import type { Logger } from '../platform/log.ts';
import { mayLoad, mayNavigate, mayOpenOutside } from '../platform/navigation-policy.ts';
import { mayUse } from '../platform/permission-table.ts';
import type { ElectronApi } from './electron-api.ts';

type Guarded = Pick<ElectronApi, 'app' | 'session' | 'shell'>;

/** To be called before the first window is made. */
export function setGuards(electron: Guarded, log: Logger): void {
  const developing = !electron.app.isPackaged;
  guardSession(electron.session.defaultSession, developing);
  electron.app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!mayNavigate(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !mayNavigate(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      if (mayOpenOutside(url)) {
        electron.shell.openExternal(url).catch((error) => log.warn({ err: error }, 'a link could not be opened'));
      }
      return { action: 'deny' };
    });
  });
}

function guardSession(session: ElectronApi['session']['defaultSession'], developing: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(mayUse(permission, { url: details.requestingUrl, isMainFrame: details.isMainFrame })),
  );
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    // `requestingUrl` is left out for some checks; the origin says as much of the asker.
    mayUse(permission, { url: details.requestingUrl ?? origin, isMainFrame: details.isMainFrame }),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  session.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, answer) =>
    answer({ cancel: !mayLoad(url, developing) }),
  );
  session.on('will-download', (event, item) => {
    if (!isAppUrl(item.getURL())) event.preventDefault();
  });
}
