import { expect, test } from '../harness/fixtures.ts';

/** What each page must say before any script has run. */
const PAGES: [string, RegExp][] = [
  ['/alerts', /127\.0\.0\.1:1 is down/],
  ['/rules', /many-0/],
  ['/targets?pool=broken', /refused/],
  ['/service-discovery?pool=relabelled', /env="dev"/],
  ['/tsdb-status', /Metrics by series/],
  ['/status', /Working directory/],
  ['/flags?search=lifecycle', /--web\.enable-lifecycle/],
  ['/config', /scrape_configs/],
  ['/alertmanager-discovery', /127\.0\.0\.1:1/],
  ['/queries', /Since the start/],
  ['/remote', /\/push/],
  ['/help', /histogram_quantile/],
];

test('status pages are readable without scripts', async ({ browser, watched }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  for (const [path, words] of PAGES) {
    await page.goto(`${watched.url}${path}`);
    await expect(page.locator('main'), path).toContainText(words);
    await expect(page.locator('.skeleton'), path).toHaveCount(0);
  }
  await context.close();
});

test('filters and pages work without scripts', async ({ browser, watched }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${watched.url}/rules`);
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(page.getByText('Page 2 of 2')).toBeVisible();
  await page.getByRole('searchbox').fill('job:up:sum');
  await page.getByRole('searchbox').press('Enter');
  await expect(page.locator('.fold__name')).toHaveText(['job:up:sum']);
  await context.close();
});
