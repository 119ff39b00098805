// Every word that the desktop window says outside its page: menu, tray, dialogs; the page's own are in renderer/strings. Desktop main process.

export const desktopTexts = {
  name: 'Photoseek',
  menu: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    help: 'Help',
    addFolder: 'Add Folder…',
    settings: 'Settings…',
    selectAll: 'Select All',
    find: 'Find',
    shortcuts: 'Keyboard Shortcuts',
  },
  tray: {
    open: 'Open Photoseek',
    goOn: 'Go On',
    pause: 'Pause',
    quit: 'Quit',
    paused: 'paused',
    scanning: 'looking for photos',
    indexing: 'indexing',
    of: (done: number, total: number): string => `${done} of ${total}`,
    left: (time: string): string => `${time} left`,
    seconds: (count: number): string => `${count} s`,
    minutes: (count: number): string => `${count} min`,
    hours: (count: number): string => `${count} h`,
  },
  pickFolder: { title: 'Add a folder of photos', button: 'Add Folder' },
  windowFails: {
    message: 'The window keeps failing.',
    detail: 'Your library is safe. Photoseek can load the window anew or quit.',
    loadAnew: 'Load anew',
    quit: 'Quit',
  },
  windowHangs: {
    message: 'The window does not answer.',
    detail: 'Your library is safe. You can wait, or load the window anew.',
    loadAnew: 'Load anew',
    wait: 'Wait',
  },
  notStarted: {
    title: 'Photoseek could not start',
    unknown: (error: string): string => `Something went wrong inside Photoseek.\n\n${error}`,
  },
  mustEnd: {
    title: 'Photoseek has to end',
    text: (error: string): string => `Your library is safe.\n\n${error}`,
  },
  notBuilt: 'The interface is not built; run npm run build:desktop.',
};
