import { basename } from 'node:path';
import { expect, test } from '../harness/fixtures.ts';
import { documentOf, importDashboard, openRows, panelsOf, realDashboards, settle } from '../harness/real.ts';

/**
 * Dashboards that people use, if they are there: each is imported without losing a panel, survives its export, and in
 * the browser each of its panels, also those of closed rows, draws or says in words what it cannot do.
 */
const files = realDashboards();

test.describe('real dashboards', () => {
  test.skip(files.length === 0, 'there are no real dashboards here');

  for (const file of files) {
    test(`${basename(file, '.json')} keeps its panels, survives its export, and shows each of them`, async ({ page, request }) => {
      test.setTimeout(240_000);
      const source = documentOf(file);
      const uid = await importDashboard(request, { ...source, uid: `real-${basename(file, '.json')}`.slice(0, 40) });
      const get = async () => (await (await request.get(`/api/dashboards/uid/${uid}`)).json()).dashboard;
      const stored = await get();
      expect(panelsOf(stored).length, 'panels').toBe(panelsOf(source).length);

      // The document that a reader takes home, brought back where it is no more, is the same document.
      const { id: _id, version: _version, ...exported } = stored;
      expect((await request.delete(`/api/dashboards/uid/${uid}`)).ok()).toBe(true);
      await importDashboard(request, structuredClone(exported));
      const { id: _again, version: _first, ...back } = await get();
      expect(back).toEqual(exported);

      await page.goto(`/d/${uid}/real`);
      await expect(page.getByRole('heading', { name: stored.title, exact: true })).toBeVisible();
      await expect(page.locator('.board__cell').first()).toBeVisible();
      await openRows(page);
      const ids = new Set((await settle(page)).map((one) => one.id));
      // A panel that repeats for a variable without values is nowhere; all others are there.
      for (const panel of panelsOf(stored).filter((panel) => !panel.repeat)) expect(ids, panel.title).toContain(String(panel.id));
    });
  }
});
