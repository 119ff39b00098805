// Reads the plain subset of YAML that electron-builder.yml keeps to: maps, lists, one-line scalars, comments. Anything else throws. Test processes.

export type Yaml = null | boolean | string | Yaml[] | { [key: string]: Yaml };

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

export function readYaml(text: string): Yaml {
  const lines = text.split('\n').flatMap((whole, index): Line[] => {
    const trimmed = whole.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    if (whole.includes('\t') || / #/.test(whole)) throw new Error(`line ${index + 1}: not of the plain subset`);
    return [{ number: index + 1, indent: whole.length - whole.trimStart().length, text: trimmed }];
  });
  const [value, next] = readBlock(lines, 0, 0);
  if (next !== lines.length) throw new Error(`line ${lines[next]?.number}: not indented as its neighbours`);
  return value;
}

/** @returns the value of the lines from `start` with exactly this indent, and the first line after it. */
function readBlock(lines: readonly Line[], start: number, indent: number): [Yaml, number] {
  return lines[start]?.text.startsWith('- ') ? readList(lines, start, indent) : readMap(lines, start, indent);
}

function readList(lines: readonly Line[], start: number, indent: number): [Yaml[], number] {
  const list: Yaml[] = [];
  let at = start;
  for (let line = lines[at]; line?.indent === indent && line.text.startsWith('- '); line = lines[at]) {
    const rest = line.text.slice(2);
    if (/^[\w-]+:( |$)/.test(rest)) {
      // A map that begins beside its dash: its lines are indented by the dash.
      const inner = [...lines];
      inner[at] = { ...line, indent: indent + 2, text: rest };
      const [map, next] = readMap(inner, at, indent + 2);
      list.push(map);
      at = next;
    } else {
      list.push(scalar(rest, line));
      at += 1;
    }
  }
  return [list, at];
}

function readMap(lines: readonly Line[], start: number, indent: number): [Yaml, number] {
  const map: { [key: string]: Yaml } = {};
  let at = start;
  for (let line = lines[at]; line?.indent === indent; line = lines[at]) {
    const [, key, rest] = /^([\w-]+):(?: (.*))?$/.exec(line.text) ?? [];
    if (key === undefined || Object.hasOwn(map, key)) throw new Error(`line ${line.number}: not a key of its own`);
    at += 1;
    const below = lines[at];
    if (rest !== undefined) map[key] = scalar(rest, line);
    else if (below && below.indent > indent) [map[key], at] = readBlock(lines, at, below.indent);
    else throw new Error(`line ${line.number}: no value`);
  }
  return [map, at];
}

function scalar(text: string, line: Line): Yaml {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const [, quoted] = /^'([^']*)'$|^"([^"\\]*)"$/.exec(text)?.filter((part) => part !== undefined) ?? [];
  if (quoted !== undefined) return quoted;
  if (/^[[{&*!|>%@`"']|: |^\d/.test(text)) throw new Error(`line ${line.number}: not of the plain subset`);
  return text;
}
