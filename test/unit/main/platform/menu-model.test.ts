// The menu as each system expects it.
import { describe, expect, it } from 'vitest';
import { type MenuEntry, menuModel } from '../../../../main/platform/menu-model.ts';

const entries = (platform: NodeJS.Platform, developing = false): MenuEntry[] =>
  menuModel(platform, developing).flatMap((menu) => menu.entries);
const accelerators = (platform: NodeJS.Platform): string[] =>
  entries(platform).flatMap((entry) => (entry.kind === 'command' && entry.accelerator ? [entry.accelerator] : []));

describe('menuModel', () => {
  it('macOS has the application’s menu first, others its entries under File', () => {
    const labels = (platform: NodeJS.Platform) => menuModel(platform, false).map(({ label }) => label);
    expect(labels('darwin')).toEqual(['Photoseek', 'File', 'Edit', 'View', 'Window', 'Help']);
    expect(labels('win32')).toEqual(['File', 'Edit', 'View', 'Window', 'Help']);
    expect(labels('linux')).toEqual(labels('win32'));
  });

  it.each(['darwin', 'win32', 'linux'] as const)('%s offers every command once, and a way to quit', (platform) => {
    const commands = entries(platform).flatMap((entry) => (entry.kind === 'command' ? [entry.command.name] : []));
    expect(commands.toSorted()).toEqual(['add-folder', 'find', 'select-all', 'settings', 'shortcuts']);
    expect(entries(platform).filter((entry) => entry.kind === 'role' && entry.role === 'quit')).toHaveLength(1);
    expect(new Set(accelerators(platform)).size).toBe(accelerators(platform).length);
  });

  it('leaves the keys that text fields need to them', () => {
    expect(accelerators('linux').filter((key) => /\+(A|C|V|X|Z)$/.test(key))).toEqual([]);
  });

  it('no menu begins or ends with a line, or has two in a row', () => {
    for (const platform of ['darwin', 'win32', 'linux'] as const)
      for (const { entries: items } of menuModel(platform, true))
        items.forEach((item, at) => {
          const next = items[at + 1];
          if (item.kind === 'separator')
            expect([at > 0, next !== undefined && next.kind !== 'separator']).toEqual([true, true]);
        });
  });
});
