// Makes the installers of this system: builds everything, then runs electron-builder. Build tool, Node.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Fetched on demand: it is only needed here, and brings hundreds of packages with it. */
const builder = 'electron-builder@26.17.0';
const root = fileURLToPath(new URL('../..', import.meta.url));

process.stderr.write(`Packaging Photoseek for this system.
This needs the network: npx fetches ${builder}, and that fetches the Electron binary and the packaging tools of this system.
Nothing is published. Without a certificate the result is not signed, and the system will warn of it.
`);
run('npm', ['run', '--silent', 'build']);
run('npm', ['run', '--silent', 'build:desktop']);
run('npx', ['--yes', builder, '--config', 'electron-builder.yml', '--publish', 'never', ...process.argv.slice(2)]);

function run(command: string, args: readonly string[]): void {
  // Windows starts npm and npx through its shell only.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) process.stderr.write(`photoseek: ${command} could not be started: ${error.message}\n`);
  if (status !== 0) {
    process.stderr.write(`photoseek: packaging stopped at: ${command} ${args.join(' ')}\n`);
    process.exit(status ?? 1);
  }
}
