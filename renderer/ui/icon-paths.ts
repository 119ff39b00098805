// The outlines of the icons, one path each on a 20 by 20 field. Renderer.

export const iconPaths = {
  search: 'M9 15a6 6 0 1 1 0-12a6 6 0 0 1 0 12m4.3-1.7L17 17',
  close: 'M5 5l10 10M15 5L5 15',
  check: 'M4.5 10.5l3.5 3.5l7.5-8',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  folder: 'M2.5 5.5a1 1 0 0 1 1-1h4l2 2.5h7a1 1 0 0 1 1 1v7.5a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1z',
  photos:
    'M3.5 4.5h13a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1M2.5 13l4-4l4 4l2.5-2.5l4.5 4.5M13 8h.01',
  settings: 'M3 6h8M15 6h2M3 14h2M9 14h8M13 4a2 2 0 1 1 0 4a2 2 0 0 1 0-4M7 12a2 2 0 1 1 0 4a2 2 0 0 1 0-4',
  star: 'M10 3l2.1 4.5l4.9.6l-3.6 3.4l.9 4.9L10 14l-4.3 2.4l.9-4.9L3 8.1l4.9-.6z',
  heart: 'M10 16.5S3 12.6 3 7.8A3.8 3.8 0 0 1 10 5.8a3.8 3.8 0 0 1 7 2c0 4.8-7 8.7-7 8.7z',
  warning: 'M10 3.5l7.5 13h-15zM10 8v4M10 14.2h.01',
  info: 'M10 17a7 7 0 1 1 0-14a7 7 0 0 1 0 14M10 9.5V14M10 6.5h.01',
  offline: 'M3 3l14 14M6 14.5a3.5 3.5 0 0 1-.6-6.9M8.4 5.4a4.5 4.5 0 0 1 6 3.6a2.9 2.9 0 0 1 1.6 4.6M6 14.5h7.5',
  play: 'M7 4.5l8.5 5.5L7 15.5z',
  pause: 'M7 4.5v11M13 4.5v11',
  left: 'M12.5 4L6.5 10l6 6',
  right: 'M7.5 4l6 6l-6 6',
  up: 'M4 12.5l6-6l6 6',
  down: 'M4 7.5l6 6l6-6',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  copy: 'M7.5 7.5h8a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-8a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1M4.5 12.5h-.2a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h7a1 1 0 0 1 1 1v.2',
  refresh: 'M16.5 10a6.5 6.5 0 1 1-1.9-4.6L16.5 7M16.5 3.5V7H13',
  undo: 'M4 8h8a4.5 4.5 0 0 1 0 9H8M7 4.5L3.5 8L7 11.5',
  bin: 'M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.7 11h7.6l.7-11',
  download: 'M10 3.5v9M6 9l4 4l4-4M4 16.5h12',
  fullscreen: 'M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4',
  keyboard: 'M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7',
  columns: 'M3 4.5h14v11H3zM7.7 4.5v11M12.3 4.5v11',
  small:
    'M4 4h3v3H4zM8.7 4h3v3h-3zM13.3 4h3v3h-3zM4 8.7h3v3H4zM8.7 8.7h3v3h-3zM13.3 8.7h3v3h-3zM4 13.3h3v3H4zM8.7 13.3h3v3h-3zM13.3 13.3h3v3h-3z',
  large: 'M4 4h12v12H4z',
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  edit: 'M4 13.2V16h2.8L16 6.8L13.2 4zM11.2 6L14 8.8',
  target: 'M10 17a7 7 0 1 1 0-14a7 7 0 0 1 0 14M10 12.5a2.5 2.5 0 1 1 0-5a2.5 2.5 0 0 1 0 5',
  clock: 'M10 17a7 7 0 1 1 0-14a7 7 0 0 1 0 14M10 6v4l2.5 2',
} as const;

export type IconName = keyof typeof iconPaths;
