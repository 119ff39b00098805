// The command line's grammar: commands, options and their help. Parsing is commander's; each command is a file of its own.
import { Command, InvalidArgumentError, Option } from 'commander';
import { SearchMode } from '../../preload/contract/search.ts';
import { readableFolder } from '../platform/readable-folder.ts';
import { add } from './add.ts';
import { backup } from './backup.ts';
import { caption } from './caption.ts';
import type { CommandContext, CommandNeeds } from './command-context.ts';
import { doctor } from './doctor.ts';
import { type EvaluateOptions, evaluate } from './evaluate.ts';
import { exportOwn } from './export.ts';
import { folders, type SettleOptions, settleFolder } from './folders.ts';
import { type RestoreOptions, restore } from './restore.ts';
import { type SearchOptions, search } from './search.ts';
import { type ServeOptions, serve } from './serve.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { verify } from './verify.ts';

export interface GlobalOptions {
  readonly library?: string;
  readonly json?: boolean;
}

/** Opens what a command needs, runs it, and closes again. */
export type RunCommand = (needs: CommandNeeds, work: (context: CommandContext) => Promise<void>) => Promise<void>;

const creates: CommandNeeds = { readOnly: false };
const stays: CommandNeeds = { readOnly: false, stays: true };
const leavesAlone: CommandNeeds = { readOnly: false, scratch: true };
const looks: CommandNeeds = { readOnly: false, scratchWhereNone: true };
const reads: CommandNeeds = { readOnly: true };
const mends: CommandNeeds = { readOnly: false, needsLibrary: true };

export function buildProgram(version: string, run: (options: GlobalOptions) => RunCommand): Command {
  const program = new Command('photoseek')
    .description('Find your photos by what they show.')
    .version(version)
    .option(
      '--library <dir>',
      "folder of the library (default: the system's data folder; environment PHOTOSEEK_LIBRARY)",
    )
    .option('--json', 'print one JSON object on stdout and nothing else')
    .exitOverride();
  const start = (): RunCommand => run(program.opts<GlobalOptions>());

  program
    .command('add <folder...>')
    .description('register folders of photos and index them; Ctrl+C stops cleanly, the next add goes on')
    .action((folders: string[]) =>
      start()({ ...creates, before: () => Promise.all(folders.map(readableFolder)) }, (context) =>
        add(context, folders),
      ),
    );
  program
    .command('search <text>')
    .description('print the photos that show it, best first')
    .addOption(new Option('--mode <mode>', 'how to rank').choices(SearchMode.options).default('fused'))
    .option('--limit <n>', 'number of photos', wholeNumber(1, 1000), 20)
    .action((text: string, options: SearchOptions) => start()(reads, (context) => search(context, text, options)));
  program
    .command('show <photo>')
    .description('everything the library knows of one photo')
    .action((photo: string) => start()(reads, (context) => show(context, photo)));
  program
    .command('caption <photo...>')
    .description('say what photos show, without touching the library')
    .action((photos: string[]) => start()(leavesAlone, (context) => caption(context, photos)));
  program
    .command('status')
    .description('what is indexed, pending and failed')
    .action(() => start()(reads, status));
  program
    .command('doctor')
    .description('versions, model packs, providers, limits, health of the store')
    .action(() => start()(looks, doctor));
  addFolderCommands(program, start);
  addCare(program, start);
  addEvaluate(program, start);
  program
    .command('serve')
    .description('open Photoseek in the browser of this computer, until Ctrl+C')
    .option('--port <n>', 'port on 127.0.0.1 (default: any that is free)', wholeNumber(1, 65_535), 0)
    .option('--no-open', 'print the address only (as --json does)')
    .action(({ port, open }: ServeOptions) => {
      const options = { port, open: open && program.opts<GlobalOptions>().json !== true };
      return start()(stays, (context) => serve(context, options));
    });
  return program;
}

function addFolderCommands(program: Command, start: () => RunCommand): void {
  const command = program
    .command('folders')
    .description('the folders, their state, and what vanished from them')
    .action(() => start()(reads, folders));
  command
    .command('settle <folder>')
    .description('answer what became of files that vanished in one go')
    .addOption(new Option('--gone', 'they were deleted: take them out of the library').conflicts('keep'))
    .option('--keep', 'they will return: keep them as they are')
    .action((folder: string, options: SettleOptions) =>
      start()(mends, (context) => settleFolder(context, folder, options)),
    );
}

/** What looks after a library that is there; none of them makes one. */
function addCare(program: Command, start: () => RunCommand): void {
  program
    .command('verify')
    .description('look at everything that is stored, and mend what is damaged')
    .action(() => start()(mends, verify));
  program
    .command('backup')
    .description('make a proven copy of the library now (one a day is made by itself)')
    .action(() => start()(mends, backup));
  program
    .command('restore')
    .description('put a backup in the place of the library; the file it replaces is kept')
    .option('--from <file>', 'a certain copy (default: the newest backup that is sound)')
    .action((options: RestoreOptions) => start()(mends, (context) => restore(context, options)));
  program
    .command('export [file]')
    .description('write your own captions, favourites, folders, settings and ignored failures as lines of JSON')
    .action((file: string | undefined) => start()(reads, (context) => exportOwn(context, file)));
}

function addEvaluate(program: Command, start: () => RunCommand): void {
  program
    .command('evaluate')
    .description('measure retrieval and captions on a labelled folder, in a temporary library')
    .requiredOption('--images <dir>', 'folder of photos')
    .requiredOption('--captions <tsv>', 'table of file name, tab, caption; several rows per photo')
    .option('--report <file>', 'also write an HTML report')
    .option('--limit <n>', 'only the first photos of the table', wholeNumber(1, 1_000_000))
    .option(
      '--own-captions <k>',
      "store the first K captions of each photo as the person's own and ask the others",
      wholeNumber(0, 100),
    )
    .option('--own-share <s>', 'only for this share of the photos, 0 to 1', share)
    .action((options: EvaluateOptions) => start()(leavesAlone, (context) => evaluate(context, options)));
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
  };
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It takes a number from 0 to 1.');
}
