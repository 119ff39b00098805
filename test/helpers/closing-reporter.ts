// A Vitest reporter that closes the run with what was skipped and why it could be, and one plain line of counts.
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export default class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const skipped: string[] = [];
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
      const { state } = test.result();
      if (state === 'pending') continue;
      counts[state]++;
      if (state === 'skipped') skipped.push(nameOf(test));
    }
    const lines = skipped.map((name) => `skipped: ${name}`);
    const suites = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0).length;
    process.stdout.write(
      `${[...lines, `${counts.passed} passed, ${counts.failed + suites} failed, ${counts.skipped} skipped`].join('\n')}\n`,
    );
  }
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId}: ${test.fullName}`;
}
