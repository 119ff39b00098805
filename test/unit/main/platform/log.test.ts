// The log file: where it lies, its level, and that a full one is moved aside.
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openLog, silentLog } from '../../../../main/platform/log.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'photoseek-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('openLog', () => {
  it('writes JSON lines at level info into a folder it makes', () => {
    const folder = join(temporaryFolder(), 'logs');
    const log = openLog(folder, {});
    log.debug('left out');
    log.info({ area: 'indexing', count: 2 }, 'scanned');
    const lines = readFileSync(join(folder, 'photoseek.log'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ level: 30, area: 'indexing', count: 2, msg: 'scanned', pid: process.pid }),
    ]);
  });

  it('takes its level from PHOTOSEEK_LOG', () => {
    expect(openLog(temporaryFolder(), { PHOTOSEEK_LOG: 'debug' }).level).toBe('debug');
  });

  it('moves a full file aside and keeps one old file', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'photoseek.log');
    writeFileSync(`${file}.1`, 'older');
    writeFileSync(file, 'old');
    truncateSync(file, 5_000_001);
    openLog(folder, {}).info('new');
    expect(readFileSync(`${file}.1`, 'utf8').slice(0, 3)).toBe('old');
    expect(readFileSync(file, 'utf8')).toMatch(/"msg":"new"/);
  });

  it('keeps nothing where there is no folder to write to', () => {
    silentLog().error('x');
    expect(existsSync('photoseek.log')).toBe(false);
  });
});
