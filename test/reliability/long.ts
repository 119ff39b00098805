// Runs the tests of the reliability promises with their long figures: hours instead of minutes. Started by `npm run test:long`.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('vitest', ['run', 'test/reliability', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, PHOTOSEEK_LONG: '1' },
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
