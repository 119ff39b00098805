// Where the command line writes: results to stdout, everything else to stderr. With `--json`, stdout carries one JSON object and nothing else.

export interface Terminal {
  /** Prints the result: the object as one JSON line with `--json`, else the lines for a reader. */
  result(object: unknown, lines: () => readonly string[]): void;
  /** One line to stderr. */
  note(line: string): void;
  /** Rewrites the progress line on stderr; does nothing where stderr is no terminal. */
  progress(line: string): void;
  /** Clears the progress line. */
  endProgress(): void;
}

export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

const clearLine = '\r\u001b[2K';

export function createTerminal(streams: Streams, json: boolean): Terminal {
  const { stdout, stderr } = streams;
  let shown = false;

  function endProgress(): void {
    if (shown) stderr.write(clearLine);
    shown = false;
  }

  return {
    result(object, lines) {
      endProgress();
      stdout.write(
        json
          ? `${JSON.stringify(object)}\n`
          : lines()
              .map((line) => `${printable(line)}\n`)
              .join(''),
      );
    },
    note(line) {
      endProgress();
      stderr.write(`${printable(line)}\n`);
    },
    progress(line) {
      if (stderr.isTTY !== true) return;
      stderr.write(`${clearLine}${line.slice(0, (stderr.columns ?? 80) - 1)}`);
      shown = true;
    },
    endProgress,
  };
}

/** File names, captions and errors carry other people's text: control characters in it must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\ufffd');
}
