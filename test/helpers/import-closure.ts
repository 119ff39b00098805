// What a source file needs at run time: every file it imports, however far, and every package. Test processes.
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin, stripTypeScriptTypes } from 'node:module';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Closure {
  /** Paths from the root of the repository, with forward slashes. */
  readonly files: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

const imports = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]|new URL\(\s*['"](\.[^'"]+\.ts)['"]/g;

/** Other text after the word "from" is no import. */
const packageName = /^(@[a-z][\w.-]*\/)?[a-z][\w.-]*(\/[\w./-]+)?$/;

/** @param options `workers` false to leave out the files started by `new URL('./x.ts', import.meta.url)`: they run in processes of their own. */
export function importClosure(entry: string, options: { workers: boolean }): Closure {
  const files = new Set<string>();
  const packages = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const code = stripTypeScriptTypes(readFileSync(join(root, file), 'utf8'));
    for (const [, imported, started] of code.matchAll(imports)) {
      const target = imported ?? (options.workers ? started : undefined);
      if (target === undefined || isBuiltin(target)) continue;
      if (target.startsWith('.')) waiting.push(posix.join(posix.dirname(file), target));
      else if (packageName.test(target)) packages.add(packageOf(target));
    }
  }
  return { files, packages };
}

function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** The packages with all that they need in turn, as far as it is installed here: optional ones of other systems are not. */
export function packageClosure(names: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const manifest = join(root, 'node_modules', name, 'package.json');
    if (found.has(name) || !existsSync(manifest)) continue;
    found.add(name);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
    waiting.push(...Object.keys(dependencies), ...Object.keys(optionalDependencies));
  }
  return found;
}
