// Promise 34: events that never came are made up for. Too few watches, and a storm of events, in child processes of their own.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { memoryFolder, runChild } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';

const limitChild = fileURLToPath(new URL('children/watch-limit.ts', import.meta.url));
const stormChild = fileURLToPath(new URL('children/watch-storm.ts', import.meta.url));
const fewWatches = ['unshare', '-Ur', 'sh', '-c', 'sysctl -qw user.max_inotify_watches=20 && exec "$0" "$@"'];
const [unshare = '', ...limited] = fewWatches;
const canLimit = process.platform === 'linux' && spawnSync(unshare, [...limited, 'true']).status === 0;

describe.skipIf(!canLimit)('promise 34: missed events are repaired (needs unshare and its inotify limit)', () => {
  it('says that watches are refused, and finds every change by the timer', { timeout: 120_000 }, async () => {
    const folder = memoryFolder();
    mkdirSync(join(folder, 'photos'));
    const { code, lines, stderr } = await runChild(limitChild, [folder], { through: fewWatches });
    expect([code, stderr]).toEqual([0, '']);
    expect(lines).toContain('trouble {"reason":"limit","everyMinutes":10}');
    expect(lines).toContain('found 60 of 60');
    reached(34, 'a limit of 20 watches for 61 folders told of; 60 of 60 changes found by the next scan');
  });
});

describe.skipIf(process.platform !== 'linux')('promise 34: a storm of events (Linux)', () => {
  it('loses no file and holds no more than 400 MB', { timeout: 300_000 }, async () => {
    const count = figure(60_000, 300_000);
    const { code, lines, stderr } = await runChild(stormChild, [memoryFolder(), String(count)]);
    expect([code, stderr]).toEqual([0, '']);
    const facts = Object.fromEntries(lines.map((line) => line.split(' ')));
    expect(Number(facts['known'])).toBe(count);
    expect(Number(facts['megabytes'])).toBeLessThan(400);
    reached(34, `${count} new files, all found in ${facts['looks']} looks, ${facts['megabytes']} MB at most`);
  });
});
