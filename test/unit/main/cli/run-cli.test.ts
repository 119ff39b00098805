// Whole command lines over fake handlers: what goes to stdout, what to stderr, and the exit code.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliHost, runCli } from '../../../../main/cli/run-cli.ts';
import { AppError, CancelledError } from '../../../../main/platform/app-error.ts';
import { silentLog } from '../../../../main/platform/log.ts';
import { type AnyHandler, fakeHandlers, type MethodName, sampleOutputs } from '../../../helpers/fake-handlers.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

async function cli(
  argv: readonly string[],
  replaced: Partial<Record<MethodName, AnyHandler>> = {},
  over: Partial<CliHost> = {},
) {
  const seen = { stdout: '', stderr: '', opened: [] as unknown[], closed: 0 };
  const host: CliHost = {
    version: '1.2.3',
    environment: { PHOTOSEEK_LIBRARY: '/env' },
    platform: 'linux',
    streams: {
      stdout: {
        write(text) {
          seen.stdout += text;
        },
      },
      stderr: {
        write(text) {
          seen.stderr += text;
        },
      },
    },
    onInterrupt: () => undefined,
    hasLibrary: () => true,
    async open(input) {
      seen.opened.push(input);
      return {
        handlers: fakeHandlers(replaced),
        log: silentLog(),
        close: async () => void seen.closed++,
      };
    },
    ...over,
  };
  const exit = await runCli(argv, host);
  return { exit, seen };
}

/** What `serve` prints where a terminal is there to press Enter in, or is not. */
async function served(over: Partial<CliHost>): Promise<string> {
  let stop = (): void => undefined;
  const { seen } = await cli(
    ['serve', '--no-open'],
    {},
    {
      onInterrupt: (listener) => {
        stop = listener;
      },
      open: async () => ({
        handlers: fakeHandlers(),
        log: silentLog(),
        close: async () => undefined,
        async serve() {
          return {
            signInUrl() {
              setTimeout(() => stop(), 0);
              return 'http://127.0.0.1:1/#code=x';
            },
            openBrowser: async () => false,
            close: async () => undefined,
          };
        },
      }),
      ...over,
    },
  );
  return seen.stdout;
}

it('serve speaks of Enter only where there is one to press', async () => {
  expect(await served({ onEnter: () => () => undefined })).toContain('Enter gives a new address');
  expect(await served({})).not.toContain('Enter');
});

/** As `cli`, but pressing Ctrl+C once the method runs. */
async function interrupted(argv: readonly string[], method: MethodName) {
  let stop = (): void => undefined;
  const handler: AnyHandler = (_input, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new CancelledError()));
      queueMicrotask(() => stop());
    });
  const onInterrupt = (press: () => void): void => {
    stop = press;
  };
  const { exit, seen } = await cli(argv, { [method]: handler }, { onInterrupt });
  return { ...seen, exit };
}

const fails = (code: ConstructorParameters<typeof AppError>[0], message: string): AnyHandler => {
  return async () => {
    throw new AppError(code, message);
  };
};
const result = async (argv: readonly string[], replaced = {}) => {
  const { seen, exit } = await cli(argv, replaced);
  return { stdout: seen.stdout, stderr: seen.stderr, exit };
};

