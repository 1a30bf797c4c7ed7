import { expect, test } from '../harness/fixtures.ts';

/** Takes many seconds unless something stops it. */
const SLOW = Array.from({ length: 100 }, (_, i) => `quantile_over_time(0.${String(i).padStart(2, '0')}, sin(vector(time()))[5m:1s])`).join(' + ');

test('a query that runs is listed and cancelled', async ({ page, watched }) => {
  const form = new URLSearchParams({ query: SLOW, start: '0', end: '11000', step: '1' });
  const answer = fetch(`${watched.url}/api/v1/query_range`, { method: 'POST', body: form });
  await page.goto(`${watched.url}/queries`);
  const row = page.getByRole('region', { name: 'Running' }).locator('tbody tr').filter({ hasText: 'quantile_over_time' });
  await expect(row).toContainText('3h3m20s / 1s');
  await row.getByRole('button', { name: 'Cancel' }).click();
  const { status, error } = { status: (await answer).status, error: await (await answer).json() };
  expect(error.errorType).toBe('canceled');
  expect(status).toBe(499);
  await expect(page.getByText('No query runs now.')).toBeVisible();
});

test('queries that ended are ordered as the address says', async ({ page, watched }) => {
  for (let i = 0; i < 30; i += 1) await watched.api('query?query=vector(12345)');
  await watched.api('query?query=vector(54321)');
  await page.goto(`${watched.url}/queries?sort=frequent`);
  const ended = page.getByRole('region', { name: 'Since the start' });
  const row = ended.locator('tbody tr').filter({ hasText: 'vector(12345)' });
  await expect(row.locator('td').nth(1)).toHaveText('30');
  await ended.getByRole('link', { name: 'Most recent' }).click();
  await expect(page).toHaveURL(/sort=recent/);
  await expect(row.getByRole('link', { name: 'Explain' })).toHaveAttribute('href', /tab=explain/);
});
