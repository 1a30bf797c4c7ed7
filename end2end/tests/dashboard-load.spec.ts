import type { Page } from '@playwright/test';
import { batchesOf } from '../harness/batch.ts';
import { expect, test } from '../harness/fixtures.ts';
import { QUESTIONS, serverWithDay, thirty } from '../harness/day.ts';
import type { Server } from '../harness/server.ts';

/** What a dashboard of thirty panels costs over a day; `cargo xtask dashboards` prints the figures of a release build. */
test.describe.configure({ mode: 'serial' });

let server: Server;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  server = await serverWithDay();
  const stored = await fetch(`${server.url}/api/dashboards/db`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ dashboard: thirty('thirty'), overwrite: true }),
  });
  expect(stored.ok, await stored.text()).toBe(true);
});

test.afterAll(async () => server?.stop());

const ready = (page: Page) => page.locator('.tile[data-state="ready"]');

/** The texts of all queries that were sent. */
const texts = (sent: { expr: string }[][]) => sent.flat().map((query) => query.expr);

test('thirty panels over a day ask each question once, all in one request', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 3400 });
  const sent = batchesOf(page);
  const alone: string[] = [];
  page.on('request', (request) => {
    if (/\/api\/v1\/query(_range)?$/.test(new URL(request.url()).pathname)) alone.push(request.url());
  });
  // The page itself notes the frame in which the last panel is there.
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelectorAll('.tile[data-state="ready"]').length === 30) performance.mark('drawn');
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const opened: number[] = [];
  // The second time the browser has the program already.
  for (let n = 0; n < 2; n += 1) {
    sent.length = 0;
    await page.goto(`${server.url}/d/thirty/thirty`, { waitUntil: 'commit' });
    await expect(ready(page)).toHaveCount(30);
    opened.push(await page.evaluate(() => performance.getEntriesByName('drawn')[0].startTime));
    expect(sent.length, 'one request').toBe(1);
    expect(new Set(texts(sent)).size).toBe(QUESTIONS);
    expect(texts(sent).length, 'no question twice').toBe(QUESTIONS);
  }
  expect(await page.locator('.tile[data-state="error"]').count()).toBe(0);
  // Once more on the page as it stands: what a refresh costs.
  const times: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    sent.length = 0;
    times.push(await page.evaluate(async () => {
      const settled = () => [...document.querySelectorAll('.tile')].every((tile) => tile.getAttribute('data-state') === 'ready');
      const begins = performance.now();
      document.querySelector<HTMLElement>('button[aria-label="Refresh"]')!.click();
      while (settled() && performance.now() - begins < 2000) await new Promise(requestAnimationFrame);
      while (!settled()) await new Promise(requestAnimationFrame);
      return performance.now() - begins;
    }));
    expect(sent.length, 'a refresh is one request').toBe(1);
    expect(texts(sent).length, 'a refresh asks each question once').toBe(QUESTIONS);
  }
  expect(alone, 'no query beside the batch').toEqual([]);
  times.sort((a, b) => a - b);
  console.log(`thirty panels over 24 h: ${opened[0].toFixed(0)} ms from nothing, ${opened[1].toFixed(0)} ms opened again, ${times[2].toFixed(0)} ms to ask and draw all anew (median of 5)`);
});

test('panels out of view ask nothing until they come into view', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 500 });
  const sent = batchesOf(page);
  await page.goto(`${server.url}/d/thirty/thirty`);
  await expect(page.locator('.tile[data-panel="1"]')).toHaveAttribute('data-state', 'ready');
  await expect(page.locator('.tile[data-state="loading"]')).toHaveCount(0);
  await expect(page.locator('.tile[data-panel="30"]')).toHaveAttribute('data-state', 'waiting');
  expect(texts(sent).length).toBeLessThan(QUESTIONS);
  await page.locator('.tile[data-panel="30"]').scrollIntoViewIfNeeded();
  await expect(page.locator('.tile[data-panel="30"]')).toHaveAttribute('data-state', 'ready');
});
