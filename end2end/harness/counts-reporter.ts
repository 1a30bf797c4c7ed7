import { mkdirSync, writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Leaves `passed failed` in test-results/counts.txt for the command that sums up all tests. */
export default class CountsReporter implements Reporter {
  private outcomes = new Map<string, boolean>();

  onTestEnd(test: TestCase, result: TestResult) {
    this.outcomes.set(test.id, result.status === test.expectedStatus);
  }

  onEnd() {
    const all = [...this.outcomes.values()];
    const passed = all.filter(Boolean).length;
    mkdirSync('test-results', { recursive: true });
    writeFileSync('test-results/counts.txt', `${passed} ${all.length - passed}\n`);
  }
}
