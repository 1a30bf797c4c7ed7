import { expect, test } from '../harness/fixtures.ts';

test.use({ viewport: { width: 1280, height: 800 } });

/**
 * Pictures for the documents, of a server that has run for a while:
 * WATCHFIRE_URL=http://127.0.0.1:9090 SCREENSHOTS=../docs/screenshots cargo xtask e2e screenshots
 */
const folder = process.env.SCREENSHOTS;

const CPU = encodeURIComponent('sum by (mode) (rate(node_cpu_seconds_total{mode!="idle"}[1m]))');
const MEMORY = encodeURIComponent('topk(8, {__name__=~"node_memory_.+_bytes"})');

/** A dashboard of what any server knows: itself and its machine. */
const DASHBOARD = {
  uid: 'screenshots', title: 'This machine', schemaVersion: 42, tags: ['example'], time: { from: 'now-15m', to: 'now' },
  templating: { list: [{
    name: 'mode', type: 'query', multi: true, includeAll: true, refresh: 1,
    query: 'label_values(node_cpu_seconds_total, mode)', current: { text: ['All'], value: ['$__all'] },
  }] },
  panels: [
    { type: 'timeseries', title: 'CPU by mode', x: 0, y: 0, w: 16, h: 9, unit: 'percentunit', expr: 'sum by (mode) (rate(node_cpu_seconds_total{mode=~"$mode"}[1m]))', legend: '{{mode}}' },
    { type: 'gauge', title: 'Memory in use', x: 16, y: 0, w: 8, h: 9, unit: 'percentunit', expr: '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes', legend: 'memory' },
    { type: 'timeseries', title: 'Requests', x: 0, y: 9, w: 12, h: 8, unit: 'reqps', expr: 'sum by (handler) (rate(prometheus_http_requests_total[1m])) > 0', legend: '{{handler}}' },
    { type: 'bargauge', title: 'Series of each job', x: 12, y: 9, w: 6, h: 8, unit: 'short', expr: 'sum by (job) (scrape_samples_scraped)', legend: '{{job}}' },
    { type: 'stat', title: 'Targets up', x: 18, y: 9, w: 6, h: 8, unit: 'short', expr: 'sum(up)', legend: 'up' },
  ].map(({ x, y, w, h, unit, expr, legend, ...rest }, n) => ({
    ...rest, id: n + 1, gridPos: { x, y, w, h }, fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: [{ refId: 'A', expr, legendFormat: legend }],
  })),
};

test.beforeAll(async ({ playwright, server }) => {
  const api = await playwright.request.newContext({ baseURL: server.url });
  const answer = await api.post('/api/dashboards/db', { data: { dashboard: DASHBOARD, overwrite: true } });
  expect(answer.ok(), await answer.text()).toBe(true);
  await api.dispose();
});

test.afterAll(async ({ playwright, server }) => {
  const api = await playwright.request.newContext({ baseURL: server.url });
  await api.delete(`/api/dashboards/uid/${DASHBOARD.uid}`);
  await api.dispose();
});

const RULE = encodeURIComponent('1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes > 0.9');

const PAGES = [
  { name: 'home', path: '/' },
  { name: 'graph', path: `/graph?g0.tab=graph&g0.range_input=10m&g0.expr=${CPU}` },
  { name: 'table', path: `/graph?g0.tab=table&g0.expr=${MEMORY}` },
  { name: 'explain', path: `/graph?g0.tab=explain&g0.expr=${CPU}` },
  { name: 'dashboards', path: '/dashboards' },
  { name: 'dashboard', path: '/d/screenshots/this-machine' },
  { name: 'rule-form', path: `/rules/new?name=MemoryLow&for=5m&expr=${RULE}` },
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
      await expect(page.locator('.tile[data-state="loading"]')).toHaveCount(0);
      if (name === 'rule-form') {
        // The past is evaluated after the rest of the page is there.
        await expect(page.locator('.rule-form__summary')).toContainText(/have fired/);
        await expect(page.locator('.week__line')).not.toHaveCount(0);
        await expect(page.locator('[data-busy="true"]')).toHaveCount(0);
      }
      if (folder) await page.screenshot({ path: `${folder}/${name}-${theme}.png` });
    });
  }
}
