import { plainEditor } from '../harness/editor.ts';
import { expect, test } from '../harness/fixtures.ts';
import { Server } from '../harness/server.ts';

test('the top bar leads to every page', async ({ page }) => {
  await page.goto('/graph');
  await expect(page).toHaveTitle(/Graph/);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await expect(pages.getByRole('link', { name: 'Graph' })).toBeVisible();
  await page.goto('/targets');
  await expect(page).toHaveTitle(/Targets/);
  await pages.getByRole('link', { name: 'Graph' }).click();
  await expect(page).toHaveURL(/\/graph/);
});

test('targets are listed with their state and can be filtered', async ({ page }) => {
  await page.goto('/targets');
  await expect(page.locator('section.pool')).toHaveCount(2);
  await expect(page.getByRole('heading', { name: 'node' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'watchfire' })).toBeVisible();
  await expect(page.getByText('/metrics/node').first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Pool' }).selectOption('node');
  await expect(page).toHaveURL(/pool=node/);
  await expect(page.locator('section.pool')).toHaveCount(1);
});

test('a target that is down says why', async ({ page }) => {
  const server = await Server.start(
    'scrape_configs:\n- job_name: broken\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  static_configs:\n  - targets: ["127.0.0.1:1"]\n',
  );
  await expect.poll(async () => (await server.api('targets')).activeTargets[0].health).toBe('down');
  await page.goto(`${server.url}/targets`);
  await expect(page.locator('section.pool')).toContainText(/refused/);
  await server.stopBehind(page);
});

test('targets and empty graphs are readable without JavaScript', async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.url}/targets`);
  await expect(page.getByRole('heading', { name: 'node' })).toBeVisible();
  await expect(page.getByText('/metrics/node').first()).toBeVisible();
  await page.goto(`${server.url}/graph?g0.expr=up`);
  await expect(plainEditor(page)).toHaveValue('up');
  await context.close();
});

test('an address that leads nowhere says so, with status 404', async ({ page, server }) => {
  const answer = await page.request.get('/no/such/page');
  expect(answer.status()).toBe(404);
  const text = await answer.text();
  expect(text).toContain('</html>');
  await page.goto(`${server.url}/graph`);
});

test('the theme is switched, kept over a reload, and there before the first paint', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/graph');
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: /^Theme: / }).click();
  await page.getByRole('button', { name: /^Theme: light/ }).click();
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  expect(await background()).toBe(dark);
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
});

test('pages fit a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ['/graph?g0.expr=up&g0.tab=table', '/graph?g0.expr=up&g0.tab=graph', '/targets']) {
    await page.goto(path);
    await expect(page.getByRole('banner')).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});
