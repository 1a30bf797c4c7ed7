import { expect, test } from '../harness/fixtures.ts';

test('groups tell their evaluations, and a rule that fails says why', async ({ page, watched }) => {
  await page.goto(`${watched.url}/rules?health=err`);
  await expect(page).toHaveTitle(/Rules/);
  const rule = page.locator('details.fold').filter({ hasText: 'broken:rule' });
  await expect(rule).toBeVisible();
  await rule.locator('summary').first().click();
  await expect(rule).toContainText('found duplicate series for the match group');
  await expect(page.getByRole('region', { name: 'recording' })).toContainText('every 1s');
});

test('many groups come in pages, each with its address', async ({ page, watched }) => {
  await page.goto(`${watched.url}/rules`);
  await expect(page.getByRole('region')).toHaveCount(10);
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.getByRole('region')).toHaveCount(7);
  await page.getByRole('group', { name: 'Kind' }).getByRole('link', { name: 'Alerting' }).click();
  await expect(page).not.toHaveURL(/page=/);
  await expect(page.getByRole('region')).toHaveCount(1);
});

test('an opened rule stays open while the page asks anew', async ({ page, watched }) => {
  await page.goto(`${watched.url}/rules?search=job:up:sum`);
  const rule = page.locator('details.fold');
  await rule.locator('summary').first().click();
  await page.waitForResponse((response) => response.url().includes('/api/watchfire/rules'));
  await page.waitForResponse((response) => response.url().includes('/api/watchfire/rules'));
  await expect(rule).toHaveAttribute('open');
});
