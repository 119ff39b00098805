// Runs one command line from its arguments to its exit code: errors become one line, Ctrl+C a clean stop.
import { type Command, CommanderError } from 'commander';
import { CallCancelled, CallError, createClient } from '../../preload/contract/client.ts';
import { contract, type PhotosHandlers } from '../../preload/contract/index.ts';
import { inMemoryTransport } from '../api/in-memory-transport.ts';
import { createRouter } from '../api/router.ts';
import { AppError } from '../platform/app-error.ts';
import type { Logger } from '../platform/log.ts';
import type { CommandContext, CommandNeeds } from './command-context.ts';
import { exitCodeOf } from './exit-code.ts';
import { libraryFolder } from './library-folder.ts';
import { buildProgram, type GlobalOptions } from './program.ts';
import type { ServedInterface } from './serve.ts';
import { createTerminal, type Streams, type Terminal } from './terminal.ts';

export interface CliApplication {
  readonly handlers: PhotosHandlers;
  readonly log: Logger;
  /** Left out where the command does not stay. */
  serve?(port: number): Promise<ServedInterface>;
  close(): Promise<void>;
}

/** What the entry file gives the command line: the application, built for one library. */
export interface CliHost {
  open(input: { libraryFolder: string; needs: CommandNeeds }): Promise<CliApplication>;
  hasLibrary(folder: string): boolean;
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly streams: Streams;
  /** Called once for the first Ctrl+C (or termination), which asks for a clean stop. */
  onInterrupt(stop: () => void): void;
  /** See `CommandHost`; left out where nobody is at a terminal. */
  onEnter?(listener: () => void): () => void;
}

/** @param argv arguments after the program's name. @returns the exit code. */
export async function runCli(argv: readonly string[], host: CliHost): Promise<number> {
  // Known before parsing, since even a parse error must keep stdout clean.
  const terminal = createTerminal(host.streams, argv.includes('--json'));
  const program = buildProgram(
    host.version,
    (options) => (needs, work) => runCommand(host, terminal, options, needs, work),
  );
  // Commands took over the program's settings when they were made; later ones are theirs to be told.
  for (const command of withSubcommands(program)) {
    command.configureOutput({
      writeOut: (text) => host.streams.stdout.write(text),
      writeErr: (text) => host.streams.stderr.write(text),
      outputError: (text) => terminal.note(usageError(text)),
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    report(error, terminal);
    return exitCodeOf(error);
  }
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

async function runCommand(
  host: CliHost,
  terminal: Terminal,
  options: GlobalOptions,
  needs: CommandNeeds,
  work: (context: CommandContext) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  host.onInterrupt(() => {
    terminal.note('stopping; what is done is kept');
    controller.abort();
  });
  const { before, scratchWhereNone, ...opening } = needs;
  await before?.();
  const folder = libraryFolder(options.library, host.environment, host.platform);
  if (opening.needsLibrary && !host.hasLibrary(folder)) {
    throw new AppError('library/not-found', `There is no library in ${folder}: add a folder of photos first.`);
  }
  const isNone = scratchWhereNone === true && !host.hasLibrary(folder);
  if (isNone) terminal.note(`there is no library in ${folder} yet; what follows is of an empty one that is not kept`);
  const application = await host.open({
    libraryFolder: folder,
    needs: isNone ? { ...opening, scratch: true } : opening,
  });
  try {
    const transport = inMemoryTransport((send) =>
      createRouter(contract, application.handlers, send, { log: application.log, local: true, checkOutput: false }),
    );
    await work({
      api: createClient(contract, transport),
      terminal,
      signal: controller.signal,
      host: {
        serve: application.serve ?? cannotServe,
        onEnter: host.onEnter ?? null,
      },
    });
  } finally {
    await application.close();
  }
}

async function cannotServe(): Promise<never> {
  throw new AppError('host/unsupported', 'this program cannot show a window');
}

/** The parser's message, which may be of several lines, as one line of ours. */
function usageError(text: string): string {
  const [first = '', ...more] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  return `photoseek: ${[first.replace(/\.$/, ''), ...more].join(' ')}; photoseek --help says how it is used`;
}

function report(error: unknown, terminal: Terminal): void {
  if (error instanceof CallCancelled) terminal.note('stopped; run the same command again to go on');
  else if (error instanceof CallError || error instanceof AppError) terminal.note(`photoseek: ${error.message}`);
  else
    terminal.note(
      `photoseek: something went wrong inside Photoseek (${error instanceof Error ? error.message : String(error)})`,
    );
}
