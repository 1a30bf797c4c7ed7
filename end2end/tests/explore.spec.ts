import type { Page } from '@playwright/test';
import { editor, expectText } from '../harness/editor.ts';
import { expect, test } from '../harness/fixtures.ts';

const graph = (expr: string, more = '') => `/graph?g0.expr=${encodeURIComponent(expr)}${more}`;

test('the metrics explorer finds a metric, tells its help, and makes a selector from its labels', async ({ page }) => {
  await page.goto('/graph');
  await page.getByRole('button', { name: 'Metrics', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Metrics' });
  await dialog.getByRole('searchbox', { name: 'Find a metric' }).fill('cpu_seconds');
  const row = dialog.getByRole('row').filter({ hasText: 'node_cpu_seconds_total' });
  await expect(row).toBeVisible();
  await expect(row).toContainText('counter');
  await row.getByRole('button', { name: 'Labels' }).click();
  const mode = dialog.getByRole('region', { name: 'mode' });
  await mode.getByRole('button', { name: 'Show all' }).click();
  await mode.getByRole('button', { name: /^idle/ }).click();
  await expect(dialog.getByLabel('Selector')).toHaveText('node_cpu_seconds_total{mode="idle"}');
  await dialog.getByRole('button', { name: 'Use' }).click();
  await expectText(editor(page), 'node_cpu_seconds_total{mode="idle"}');
  await expect(page.locator('table.result tbody tr').first()).toBeVisible();
});

test('formatting lays an expression out, and words are coloured', async ({ page }) => {
  await page.goto('/graph');
  await editor(page).fill('sum(rate(node_cpu_seconds_total{mode="idle"}[5m])) by(instance)/ignoring(job) sum(rate(node_cpu_seconds_total[5m])) by(instance)');
  await page.getByRole('button', { name: 'Format' }).click();
  await expectText(editor(page), /\n/);
  await expect(page.locator('.editor .code__function').first()).toBeVisible();
});

test('a word under the pointer is explained', async ({ page }) => {
  await page.goto(graph('rate(node_cpu_seconds_total[5m])'));
  await page.locator('.editor .code__function').hover({ force: true });
  await expect(page.getByRole('tooltip')).toContainText('range vector');
  await page.locator('.editor .code__metric').hover({ force: true });
  await expect(page.getByRole('tooltip')).toContainText('counter');
});

test('queries are kept only when that is wanted', async ({ page }) => {
  await page.goto('/graph');
  await page.getByRole('button', { name: 'History' }).click();
  const dialog = page.getByRole('dialog', { name: 'History' });
  await dialog.getByRole('checkbox').check();
  await page.keyboard.press('Escape');
  await editor(page).fill('count(up)');
  await editor(page).press('Enter');
  await expect(page.locator('table.result tbody tr')).toHaveCount(1);
  await page.getByRole('button', { name: 'History' }).click();
  await dialog.getByRole('button', { name: 'count(up)' }).click();
  await expect(dialog).toHaveCount(0);
  await expectText(editor(page), 'count(up)');
});

test('a query is explained: its tree, its costs, and how its sides find each other', async ({ page }) => {
  await page.goto(graph('node_cpu_seconds_total / on(instance, cpu) group_left sum by(instance, cpu) (node_cpu_seconds_total)', '&g0.tab=explain'));
  const tree = page.getByRole('treegrid', { name: 'Explain' });
  await expect(tree.getByRole('row').filter({ hasText: 'selector' })).toHaveCount(2);
  await expect(page.locator('.plan__words')).toContainText('instance, cpu');
  await expect(page.locator('.plan__matches tbody tr').first()).toContainText('paired');
  await tree.getByRole('row').filter({ hasText: 'aggregate' }).click();
  await expect(page.locator('.plan__help')).toContainText('sum over the series');
  await page.getByRole('button', { name: 'Run this part alone' }).click();
  await expectText(editor(page), /^sum by/);
});

test('an empty answer says why and what to do', async ({ page }) => {
  await page.goto(graph('node_cpu_second_total'));
  const panel = page.getByRole('tabpanel');
  await expect(panel).toContainText('There is no metric node_cpu_second_total');
  await page.goto(graph('node_cpu_seconds_total{mode="lazy"}'));
  await expect(panel).toContainText('mode="lazy"');
  await expect(panel).toContainText('"idle"');
  await page.goto(graph('up > 5'));
  await expect(panel).toContainText('removes everything');
  await page.goto(graph('up offset 1h'));
  await expect(panel).toContainText('none has a sample');
});

test('warnings point at their place, and can be put away', async ({ page }) => {
  await page.goto(graph('rate(process_resident_memory_bytes[1m])'));
  await expect(page.locator('.hint')).toContainText('might not be a counter');
  await expect(page.locator('.editor__mark[data-kind="info"]')).toHaveText('process_resident_memory_bytes');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('checkbox', { name: 'Show notes of queries' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(page.locator('.hint')).toHaveCount(0);
});

test('answers leave the page as a file, a picture, a command and a link', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(graph('up', '&g0.tab=graph&g0.range_input=5m'));
  await expect(page.locator('.legend__series')).toHaveCount(2);
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  expect(csv.suggestedFilename()).toBe('watchfire.csv');
  const [png] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download PNG' }).click()]);
  expect(png.suggestedFilename()).toBe('watchfire.png');
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("/api/v1/query_range' --data-urlencode 'query=up'");
});

test('very many series stay quick: plain names, the first 10,000, and all on request', async ({ page }) => {
  const result = Array.from({ length: 12_000 }, (_, n) => ({ metric: { __name__: 'many', n: String(n) }, value: [1, String(n)] }));
  await page.route('**/api/v1/query', (route) => route.fulfill({ json: { status: 'success', data: { resultType: 'vector', result } } }));
  await page.goto(graph('many'));
  const grid = page.getByRole('grid', { name: 'Result' });
  await expect(grid).toHaveAttribute('aria-rowcount', '10000');
  expect(await grid.getByRole('row').count()).toBeLessThan(100);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(grid).toHaveAttribute('aria-rowcount', '12000');
});

test('native histograms have a table of buckets and a heatmap', async ({ page }) => {
  const histogram = { count: '6', sum: '7.5', buckets: [[0, '0.5', '1', '2'], [0, '1', '2', '4']] };
  const metric = { __name__: 'h_seconds' };
  await page.route('**/api/v1/query', (route) =>
    route.fulfill({ json: { status: 'success', data: { resultType: 'vector', result: [{ metric, histogram: [60, histogram] }] } } }));
  await page.route('**/api/v1/query_range', (route) => {
    const form = new URLSearchParams(route.request().postData() ?? '');
    const [start, step] = [Number(form.get('start')), Number(form.get('step'))];
    const histograms = Array.from({ length: 200 }, (_, n) => [start + n * step, histogram]);
    return route.fulfill({ json: { status: 'success', data: { resultType: 'matrix', result: [{ metric, histograms }] } } });
  });
  await page.goto(graph('h_seconds'));
  await expect(page.locator('table.histogram tbody tr')).toHaveText([/\(0\.5, 1\].*2/, /\(1, 2\].*4/]);
  await page.goto(graph('h_seconds', '&g0.tab=graph&g0.display_mode=heatmap'));
  const box = (await page.locator('.chart__surface').boundingBox())!;
  await page.mouse.move(box.x + box.width / 3, box.y + box.height * 0.2);
  await expect(page.locator('.tooltip')).toContainText('Bucket');
});
