import { expect, test } from '../harness/fixtures.ts';

test('the head is counted, and a metric leads to its labels, values and the rule that drops it', async ({ page, watched }) => {
  await page.goto(`${watched.url}/tsdb-status`);
  const series = page.getByRole('region', { name: 'Head' }).getByRole('row', { name: /Series/ });
  await expect(series.locator('td')).toHaveText(/\d/);
  const first = page.getByRole('region', { name: 'Metrics by series' }).getByRole('link').first();
  const name = await first.innerText();
  await first.click();
  await expect(page).toHaveURL(/metric=/);
  await expect(page.getByRole('region', { name, exact: true })).toContainText(/\d+ series now/);
  await page.goto(`${watched.url}/tsdb-status?metric=up`);
  const drill = page.getByRole('region', { name: 'up', exact: true });
  await drill.getByRole('link', { name: 'job', exact: true }).click();
  const values = page.getByRole('region', { name: 'up · job' });
  await expect(values.getByRole('row', { name: /broken/ }).locator('td')).toHaveText('1');
  await values.getByText('The rule that would drop them').click();
  await expect(values).toContainText('source_labels: [__name__]');
});

test('series are deleted once a dialog was answered that says how many', async ({ page, watched }) => {
  const count = async () =>
    (await watched.api('query?query=count(scrape_duration_seconds{job="broken"})')).result[0]?.value[1] ?? '0';
  await expect.poll(count).toBe('1');
  await page.goto(`${watched.url}/tsdb-status`);
  const form = page.getByRole('region', { name: 'Delete series' });
  await form.getByRole('textbox', { name: /Selectors/ }).fill('go_nothing_like_that\nup{job="self"}');
  await form.getByRole('button', { name: 'Delete series…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete series…' });
  await expect(dialog).toContainText('1 series match now');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(form.getByRole('status')).toContainText('Deleted');
  await form.getByRole('button', { name: 'Clean tombstones' }).click();
  await expect(form.getByRole('status')).toContainText('Cleaned');
});

test('a server without the admin API says how to have it', async ({ page, server }) => {
  await page.goto(`${server.url}/tsdb-status`);
  await expect(page.getByText('--web.enable-admin-api')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Clean tombstones' })).toHaveCount(0);
});