describe('commands', () => {
  it.each([
    { argv: ['add', import.meta.dirname], method: 'indexing.run', needs: { readOnly: false } },
    { argv: ['show', 'a.jpg'], method: 'library.showPhoto', needs: { readOnly: true } },
    { argv: ['status'], method: 'library.status', needs: { readOnly: true } },
    { argv: ['doctor'], method: 'shell.doctor', needs: { readOnly: false } },
    { argv: ['caption', 'a.jpg'], method: 'indexing.captionFiles', needs: { readOnly: false, scratch: true } },
  ] as const)('$argv prints the contract’s answer as JSON, or lines without control characters', async (test) => {
    const json = await cli([...test.argv, '--json']);
    expect(JSON.parse(json.seen.stdout)).toEqual(sampleOutputs[test.method]);
    expect(json.seen.stdout.trim().split('\n')).toHaveLength(1);
    expect(json.seen).toMatchObject({ stderr: '', closed: 1 });
    expect(json.seen.opened).toEqual([{ libraryFolder: '/env', needs: test.needs }]);
    const text = await cli(test.argv);
    expect(text.exit).toBe(0);
    expect(text.seen.stdout).not.toBe('');
    expect(text.seen.stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('doctor ends with 3 where the active pack cannot be used, and makes no library', async () => {
    const doctor = sampleOutputs['shell.doctor'];
    const packs = doctor.packs.map((pack) => ({ ...pack, state: 'damaged' }));
    const { exit, stdout } = await result(['doctor', '--json'], { 'shell.doctor': async () => ({ ...doctor, packs }) });
    expect([exit, JSON.parse(stdout)]).toEqual([3, { ...doctor, packs }]);
    const none = await cli(['doctor', '--json'], {}, { hasLibrary: () => false });
    expect(none.seen.opened).toMatchObject([{ needs: { readOnly: false, scratch: true } }]);
    expect([none.exit, none.seen.stderr]).toEqual([0, expect.stringContaining('no library in /env')]);
  });

  it('search hands over text, mode and limit, and prints the promised object', async () => {
    const inputs: unknown[] = [];
    const find: AnyHandler = async (input) => {
      inputs.push(input);
      return sampleOutputs['search.find'];
    };
    const { seen, exit } = await cli(['search', 'two dogs', '--json', '--mode', 'words', '--limit', '3'], {
      'search.find': find,
    });
    expect(exit).toBe(0);
    expect(inputs).toEqual([{ text: 'two dogs', mode: 'words', limit: 3 }]);
    const { hits, query: understood, indexed, pending, tookMs } = sampleOutputs['search.find'];
    const [{ photoId: _id, ...hit }] = hits;
    expect(JSON.parse(seen.stdout)).toEqual({
      query: 'two dogs',
      understood,
      mode: 'words',
      hits: [hit],
      indexed,
      pending,
      tookMs,
    });
  });

  it.each([
    [2, 0, 'No photo matches these words'],
    [0, 0, 'The library is empty: add a folder with photoseek add FOLDER'],
    [0, 5, 'No photo is indexed yet'],
  ])('search that finds nothing with %d indexed and %d pending says why', async (indexed, pending, line) => {
    const find = async () => ({ ...sampleOutputs['search.find'], hits: [], indexed, pending });
    expect((await result(['search', 'x'], { 'search.find': find })).stdout.split('\n')[0]).toBe(line);
  });

  it('caption prints a line for every file, and fails where one of them did', async () => {
    const captionFiles = async () => ({
      captions: [
        { path: 'a.jpg', caption: 'a dog', alternatives: [], error: null },
        {
          path: 'b.jpg',
          caption: null,
          alternatives: [],
          error: { code: 'decode/corrupt', message: 'b.jpg is damaged' },
        },
      ],
      model: 'm',
    });
    expect(await result(['caption', 'a.jpg', 'b.jpg'], { 'indexing.captionFiles': captionFiles })).toEqual({
      stdout: 'a.jpg: a dog\nb.jpg: b.jpg is damaged\n',
      stderr: 'photoseek: b.jpg is damaged\n',
      exit: 2,
    });
  });

  it('evaluate hands over its options and writes the report', async () => {
    const inputs: unknown[] = [];
    const run: AnyHandler = async (input) => {
      inputs.push(input);
      return { ...sampleOutputs['evaluation.run'], reportHtml: '<html>' };
    };
    const report = join(folderOf(), 'report.html');
    const options = ['--limit', '9', '--own-captions', '1', '--own-share', '0.5', '--report', report, '--json'];
    const { seen, exit } = await cli(['evaluate', '--images', '/i', '--captions', '/c', ...options], {
      'evaluation.run': run,
    });
    expect(exit).toBe(0);
    expect(inputs).toEqual([{ images: '/i', captions: '/c', limit: 9, ownCaptions: 1, ownShare: 0.5, report: true }]);
    expect(readFileSync(report, 'utf8')).toBe('<html>');
    expect(JSON.parse(seen.stdout)).toEqual(sampleOutputs['evaluation.run'].result);
  });

  it('evaluate refuses a report it could not write before it measures anything', async () => {
    let ran = 0;
    const report = join(folderOf(), 'no', 'such', 'report.html');
    const { seen, exit } = await cli(['evaluate', '--images', '/i', '--captions', '/c', '--report', report], {
      'evaluation.run': async () => {
        ran++;
        return { ...sampleOutputs['evaluation.run'], reportHtml: '<html>' };
      },
    });
    expect({ ran, exit, stdout: seen.stdout }).toEqual({ ran: 0, exit: 2, stdout: '' });
    expect(seen.stderr).toContain('cannot be written');
    expect(existsSync(report)).toBe(false);
  });
});

describe('folders', () => {
  const folder = {
    folderId: 7,
    name: 'Pictures',
    path: '/pictures',
    photos: 412,
    missing: 0,
    failed: 1,
    pending: 0,
    vanished: 400,
    state: 'emptied',
    problem: 'nothing is in it',
    exclude: [],
  };
  const list = async () => ({ folders: [folder] });

  it('lists each with its state, what is wrong, and what to say of what vanished', async () => {
    const { exit, seen } = await cli(['folders'], { 'library.folders': list });
    expect({ exit, stderr: seen.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(seen.stdout.split('\n')).toEqual([
      '/pictures: 412 photos, 1 failed (emptied)',
      '  PROBLEM: nothing is in it',
      '  400 vanished from it in one go. If you deleted them: photoseek folders settle "/pictures" --gone; if not: --keep',
      '',
    ]);
    expect(seen.opened).toMatchObject([{ needs: { readOnly: true } }]);
  });

  it.each([
    ['--gone', true, '/pictures: 400 files taken out; what you wrote about them is kept with their content\n'],
    ['--keep', false, '/pictures: 400 files kept until they return\n'],
  ])('settle %s hands over the answer', async (flag, gone, stdout) => {
    const asked: unknown[] = [];
    const settleVanished = async (input: unknown) => {
      asked.push(input);
      return { files: 400 };
    };
    const { exit, seen } = await cli(['folders', 'settle', '/pictures', flag], {
      'library.folders': list,
      'library.settleVanished': settleVanished,
    });
    expect({ exit, asked, stdout: seen.stdout }).toEqual({ exit: 0, asked: [{ folderId: 7, gone }], stdout });
  });

  it.each([
    [['/pictures'], 'say either --gone'],
    [['/pictures', '--gone', '--keep'], "option '--gone' cannot be used with option '--keep'"],
    [['/elsewhere', '--gone'], '/elsewhere is no folder of the library'],
    [['/pictures', '--lost'], "unknown option '--lost'"],
  ])('settle %j is refused, and nothing changes', async (args, text) => {
    let settled = 0;
    const { exit, seen } = await cli(['folders', 'settle', ...args], {
      'library.folders': list,
      'library.settleVanished': async () => ({ files: settled++ }),
    });
    expect({ exit, stdout: seen.stdout, settled }).toEqual({ exit: 2, stdout: '', settled: 0 });
    expect(seen.stderr).toContain(text);
    expect(seen.stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('errors', () => {
  it.each([
    ['library/photo-not-found', 2],
    ['library/not-found', 3],
    ['store/newer-than-app', 3],
    ['model/checksum', 3],
    ['internal', 1],
  ] as const)('%s is one line on stderr, nothing on stdout, exit %d', async (code, exit) => {
    for (const argv of [
      ['show', 'x'],
      ['show', 'x', '--json'],
    ]) {
      const answer = await result(argv, { 'library.showPhoto': fails(code, 'what happened;\nwhat to do') });
      expect(answer).toEqual({ stdout: '', stderr: 'photoseek: what happened;\ufffdwhat to do\n', exit });
    }
  });

  it('is the same where the library cannot be opened', async () => {
    const open = () => Promise.reject(new AppError('store/newer-than-app', 'a newer Photoseek made this library'));
    const { seen, exit } = await cli(['status'], {}, { open });
    expect({ exit, ...seen }).toMatchObject({
      exit: 3,
      stdout: '',
      stderr: expect.stringContaining('newer Photoseek'),
    });
  });

  it.each([
    [[], 'Usage'],
    [['nonsense'], 'unknown command'],
    [['add'], 'missing required argument'],
    [['search'], 'missing required argument'],
    [['search', 'a', 'b'], 'too many arguments'],
    [['search', 'a', '--mode', 'best'], 'Allowed choices'],
    [['search', 'a', '--limit', '0'], 'whole number from 1 to 1000'],
    [['search', 'a', '--limit', '2.5'], 'whole number'],
    [['search', 'a', '--limit', ''], 'whole number'],
    [['search', 'a', '--limit', 'ten'], 'whole number'],
    [['status', '--nope'], 'unknown option'],
    [['evaluate', '--images', 'x'], 'required option'],
    [['evaluate', '--images', 'x', '--captions', 'y', '--own-share', '1.5'], 'number from 0 to 1'],
    [['evaluate', '--images', 'x', '--captions', 'y', '--own-share', ''], 'number from 0 to 1'],
    [['evaluate', '--images', 'x', '--captions', 'y', '--own-captions', '-1'], ''],
    [['search', 'x'.repeat(10_000)], '10000 characters'],
  ])('bad input %#: exit 2, stdout empty', async (argv, text) => {
    for (const json of [[], ['--json']]) {
      const answer = await result([...argv, ...json]);
      expect(answer).toMatchObject({ stdout: '', exit: 2 });
      expect(answer.stderr).toContain(text);
    }
  });
});

describe('help and version', () => {
  it('go to stdout with exit 0, for commands too', async () => {
    expect(await result(['--version'])).toEqual({ stdout: '1.2.3\n', stderr: '', exit: 0 });
    for (const argv of [['--help'], ['search', '--help'], ['help', 'search']]) {
      expect(await result(argv)).toMatchObject({
        stdout: expect.stringContaining('Usage: photoseek'),
        stderr: '',
        exit: 0,
      });
    }
  });
});

describe('the library', () => {
  it('is the one of --library, before or after the command', async () => {
    for (const argv of [
      ['--library', '/x', 'status'],
      ['status', '--library', '/x'],
    ]) {
      expect((await cli(argv)).seen.opened).toMatchObject([{ libraryFolder: '/x' }]);
    }
  });

  it('is closed also after an error', async () => {
    expect((await cli(['status'], { 'library.status': fails('store/corrupt', 'x') })).seen.closed).toBe(1);
  });
});

describe('Ctrl+C', () => {
  it('stops add cleanly, says so, and exits as shells expect', async () => {
    const seen = await interrupted(['add', import.meta.dirname, '--json'], 'indexing.run');
    expect(seen).toMatchObject({
      stdout: '',
      stderr: 'stopping; what is done is kept\nstopped; run the same command again to go on\n',
      closed: 1,
      exit: 130,
    });
  });

  it('before anything runs starts nothing', async () => {
    let ran = 0;
    const find = async () => ran++;
    const { exit, seen } = await cli(['search', 'x'], { 'search.find': find }, { onInterrupt: (stop) => stop() });
    expect({ exit, closed: seen.closed, ran }).toEqual({ exit: 130, closed: 1, ran: 0 });
  });
});
