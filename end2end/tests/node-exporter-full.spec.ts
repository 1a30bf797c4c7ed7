import { basename } from 'node:path';
import { expect, test } from '../harness/fixtures.ts';
import { documentOf, importDashboard, openRows, panelsOf, realDashboards, settle } from '../harness/real.ts';

/** Pictures of it go there: SCREENSHOTS=../docs/screenshots cargo xtask e2e node-exporter-full */
const folder = process.env.SCREENSHOTS;
const file = realDashboards().find((file) => basename(file) === 'node-exporter-full.json');

test.describe('Node Exporter Full on the metrics of this machine', () => {
  test.skip(!file, 'the dashboard is not here');

  test('every panel whose metrics exist draws, and every other one says that it has no data', async ({ page, request, server }) => {
    test.setTimeout(400_000);
    const document = documentOf(file!);
    // A quarter of an hour, so that a server that has just started fills its charts.
    const uid = await importDashboard(request, { ...document, uid: 'nef', time: { from: 'now-15m', to: 'now' } });
    await page.goto(`/d/${uid}/node-exporter-full`);
    await expect(page.getByRole('heading', { name: document.title, exact: true })).toBeVisible();
    const values = (await server.api('query?query=node_uname_info')).result[0].metric;
    const interpolated = (expr: string) =>
      expr
        .replaceAll('$__rate_interval', '1m')
        .replaceAll('$nodename', values.nodename)
        .replaceAll('$node', values.instance)
        .replaceAll('$job', values.job);
    const stored = (await (await request.get(`/api/dashboards/uid/${uid}`)).json()).dashboard;
    const answered = async (panel: any): Promise<boolean> => {
      for (const target of panel.targets ?? []) {
        if (target.hide) continue;
        const found = await server.api(`query?query=${encodeURIComponent(interpolated(target.expr))}`);
        if (found.result.length > 0) return true;
      }
      return false;
    };
    await openRows(page);
    const seen = new Map((await settle(page)).map((one) => [one.id, one]));
    let drawn = 0;
    for (const panel of panelsOf(stored)) {
      const one = seen.get(String(panel.id));
      expect(one, panel.title).toBeDefined();
      if (await answered(panel)) {
        expect(one!.shows, `${panel.title} has data`).toBe('ink');
        drawn += 1;
      }
    }
    console.log(`${drawn} of ${seen.size} panels have data on this machine`);
    expect(drawn).toBeGreaterThan(50);
  });

  for (const theme of ['light', 'dark'] as const) {
    test(`it looks settled in the ${theme} theme`, async ({ page, request }) => {
      test.setTimeout(240_000);
      const uid = await importDashboard(request, { ...documentOf(file!), uid: 'nef', time: { from: 'now-15m', to: 'now' } });
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      // As high as the page: a picture of more than the window would make the charts anew while it is taken.
      await page.setViewportSize({ width: 1440, height: 1460 });
      await page.goto(`/d/${uid}/node-exporter-full`);
      await expect(page.locator('.row-line').first()).toBeVisible();
      await settle(page);
      await page.evaluate(() => scrollTo(0, 0));
      await expect(page.locator('.tile[data-state="loading"]')).toHaveCount(0);
      if (folder) await page.screenshot({ path: `${folder}/node-exporter-full-${theme}.png` });
    });
  }
});
