import { faults } from '../harness/axe.ts';
import { expect, test } from '../harness/fixtures.ts';

const PAGES = [
  '/graph?g0.expr=up&g0.tab=table',
  '/graph?g0.expr=up&g0.tab=graph',
  '/alerts',
  '/rules',
  '/targets?pool=relabelled',
  '/service-discovery?pool=relabelled',
  '/tsdb-status?metric=up&label=job',
  '/status',
  '/flags',
  '/config',
  '/alertmanager-discovery',
  '/queries',
  '/remote',
  '/help',
  '/dashboards',
  '/',
  '/d/axe/axe',
  '/d/axe/axe?edit',
  '/d/axe/axe/edit/1?edit',
  '/d/axe/axe/settings/variables?edit',
];

const DASHBOARD = {
  uid: 'axe', title: 'Axe', schemaVersion: 42, time: { from: 'now-15m', to: 'now' },
  templating: { list: [{ name: 'job', type: 'query', query: 'label_values(up, job)', includeAll: true, multi: true, refresh: 1 }] },
  panels: [
    { id: 1, type: 'timeseries', title: 'Up', gridPos: { x: 0, y: 0, w: 12, h: 8 }, targets: [{ refId: 'A', expr: 'up{job=~"$job"}', editorMode: 'builder' }] },
    { id: 2, type: 'alertlist', title: 'Alerts', gridPos: { x: 12, y: 0, w: 6, h: 8 }, options: {} },
    { id: 3, type: 'dashlist', title: 'Dashboards', gridPos: { x: 18, y: 0, w: 6, h: 8 }, options: { showSearch: true } },
  ],
};

for (const theme of ['light', 'dark'] as const) {
  test(`no page has a serious fault for assistive technology in the ${theme} theme`, async ({ page, watched }) => {
    test.setTimeout(180_000);
    const stored = await page.request.post(`${watched.url}/api/dashboards/db`, { data: { dashboard: DASHBOARD, overwrite: true } });
    expect(stored.ok(), await stored.text()).toBe(true);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const path of PAGES) {
      await page.goto(`${watched.url}${path}`);
      await expect(page.locator('.skeleton')).toHaveCount(0);
      expect.soft(await faults(page), `${path} in ${theme}`).toEqual([]);
    }
  });
}
