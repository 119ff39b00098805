// photoseek evaluate as a script calls it, on a small labelled set of the sample photos.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EvaluationResult } from '../../preload/contract/evaluation.ts';
import { type CliOptions, runCli, runJson, samplePhotos } from '../helpers/cli.ts';
import { fileScopedFolders, folderState } from '../helpers/temp-library.ts';

const folderFor = fileScopedFolders();
const table = folderFor('captions.tsv');
const options: CliOptions = { library: folderFor('library') };
const captions: Record<string, readonly string[]> = {
  'astronaut.jpg': ['a woman in an orange space suit', 'an astronaut smiles at the camera', 'a flag behind a woman'],
  'cat.jpg': ['a cat looks into the camera', 'the face of a ginger cat', 'a cat with long whiskers'],
  'clock.jpg': ['a blurred clock on a wall', 'the dial of an old clock', 'a clock in motion'],
  'coffee.jpg': ['a cup of coffee on a saucer', 'a spoon lies beside a coffee', 'coffee on a wooden table'],
  'rocket-launch.jpg': ['a rocket leaves its pad', 'a launch at dusk', 'a tower beside a rocket'],
};

beforeAll(() => {
  const rows = Object.entries(captions).flatMap(([name, texts]) => texts.map((text) => `${name}\t${text}\n`));
  writeFileSync(table, rows.join(''));
});

const evaluate = (more: string[] = [], given = options): Promise<EvaluationResult> =>
  runJson<EvaluationResult>(['evaluate', '--images', samplePhotos, '--captions', table, ...more], given);

describe('photoseek evaluate', () => {
  it('prints the agreed object, and leaves neither a library nor anything else behind', async () => {
    // A folder for temporary files of its own, so that whatever stays is seen.
    const temporary = folderFor('tmp');
    mkdirSync(temporary);
    const result = await evaluate([], { ...options, env: { TMPDIR: temporary } });
    expect(EvaluationResult.safeParse(result).error).toBeUndefined();
    expect(result).toMatchObject({ photos: 5, queries: 15, pack: 'tiny-starter@1' });
    for (const mode of Object.values(result.retrieval)) {
      expect([mode.p1, mode.p5, mode.p10].map((share) => Math.round(share * 10) / 10)).toEqual([
        mode.p1,
        mode.p5,
        mode.p10,
      ]);
      expect(mode.ci95.p1[0]).toBeLessThanOrEqual(mode.p1);
      expect(mode.ci95.p1[1]).toBeGreaterThanOrEqual(mode.p1);
      expect(mode.p1).toBeLessThanOrEqual(mode.p5);
    }
    // Five photos: the two modes that rank all of them have every one among the first five.
    expect([result.retrieval.embedding.p5, result.retrieval.caption.p5]).toEqual([100, 100]);
    expect(folderState(options.library)).toEqual({ '.': 'absent' });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('gives the same figures again', async () => {
    const [first, second] = await Promise.all([evaluate(), evaluate()]);
    expect({ ...second, queryMs: 0, indexing: 0 }).toEqual({ ...first, queryMs: 0, indexing: 0 });
  });

  it('--limit takes the first photos of the table', async () => {
    expect(await evaluate(['--limit', '2'])).toMatchObject({ photos: 2, queries: 6 });
  });

  it('--own-captions stores the first captions as the person’s own and asks the others', async () => {
    const plain = await evaluate();
    const own = await evaluate(['--own-captions', '2']);
    expect(own).toMatchObject({ photos: 5, queries: 5 });
    // "a clock in motion" meets stored words about a clock: better than captions made by random weights.
    expect(own.retrieval.words.mrr).toBeGreaterThan(plain.retrieval.words.mrr);
    // What the model wrote is scored as before.
    expect(own.captions.distinctShare).toBe(plain.captions.distinctShare);
  });

  it('--own-share does so for a share of the photos, the same ones each time', async () => {
    const half = await evaluate(['--own-captions', '1', '--own-share', '0.5']);
    expect(half.queries).toBeGreaterThanOrEqual(10);
    expect(half.queries).toBeLessThanOrEqual(15);
    expect(await evaluate(['--own-captions', '1', '--own-share', '0.5'])).toMatchObject({ queries: half.queries });
    expect(await evaluate(['--own-captions', '1', '--own-share', '0'])).toMatchObject({ queries: 15 });
  });

  it('--own-captions that leaves nothing to ask is refused', async () => {
    const result = await runCli(
      ['evaluate', '--images', samplePhotos, '--captions', table, '--own-captions', '3'],
      options,
    );
    expect(result).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^photoseek: .*lower --own-captions\n$/),
    });
  });

  it('--report writes one page that needs nothing else', async () => {
    const report = folderFor('report.html');
    await evaluate(['--report', report]);
    const html = readFileSync(report, 'utf8');
    // Said as facts of the page, which is too long to be shown where one of them fails.
    expect({
      isPage: /^<!doctype html>/i.test(html),
      pictures: (html.match(/<img [^>]*src="data:image\//g)?.length ?? 0) > 0,
      fetches: /(src|href)="(?!data:|#)[^"]*\.(js|css|jpg|png|webp)/.test(html),
      asksCaptions: Object.values(captions)
        .flat()
        .some((text) => html.includes(text)),
      namesPaper: html.includes('ESR') && html.includes('CBR'),
    }).toEqual({ isPage: true, pictures: true, fetches: false, asksCaptions: true, namesPaper: true });
  });

  it('--report to a place that is not there is refused before the work', async () => {
    const report = join(folderFor('none'), 'report.html');
    const result = await runCli(
      ['evaluate', '--images', samplePhotos, '--captions', table, '--report', report],
      options,
    );
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^photoseek: .*report.*\n$/) });
    expect(existsSync(report)).toBe(false);
  });

  it('speaks to people without --json', async () => {
    const { code, stdout, stderr } = await runCli(['evaluate', '--images', samplePhotos, '--captions', table], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/5 photos, 15 queries, pack tiny-starter@1\n.*P@1/);
  });
});
