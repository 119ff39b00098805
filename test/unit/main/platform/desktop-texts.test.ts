// Words of the desktop edge lie in one place: a sentence or a label in its code would never be translated.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const main = join(import.meta.dirname, '..', '..', '..', '..', 'main');

it('no label, title or message is written where it is used', () => {
  const files = [
    ...readdirSync(join(main, 'electron'))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(main, 'electron', name)),
    join(main, 'platform', 'menu-model.ts'),
    join(main, 'platform', 'tray-model.ts'),
    join(main, 'entry', 'electron.ts'),
  ];
  const spoken = files.flatMap((file) =>
    [
      ...readFileSync(file, 'utf8').matchAll(
        /\b(label|title|message|detail|buttonLabel|tooltip): ['`]|(command|showErrorBox|ask)\(\s*['`][A-Z]/g,
      ),
    ].map(({ 0: found }) => `${file}: ${found}`),
  );
  // A frame that answers a stranger is no text for a person.
  expect(files.length).toBeGreaterThan(8);
  expect(spoken.filter((one) => !/tooltip: `$|frame-channel/.test(one))).toEqual([]);
});
