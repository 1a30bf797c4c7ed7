import { expect, test } from '../harness/fixtures.ts';

/**
 * Pictures for the documents, of a server that has run for a while:
 * WATCHFIRE_URL=http://127.0.0.1:9090 SCREENSHOTS=../docs/screenshots cargo xtask e2e screenshots
 */
const folder = process.env.SCREENSHOTS;

const CPU = encodeURIComponent('sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[1m]))');
const MEMORY = encodeURIComponent('topk(8, {__name__=~"node_memory_.+_bytes"})');

const PAGES = [
  { name: 'graph', path: `/graph?g0.tab=graph&g0.range_input=10m&g0.expr=${CPU}` },
  { name: 'table', path: `/graph?g0.tab=table&g0.expr=${MEMORY}` },
  { name: 'explain', path: `/graph?g0.tab=explain&g0.expr=${CPU}` },
  { name: 'dashboards', path: '/dashboards' },
  { name: 'alerts', path: '/alerts' },
  { name: 'rules', path: '/rules' },
  { name: 'targets', path: '/targets' },
  { name: 'service-discovery', path: '/service-discovery' },
  { name: 'alertmanager-discovery', path: '/alertmanager-discovery' },
  { name: 'status', path: '/status' },
  { name: 'tsdb-status', path: '/tsdb-status' },
  { name: 'flags', path: '/flags' },
  { name: 'config', path: '/config' },
  { name: 'queries', path: '/queries' },
  { name: 'remote', path: '/remote' },
  { name: 'help', path: '/help' },
];

for (const { name, path } of PAGES) {
  for (const theme of ['light', 'dark'] as const) {
    test(`${name} looks settled in the ${theme} theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await page.goto(path);
      await expect(page.locator('html[data-awake]')).toBeAttached();
      await expect(page.getByRole('heading', { level: 1 }).or(page.getByRole('region', { name: 'Query 1' })).first()).toBeVisible();
      await expect(page.locator('.skeleton')).toHaveCount(0);
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
      if (folder) await page.screenshot({ path: `${folder}/${name}-${theme}.png` });
    });
  }
}
