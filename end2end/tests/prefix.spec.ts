import { expect, test } from '../harness/fixtures.ts';
import { Server } from '../harness/server.ts';

test('below a prefix pages wake up, ask, link and go there', async ({ browser }) => {
  const server = await Server.start(undefined, {}, [
    '--web.external-url=http://monitoring.example/prom',
    '--web.page-title=Team X',
  ]);
  const context = await browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!new URL(request.url()).pathname.startsWith('/prom')) outside.push(request.url());
  });
  const failed: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) failed.push(message.text());
  });
  try {
    expect(server.url).toMatch(/\/prom$/);
    await page.goto(`${server.url}/graph?g0.expr=vector(7)&g0.tab=table`);
    await page.locator('html[data-awake]').waitFor();
    await expect(page.getByRole('table').getByText('7', { exact: true })).toBeVisible();
    await page.getByRole('link', { name: 'Alerts' }).click();
    await expect(page).toHaveURL(/\/prom\/alerts$/);
    await expect(page).toHaveTitle('Alerts · Team X');
    await page.getByText('Status', { exact: false }).first().click();
    await page.getByRole('link', { name: 'Targets' }).click();
    await expect(page).toHaveURL(/\/prom\/targets$/);
    await page.getByRole('searchbox').first().fill('node');
    await expect(page).toHaveURL(/\/prom\/targets\?search=node$/);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search pages/ }).fill('tsdb status');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/prom\/tsdb-status$/);
    await page.reload();
    await page.locator('html[data-awake]').waitFor();
    expect(outside).toEqual([]);
    expect(failed).toEqual([]);
  } finally {
    await context.close();
    await server.stop();
  }
});
