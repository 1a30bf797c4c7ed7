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
];

for (const theme of ['light', 'dark'] as const) {
  test(`no page has a serious fault for assistive technology in the ${theme} theme`, async ({ page, watched }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const path of PAGES) {
      await page.goto(`${watched.url}${path}`);
      await expect(page.locator('.skeleton')).toHaveCount(0);
      expect.soft(await faults(page), `${path} in ${theme}`).toEqual([]);
    }
  });
}
