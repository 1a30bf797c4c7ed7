import { expect, test } from '../harness/fixtures.ts';

test('targets are chosen by pool, state and text, all in the address', async ({ page, watched }) => {
  await page.goto(`${watched.url}/targets`);
  await page.getByRole('combobox', { name: 'Pool' }).selectOption('broken');
  await expect(page).toHaveURL(/pool=broken/);
  await expect(page.locator('section.pool')).toHaveCount(1);
  await expect(page.locator('table.targets tbody tr')).toContainText(/refused/);
  await page.goto(`${watched.url}/targets?health=up`);
  await expect(page.locator('section.pool')).toHaveCount(1);
  await expect(page.getByRole('heading', { name: 'self' })).toBeVisible();
  await page.getByRole('searchbox').fill('zone="nowhere"');
  await expect(page.getByText('No target matches the filter')).toBeVisible();
});

test('long lists come in pages, and pools without targets are named', async ({ page, watched }) => {
  await page.goto(`${watched.url}/targets`);
  await expect(page.locator('table.targets tbody tr')).toHaveCount(50);
  await expect(page.getByText('Pools without targets: nothing.')).toBeVisible();
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page.getByText('Page 2 of 3')).toBeVisible();
});

test('a target tells its timing, discovered labels and relabelling steps', async ({ page, watched }) => {
  await page.goto(`${watched.url}/targets?pool=relabelled`);
  const row = page.locator('table.targets tbody tr');
  await row.getByText('Details').click();
  await expect(row).toContainText('every 1s, at most 1s');
  const steps = row.locator('ol.steps > li');
  await expect(steps).toHaveCount(3);
  await expect(steps.nth(0)).toContainText('nothing changed');
  await expect(steps.nth(1).locator('[data-change=added]')).toContainText('availability_zone');
  await expect(steps.nth(2).locator('[data-change=removed]')).toContainText('zone');
});

test("a pool's configuration is shown without its secrets", async ({ page, watched }) => {
  await page.goto(`${watched.url}/targets?pool=relabelled`);
  await page.getByText('Configuration of this pool').click();
  const file = page.locator('.pool__config pre');
  await expect(file).toContainText('job_name: relabelled');
  await expect(file).toContainText('<secret>');
  await expect(file).not.toContainText('hunter2');
});

test('pools fold, one by one and all together', async ({ page, watched }) => {
  await page.goto(`${watched.url}/targets`);
  const pool = page.locator('section.pool').filter({ has: page.getByRole('heading', { name: 'broken' }) });
  await expect(pool.locator('table')).toBeVisible();
  await pool.getByRole('button', { name: 'broken' }).click();
  await expect(pool.locator('table')).toBeHidden();
  await page.getByRole('button', { name: 'Expand all' }).click();
  await expect(pool.locator('table')).toBeVisible();
  await page.getByRole('button', { name: 'Collapse all' }).click();
  await expect(page.locator('section.pool table:visible')).toHaveCount(0);
});

test('of more than twenty pools the first is chosen, the others on request', async ({ page, watched }) => {
  await page.route('**/api/watchfire/targets*', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const [first] = body.data.pools;
    const more = Array.from({ length: 25 }, (_, n) => ({ ...first, name: `zz-${n}`, up: 0, down: 0, unknown: 0 }));
    body.data.pools.push(...more);
    await route.fulfill({ response: answer, json: body });
  });
  await page.goto(`${watched.url}/graph`);
  await page.getByText('Status', { exact: true }).click();
  await page.getByRole('link', { name: 'Targets', exact: true }).click();
  await expect(page).toHaveURL(/pool=/);
  await expect(page.getByText(/There are \d+ pools; the first is shown/)).toBeVisible();
  await expect(page.locator('section.pool')).toHaveCount(1);
  await page.getByRole('link', { name: 'Show all pools' }).click();
  await expect(page).not.toHaveURL(/pool=/);
  await expect.poll(() => page.locator('section.pool').count()).toBeGreaterThan(1);
});
