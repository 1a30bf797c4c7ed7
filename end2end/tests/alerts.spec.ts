import { expect, test } from '../harness/fixtures.ts';

test('rules that fire come first, opened, with their alerts, values and where they are sent', async ({ page, watched }) => {
  await page.goto(`${watched.url}/alerts`);
  await expect(page).toHaveTitle(/Alerts/);
  const down = page.locator('details.fold').filter({ hasText: 'TargetDown' });
  await expect(down).toHaveAttribute('open');
  const row = down.locator('table.instances tbody tr').filter({ hasText: 'instance="127.0.0.1:1"' });
  await expect(row).toContainText('Firing');
  await expect(row).toContainText('127.0.0.1:1 is down');
  await expect(row.locator('td').last()).toHaveText('0');
  await expect(row.locator('time')).toHaveText(/ago/);
  await expect(down.getByRole('link', { name: 'https://runbooks.example/TargetDown' })).toBeVisible();
  await down.getByText('Why').click();
  await expect(down.getByRole('link', { name: 'http://127.0.0.1:1', exact: true })).toBeVisible();
  await expect(down.getByRole('link', { name: 'Silence' })).toHaveAttribute('href', /silences\/new\?filter=.*TargetDown/);
});

test('the state and a search are in the address and restored by a link', async ({ page, watched }) => {
  await page.goto(`${watched.url}/alerts`);
  await page.getByRole('group', { name: 'State' }).getByRole('link', { name: /Pending/ }).click();
  await expect(page).toHaveURL(/state=pending/);
  await expect(page.locator('.fold__name')).toHaveText(['SoonTooMuch']);
  await page.getByRole('searchbox').fill('nothing like that');
  await expect(page).toHaveURL(/search=nothing/);
  await expect(page.getByText('No alert matches the filter')).toBeVisible();
  await page.goto(`${watched.url}/alerts?state=inactive&search=never`);
  await expect(page.locator('.fold__name')).toHaveText(['NeverFires']);
  await expect(page.getByRole('link', { name: /Inactive/ })).toHaveAttribute('aria-current', 'true');
});

test('an expression opens on the graph page, and the keyboard opens a rule', async ({ page, watched }) => {
  await page.goto(`${watched.url}/alerts?search=never`);
  const rule = page.locator('details.fold');
  await expect(rule).not.toHaveAttribute('open');
  await rule.locator('summary').first().focus();
  await page.keyboard.press('Enter');
  await expect(rule).toHaveAttribute('open');
  await rule.getByRole('link', { name: 'vector(0) > 1' }).click();
  await expect(page).toHaveURL(/\/graph\?g0\.expr=vector/);
});

test('a server without rules says how to have some', async ({ page, server }) => {
  await page.goto(`${server.url}/alerts`);
  await expect(page.getByText('There are no alerting rules')).toBeVisible();
});
