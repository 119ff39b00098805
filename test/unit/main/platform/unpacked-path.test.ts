// Files beside a packaged application's archive.
import { expect, it } from 'vitest';
import { unpacked } from '../../../../main/platform/unpacked-path.ts';

it.each([
  [
    'file:///opt/Photoseek/resources/app.asar/main/entry/search.ts',
    'file:///opt/Photoseek/resources/app.asar.unpacked/main/entry/search.ts',
  ],
  ['file:///C:/Photoseek/resources/app.asar/docs', 'file:///C:/Photoseek/resources/app.asar.unpacked/docs'],
  ['file:///home/ada/photoseek/main/entry/search.ts', 'file:///home/ada/photoseek/main/entry/search.ts'],
  ['file:///home/ada/app.asar.old/x', 'file:///home/ada/app.asar.old/x'],
])('%s', (file, expected) => expect(unpacked(new URL(file)).href).toBe(expected));
