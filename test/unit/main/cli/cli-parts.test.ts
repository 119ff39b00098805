// The command line's small parts: exit codes, folders, the terminal, the progress line.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../../main/cli/exit-code.ts';
import { libraryFolder, modelsFolder } from '../../../../main/cli/library-folder.ts';
import { duration, progressLine } from '../../../../main/cli/progress-line.ts';
import { createTerminal } from '../../../../main/cli/terminal.ts';
import { AppError } from '../../../../main/platform/app-error.ts';
import { CallCancelled, CallError } from '../../../../preload/contract/client.ts';
import { type ErrorCode, retryByCode } from '../../../../preload/contract/errors.ts';

describe('exit codes', () => {
  const expected: Record<string, number> = {
    input: 2,
    library: 2,
    fs: 2,
    decode: 2,
    host: 2,
    model: 3,
    inference: 3,
    store: 3,
    vectors: 3,
    internal: 1,
  };
  it.each(Object.keys(retryByCode) as ErrorCode[])('%s', (code) => {
    // No library to read is a problem of the library, not of what was typed.
    const exit = code === 'library/not-found' ? 3 : expected[code.split('/')[0] ?? ''];
    expect(exitCodeOf(new CallError({ code, message: '', retry: 'never' }))).toBe(exit);
    expect(exitCodeOf(new AppError(code, ''))).toBe(exit);
  });
  it('is 130 after Ctrl+C and 1 for anything foreign', () => {
    expect(exitCodeOf(new CallCancelled('cancelled'))).toBe(130);
    for (const thrown of [new Error('x'), 'x', undefined, { code: 'fs/denied' }]) expect(exitCodeOf(thrown)).toBe(1);
  });
});

describe('library folder', () => {
  it('is the option, else the environment, else the system’s place', () => {
    expect(libraryFolder('/a', { PHOTOSEEK_LIBRARY: '/b' }, 'linux')).toBe('/a');
    expect(libraryFolder('here', {}, 'linux')).toBe(resolve('here'));
    expect(libraryFolder(undefined, { PHOTOSEEK_LIBRARY: '/b' }, 'linux')).toBe('/b');
    expect(libraryFolder(undefined, { PHOTOSEEK_LIBRARY: '', XDG_DATA_HOME: '/x' }, 'linux')).toBe(
      '/x/Photoseek/library',
    );
    expect(libraryFolder(undefined, {}, 'linux')).toBe(join(homedir(), '.local', 'share', 'Photoseek', 'library'));
    for (const none of ['', 'here']) {
      expect(libraryFolder(undefined, { XDG_DATA_HOME: none }, 'linux')).toBe(libraryFolder(undefined, {}, 'linux'));
    }
    expect(libraryFolder(undefined, { LOCALAPPDATA: '' }, 'win32')).toContain(homedir());
    expect(libraryFolder(undefined, {}, 'darwin')).toContain(join('Library', 'Application Support', 'Photoseek'));
    expect(libraryFolder(undefined, { LOCALAPPDATA: '/w' }, 'win32')).toBe(join('/w', 'Photoseek', 'library'));
  });
  it('lies beside the models, which all libraries share', () => {
    expect(modelsFolder({ XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/Photoseek/models');
    expect(modelsFolder({ PHOTOSEEK_MODELS: '/m' }, 'linux')).toBe('/m');
    expect(modelsFolder({ PHOTOSEEK_MODELS: '', XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/Photoseek/models');
  });
});

function terminalOf(options: { json?: boolean; isTTY?: boolean; columns?: number } = {}) {
  const written = { stdout: '', stderr: '' };
  const to = (stream: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[stream] += text;
    },
  });
  const stdout = to('stdout');
  const stderr = { ...to('stderr'), ...options };
  return { terminal: createTerminal({ stdout, stderr }, options.json ?? false), written };
}

describe('terminal', () => {
  it('prints lines for a reader, without the control characters of other people’s text', () => {
    const { terminal, written } = terminalOf();
    terminal.result({}, () => ['a\u001b[2Jb', 'tab\tbell\u0007', 'c1\u009b31m', 'é 写真 📷']);
    terminal.note('one\nline');
    expect(written).toEqual({
      stdout: 'a\ufffd[2Jb\ntab\ufffdbell\ufffd\nc1\ufffd31m\né 写真 📷\n',
      stderr: 'one\ufffdline\n',
    });
  });

  it('prints one JSON object on one line with --json, and builds no lines', () => {
    const { terminal, written } = terminalOf({ json: true });
    terminal.result({ path: 'a\nb' }, () => {
      throw new Error('not asked for');
    });
    expect(written.stdout).toBe('{"path":"a\\nb"}\n');
  });

  it('shows progress on a terminal only, cut to its width, and clears it before anything else', () => {
    const silent = terminalOf();
    silent.terminal.progress('50 %');
    silent.terminal.endProgress();
    expect(silent.written.stderr).toBe('');
    const { terminal, written } = terminalOf({ isTTY: true, columns: 5 });
    terminal.progress('123456789');
    terminal.note('x');
    terminal.endProgress();
    expect(written.stderr).toBe('\r\u001b[2K1234\r\u001b[2Kx\n');
  });
});

describe('progress line', () => {
  const base = {
    phase: 'indexing',
    done: 30,
    total: 120,
    failed: 0,
    photosPerSecond: 4.5,
    secondsLeft: 20,
    paused: false,
    current: null,
  } as const;
  it.each([
    [{ ...base, phase: 'idle' }, ''],
    [{ ...base, phase: 'scanning' }, 'looking through folders: 120 files'],
    [{ ...base, phase: 'reading' }, 'reading 120 files'],
    [base, '[######..................] 30/120 photos, 4.5 photos/s, 20 s left'],
    [
      { ...base, failed: 30, secondsLeft: 600 },
      '[############............] 60/120 photos, 4.5 photos/s, 10 min left, 30 failed',
    ],
    [
      { ...base, done: 0, photosPerSecond: 0, secondsLeft: null },
      '[........................] 0/120 photos, 0 photos/s',
    ],
    [{ ...base, done: 0, total: 0, secondsLeft: null }, '[########################] 0/0 photos, 4.5 photos/s'],
    [{ ...base, done: 240, secondsLeft: 0 }, '[########################] 240/120 photos, 4.5 photos/s, 0 s left'],
  ] as const)('%#', (progress, line) => expect(progressLine(progress)).toBe(line));

  it.each([
    [0, '0 s'],
    [89.4, '89 s'],
    [90, '2 min'],
    [5_399, '90 min'],
    [5_400, '1.5 h'],
    [360_000, '100 h'],
  ])('says %d s as %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});
