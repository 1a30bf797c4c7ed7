import { defineConfig } from '@playwright/test';

/** The system's own Chromium; `cargo xtask e2e` says where it is. */
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results/artifacts',
  // Two cores: one for the browser, one for the server.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // A machine that is busy may be late once; which tests needed it is told at the end. What is wrong fails twice.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['./harness/counts-reporter.ts']],
  use: {
    viewport: { width: 1440, height: 900 },
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
