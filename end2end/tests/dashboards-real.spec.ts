import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../harness/fixtures.ts';

/** Dashboards that people use, if they are there: every one opens, with all of its panels. */
const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../../shared/dashboards');

function files(at: string): string[] {
  if (!existsSync(at)) return [];
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(at, entry.name)) : entry.name.endsWith('.json') ? [join(at, entry.name)] : []);
}

test('every real dashboard opens with all of its panels', async ({ page, request }) => {
  const all = files(folder);
  test.skip(all.length === 0, 'there are no real dashboards here');
  test.setTimeout(30_000 + all.length * 20_000);
  for (const [index, file] of all.entries()) {
    const document = JSON.parse(readFileSync(file, 'utf8'));
    const dashboard = { ...(document.dashboard ?? document), uid: `real-${index}`, title: `Real ${index}` };
    const stored = await request.post('/api/dashboards/import', { data: { dashboard, overwrite: true, inputs: [] } });
    expect(stored.ok(), `${file}: ${await stored.text()}`).toBe(true);
    await page.goto(`/d/real-${index}/real`);
    await expect(page.getByRole('heading', { name: `Real ${index}` })).toBeVisible();
    const shown = await (await request.get(`/api/dashboards/uid/real-${index}`)).json();
    const open = shown.dashboard.panels.filter((panel: { type: string; repeat?: string }) => panel.type !== 'row' && !panel.repeat);
    await expect.poll(() => page.locator('.tile').count(), file).toBeGreaterThanOrEqual(open.length > 0 ? 1 : 0);
    const ids = await page.locator('.tile').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-panel')));
    for (const panel of open) expect(ids, `${file}: ${panel.title}`).toContain(String(panel.id));
  }
});
