import { expect, test } from '../harness/fixtures.ts';

/**
 * Pictures for the documents, of a server that has run for a while:
 * WATCHFIRE_URL=http://127.0.0.1:9090 SCREENSHOTS=../docs/screenshots cargo xtask e2e screenshots
 */
const folder = process.env.SCREENSHOTS;

const PAGES = [
  { name: 'graph', path: `/graph?g0.tab=graph&g0.range_input=10m&g0.expr=${encodeURIComponent('sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[1m]))')}` },
  { name: 'table', path: `/graph?g0.tab=table&g0.expr=${encodeURIComponent('topk(8, {__name__=~"node_memory_.+_bytes"})')}` },
  { name: 'targets', path: '/targets' },
];

for (const { name, path } of PAGES) {
  for (const theme of ['light', 'dark'] as const) {
    test(`${name} looks settled in the ${theme} theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.goto(path);
      await expect(page.locator('.legend__series, table.result tbody tr, section.pool').first()).toBeVisible();
      await expect(page.locator('.skeleton')).toHaveCount(0);
      if (folder) await page.screenshot({ path: `${folder}/${name}-${theme}.png` });
    });
  }
}
