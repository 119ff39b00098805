// How the desktop application is packaged: electron-builder.yml against what the sources import and what the installed packages hold.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importClosure, packageClosure, root } from '../helpers/import-closure.ts';
import { readYaml, type Yaml } from '../helpers/simple-yaml.ts';

type Map = { [key: string]: Yaml };
const config = readYaml(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Map;
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  main: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const list = (value: Yaml | undefined): string[] => (value as string[] | undefined) ?? [];
const files = list(config['files']);
const unpackedPatterns = list(config['asarUnpack']);
const workers = ['inference', 'search', 'library', 'watcher'].map((name) => `main/entry/${name}.ts`);

/** As electron-builder reads a list: each pattern overrules those before it. */
function picks(patterns: readonly string[], path: string): boolean {
  return patterns.reduce((picked, pattern) => {
    const bare = pattern.replace(/^!/, '');
    return matchesGlob(path, bare) ? bare === pattern : picked;
  }, false);
}

/** electron-builder puts the system it packages for in its place. */
const archMacro = '$' + '{arch}';
const isUnpacked = (path: string): boolean => unpackedPatterns.some((pattern) => matchesGlob(path, pattern));

describe('the pattern reader of these tests', () => {
  it('lets later patterns overrule earlier ones', () => {
    expect(picks(['a/**', '!a/b/**', 'a/b/c.ts'], 'a/b/c.ts')).toBe(true);
    expect(picks(['a/**', '!a/b/**'], 'a/b/c.ts')).toBe(false);
    expect(picks(['a/**', '!a/b/**'], 'a/d.ts')).toBe(true);
  });
  it.each(['a: [1]', 'a: "b', 'a: |', 'a:', 'a: 1', 'a: b\na: c', 'a: b # c', '  a: b', 'a: &x b'])(
    'refuses the YAML %j',
    (text) => expect(() => readYaml(text)).toThrow(),
  );
});

describe('what is shipped', () => {
  const closures = [packageJson.main, ...workers].map((entry) => importClosure(entry, { workers: true }));
  const desktop = {
    files: new Set(closures.flatMap(({ files: sources }) => [...sources])),
    packages: new Set(closures.flatMap(({ packages }) => [...packages])),
  };

  it('is every source that the window and its workers import', () => {
    expect(desktop.files.size).toBeGreaterThan(100);
    expect([...desktop.files].filter((file) => !picks(files, file))).toEqual([]);
  });

  it('is nothing of the command line host, the web host, the build and the training', () => {
    const never = [
      'main/entry/cli.ts',
      'main/entry/bootstrap.mjs',
      'main/entry/build-desktop.ts',
      'main/web-host/web-host.ts',
      'native-models/training/train.py',
      'test/helpers/import-closure.ts',
      'preload/bridge.ts',
      'preload/vite.config.ts',
      '.cache/anything',
      'dist/installers/x',
    ];
    expect(never.filter((file) => picks(files, file))).toEqual([]);
  });

  it('is each file that code opens by itself', () => {
    for (const file of [
      'dist/preload/bridge.cjs',
      'dist/assets.json',
      'dist/renderer/index.html',
      'dist/vectors/kernel.wasm',
      'native-models/packs/starter/pack.json',
      'main/electron/icons/tray.png',
      'package.json',
      'LICENSE',
    ])
      expect(picks(files, file), file).toBe(true);
  });

  it('is an allow-list: it begins with no pattern that takes everything', () => {
    expect(files.filter((pattern) => /^\*/.test(pattern))).toEqual([]);
  });

  it('keeps every package that the window and its workers import, and leaves out those it does not', () => {
    const excluded = (name: string): boolean =>
      files.some((pattern) => pattern.startsWith('!') && matchesGlob(`node_modules/${name}/x.js`, pattern.slice(1)));
    const imported = [...desktop.packages].filter((name) => name !== 'electron');
    expect(imported.filter((name) => !(name in packageJson.dependencies))).toEqual([]);
    expect(imported.filter(excluded)).toEqual([]);
    const idle = Object.keys(packageJson.dependencies).filter((name) => !imported.includes(name));
    expect(idle.filter((name) => !excluded(name))).toEqual([]);
  });

  it('leaves out no source that is not there', () => {
    const sources = files.flatMap(
      (pattern) => /^!(main|preload|native-models|docs)\/.*\.\w+$/.exec(pattern)?.[0].slice(1) ?? [],
    );
    expect(sources.length).toBeGreaterThan(3);
    expect(sources.filter((path) => !path.includes('*') && !existsSync(join(root, path)))).toEqual([]);
  });

  it('excludes no file that a package starts from', () => {
    const needed = [...packageClosure(['better-sqlite3', 'sharp', 'onnxruntime-node', 'zod', 'pino', 'exifreader'])];
    const starts = needed.flatMap((name) => {
      const { main, exports } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
      const named = [main, ...JSON.stringify(exports ?? '').split('"')].filter(
        (path): path is string => typeof path === 'string' && /^(\.\/)?[\w./-]+\.(c|m)?js$/.test(path),
      );
      return named.map((path) => join('node_modules', name, path)).filter((path) => existsSync(join(root, path)));
    });
    const cut = ['adm-zip', 'global-agent', 'node-addon-api'];
    expect(starts.length).toBeGreaterThan(10);
    expect(
      starts.filter(
        (path) =>
          !cut.some((name) => path.startsWith(join('node_modules', name))) &&
          files.some((pattern) => pattern.startsWith('!') && matchesGlob(path, pattern.slice(1))),
      ),
    ).toEqual([]);
  });
});

describe('what lies unpacked beside the archive', () => {
  it.each(workers)('%s with all its sources', (worker) => {
    const { files: sources } = importClosure(worker, { workers: false });
    expect([...sources].filter((file) => !isUnpacked(file))).toEqual([]);
  });

  it('all packages of the workers, with all that those need', () => {
    const packages = workers.flatMap((worker) => [...importClosure(worker, { workers: false }).packages]);
    const idle = ['adm-zip', 'global-agent', 'node-addon-api'];
    const needed = [...packageClosure([...packages, '@xmldom/xmldom'])].filter(
      (name) => !idle.includes(name) && !onlyOf(idle, name),
    );
    expect(needed).toContain('sharp');
    expect(needed.filter((name) => !isUnpacked(`node_modules/${name}/package.json`))).toEqual([]);
  });

  it('every native binary and library of every package, but those left out', () => {
    const native = readdirSync(join(root, 'node_modules'), { recursive: true, encoding: 'utf8' })
      .map((name) => `node_modules/${name.replaceAll('\\', '/')}`)
      .filter((name) => /\.(node|dll|dylib|so(\.[\d.]+)?)$/.test(name))
      .filter((name) =>
        [...packageClosure(Object.keys(packageJson.dependencies))].some((one) =>
          name.startsWith(`node_modules/${one}/`),
        ),
      );
    expect(native.length).toBeGreaterThan(5);
    expect(native.filter((name) => !isUnpacked(name))).toEqual([]);
  });

  it('what native code opens, and the package.json that says of what kind the sources are', () => {
    for (const file of [
      'package.json',
      'dist/vectors/kernel.wasm',
      'native-models/packs/starter/model.onnx',
      'docs/sample-photos/a.jpg',
      'main/electron/icons/tray.png',
    ])
      expect(isUnpacked(file), file).toBe(true);
  });

  it('not the page, the preload script and the desktop edge: the archive’s integrity covers them', () => {
    for (const file of [
      packageJson.main,
      'main/electron/frame-channel.ts',
      'main/api/router.ts',
      'dist/renderer/index.html',
      'dist/preload/bridge.cjs',
      'dist/assets.json',
    ])
      expect(isUnpacked(file), file).toBe(false);
  });
});

/** Needed by nothing but these. */
function onlyOf(owners: readonly string[], name: string): boolean {
  const without = packageClosure(
    Object.keys(packageJson.dependencies).filter((one) => !['onnxruntime-node', 'better-sqlite3'].includes(one)),
  );
  return packageClosure(owners).has(name) && !without.has(name);
}

describe('native binaries of other systems stay out', () => {
  const systems = {
    win: { platform: 'win32', archs: ['x64', 'arm64'] },
    mac: { platform: 'darwin', archs: ['arm64'] },
    linux: { platform: 'linux', archs: ['x64'] },
  } as const;
  const onnx = join('onnxruntime-node', 'bin');
  const binaries = [onnx, join('better-sqlite3', 'prebuilds')].flatMap((folder) =>
    readdirSync(join(root, 'node_modules', folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `node_modules/${folder}/${name}`.replaceAll('\\', '/'))
      .filter((name) => statSync(join(root, name)).isFile()),
  );

  it.each(
    Object.entries(systems).flatMap(([system, { platform, archs }]) =>
      archs.map((arch) => ({ system, platform, arch })),
    ),
  )('$platform $arch ships its own alone', ({ system, platform, arch }) => {
    const patterns = list((config[system] as Map)['files']).map((pattern) => pattern.replaceAll(archMacro, arch));
    expect(patterns.every((pattern) => pattern.startsWith('!'))).toBe(true);
    const shipped = binaries.filter((name) => !patterns.some((pattern) => matchesGlob(name, pattern.slice(1))));
    const own = binaries.filter(
      (name) => name.includes(`/${platform}/${arch}/`) || new RegExp(`/${platform}(musl)?-${arch}\\.node$`).test(name),
    );
    expect(own.length).toBeGreaterThan(2);
    expect(shipped.sort()).toEqual(own.sort());
  });
});

describe('security and release settings', () => {
  it('all seven fuses are set', () => {
    expect(config['electronFuses']).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('the archive is made, with its integrity data', () => expect(config['asar']).toBe(true));

  it('nothing is published, nothing updates itself', () => {
    expect(config['publish']).toBeNull();
    expect((config['nsis'] as Map)['differentialPackage']).toBe(false);
    expect({ ...packageJson.dependencies, ...packageJson.devDependencies }).not.toHaveProperty('electron-updater');
  });

  it('macOS: hardened runtime, notarised, and the one entitlement that the engine needs', () => {
    const mac = config['mac'] as Map;
    expect([mac['hardenedRuntime'], mac['notarize']]).toEqual([true, true]);
    expect(mac['entitlements']).toBe(mac['entitlementsInherit']);
    const plist = readFileSync(join(root, mac['entitlements'] as string), 'utf8');
    expect([...plist.matchAll(/<key>([^<]+)</g)].map(([, key]) => key)).toEqual(['com.apple.security.cs.allow-jit']);
  });

  it('the targets are those promised', () => {
    const targets = ['win', 'mac', 'linux'].map((system) => [system, (config[system] as Map)['target']]);
    expect(Object.fromEntries(targets)).toEqual({
      win: [{ target: 'nsis', arch: ['x64', 'arm64'] }],
      mac: [{ target: 'dmg', arch: ['arm64'] }],
      linux: [{ target: 'AppImage' }, { target: 'deb' }],
    });
  });

  it('uninstalling leaves the library alone', () =>
    expect((config['nsis'] as Map)['deleteAppDataOnUninstall']).toBe(false));

  it('icons are there and large enough', () => {
    for (const system of ['win', 'mac', 'linux']) {
      const png = readFileSync(join(root, (config[system] as Map)['icon'] as string));
      expect(png.toString('latin1', 1, 4)).toBe('PNG');
      expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(512);
    }
  });

  it('Electron, the native packages and the packager are pinned exactly', () => {
    const pinned = { ...packageJson.dependencies, ...packageJson.devDependencies };
    for (const name of ['electron', 'better-sqlite3', 'onnxruntime-node', 'sharp'])
      expect(pinned[name], name).toMatch(/^\d+\.\d+\.\d+$/);
    const script = readFileSync(join(root, 'main/entry/package-desktop.ts'), 'utf8');
    expect(script).toMatch(/'electron-builder@\d+\.\d+\.\d+'/);
    expect(script).toContain("'--publish', 'never'");
    expect(script).toContain('This needs the network');
  });

  it('`npm run package` and its parts are there', () => {
    expect(packageJson.scripts['package']).toBe('node main/entry/package-desktop.ts');
    expect(packageJson.scripts).toHaveProperty('build:desktop');
    expect(packageJson.scripts).toHaveProperty('build:renderer');
    expect(packageJson.scripts).toHaveProperty('build:preload');
  });
});
