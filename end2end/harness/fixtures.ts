import { expect, test as base, type Page } from '@playwright/test';
import { Server } from './server.ts';
import { watchedServer } from './watched.ts';

/**
 * `server`: one for all tests of a worker, without configuration, so it scrapes itself and this machine.
 * `watched`: another one, with rules, an Alertmanager that is down, and pools of every kind.
 * `page`: fails its test on any message in the console, hydration warnings above all, and on any error.
 */
export const test = base.extend<{ page: Page }, { server: Server; watched: Server }>({
  server: [
    async ({}, use) => {
      const url = process.env.WATCHFIRE_URL;
      const server = url ? Server.at(url) : await Server.start();
      // Scrapes of each target enough for a rate at the last whole step of a dashboard, which may be 15 s ago.
      await expect
        .poll(
          async () => (await server.api('query?query=min(count_over_time(up[1m]))')).result[0]?.value[1],
          { timeout: 60_000 },
        )
        .toMatch(/^([6-9]|\d\d)/);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  watched: [
    async ({}, use) => {
      const server = await watchedServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  page: async ({ page }, use) => {
    const messages: string[] = [];
    page.on('console', (message) => {
      // The browser itself notes every answer with an error status; a wrong query has one.
      const isAnswer = message.text().startsWith('Failed to load resource') && ['/api/v1/query', '/api/dashboards/db', '/api/watchfire/rules/', '/api/user', '/api/admin/users', '/api/users/lookup', '/login'].some((call) => message.location().url.includes(call));
      if (['error', 'warning'].includes(message.type()) && !isAnswer) messages.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => messages.push(`error: ${error.message}`));
    // A page that loads is waited for until it answers; a test that wants to be earlier says so.
    const goto = page.goto.bind(page);
    page.goto = async (url, options) => {
      const response = await goto(url, options);
      if (options?.waitUntil !== 'commit') {
        await page.locator('html[data-awake]').waitFor();
        // Editors take the place of plain fields a little later.
        await expect(page.locator('promql-editor:not([data-rich])')).toHaveCount(0);
      }
      return response;
    };
    await use(page);
    expect(messages, 'messages in the console').toEqual([]);
  },
});

export { expect };
