import { expect, test } from '../harness/fixtures.ts';

test('a dropped target shows the rule that dropped it', async ({ page, watched }) => {
  await page.goto(`${watched.url}/service-discovery?pool=relabelled`);
  await expect(page.locator('section.pool')).toContainText('1 / 2 active');
  await page.getByRole('group', { name: 'State' }).getByRole('link', { name: /Dropped/ }).click();
  await expect(page).toHaveURL(/state=dropped/);
  const row = page.locator('table.discovery tbody tr');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('127.0.0.1:3');
  await row.getByText('Relabelling, step by step').click();
  const steps = row.locator('ol.steps > li');
  await expect(steps.nth(0)).toContainText('dropped here');
  await expect(steps.nth(1)).toContainText('not reached');
});

test('labels are searched before and after relabelling', async ({ page, watched }) => {
  await page.goto(`${watched.url}/service-discovery`);
  await page.getByRole('searchbox').fill('availability_zone="a"');
  await expect(page.locator('table.discovery tbody tr')).toHaveCount(1);
});
