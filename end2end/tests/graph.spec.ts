import type { Page } from '@playwright/test';
import { editor, expectText, plainEditor } from '../harness/editor.ts';
import { expect, test } from '../harness/fixtures.ts';
import { hold } from '../harness/held.ts';

const IDLE = 'rate(node_cpu_seconds_total{mode="idle"}[1m])';

const execute = (page: Page) => page.getByRole('button', { name: 'Execute' });

/** Pixels of the chart that are not background: strongly coloured ones, as only lines and areas are. */
async function colouredPixels(page: Page): Promise<number> {
  return page.locator('canvas.chart__ink').first().evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
    let found = 0;
    for (let i = 0; i < pixels.length; i += 4) {
      const spread = Math.max(pixels[i], pixels[i + 1], pixels[i + 2]) - Math.min(pixels[i], pixels[i + 1], pixels[i + 2]);
      if (pixels[i + 3] > 128 && spread > 60) found += 1;
    }
    return found;
  });
}

test('an expression typed into the page gives lines on the chart and rows in the table', async ({ page, server }) => {
  const cores = (await server.api(`query?query=${encodeURIComponent('count(node_cpu_seconds_total{mode="idle"})')}`)).result[0].value[1];
  // A server that has just begun has a line of a few seconds: the window is short.
  await page.goto('/graph?g0.range_input=2m');
  await editor(page).fill(IDLE);
  await execute(page).click();

  await page.getByRole('tab', { name: 'Graph' }).click();
  await expect(page.locator('canvas.chart__ink')).toBeVisible();
  await expect(page.locator('.legend tbody tr')).toHaveCount(Number(cores));
  await expect.poll(() => colouredPixels(page)).toBeGreaterThan(20);

  await page.getByRole('tab', { name: 'Table' }).click();
  const rows = page.locator('table.result tbody tr');
  await expect(rows).toHaveCount(Number(cores));
  await expect(rows.first()).toContainText('mode="idle"');
  const value = Number(await rows.first().locator('td').innerText());
  // On a machine that is busy all the time nothing is idle.
  expect(value).toBeGreaterThanOrEqual(0);
  expect(value).toBeLessThan(1.2);
});

test('the address is the state: a link shows the same, and back goes back', async ({ page }) => {
  await page.goto('/graph?g0.expr=up&g0.tab=1');
  await expectText(editor(page), 'up');
  await expect(page.locator('table.result tbody tr')).toHaveCount(2);

  await editor(page).fill('count(up)');
  await editor(page).press('Enter');
  await expect(page.locator('table.result tbody tr')).toHaveCount(1);
  await expect(page).toHaveURL(/g0\.expr=count(\(|%28)up/);

  await page.goBack();
  await expectText(editor(page), 'up');
  await expect(page.locator('table.result tbody tr')).toHaveCount(2);
});

test('addresses of Prometheus lead to the same query', async ({ page }) => {
  await page.goto('/query?g0.expr=vector(42)&g0.tab=table');
  await expect(page).toHaveURL(/\/graph\?/);
  await expect(page.locator('table.result tbody tr td')).toHaveText('42');
  await page.goto('/graph?g0.range_input=30m&g0.expr=up&g0.tab=0');
  await expect(page.getByRole('tab', { name: 'Graph' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('group', { name: 'Range' }).getByRole('textbox')).toHaveValue('30m');
});

test('panels are added and removed, each with its own query', async ({ page }) => {
  await page.goto('/graph?g0.expr=vector(1)&g0.tab=table');
  await page.getByRole('button', { name: 'Add panel' }).click();
  await expect(page.getByRole('region', { name: 'Query 2' })).toBeVisible();
  await editor(page, 2).fill('vector(2)');
  await editor(page, 2).press('Enter');
  await expect(page.locator('table.result tbody tr td')).toHaveText(['1', '2']);
  await page.getByRole('region', { name: 'Query 1' }).getByRole('button', { name: 'Remove panel' }).click();
  await expect(page.locator('table.result tbody tr td')).toHaveText(['2']);
  await expectText(editor(page), 'vector(2)');
});

test('a wrong expression is told with its place before and after it is sent', async ({ page }) => {
  await page.goto('/graph');
  await editor(page).fill('sum(rate(up[5m])');
  await expect(page.locator('.editor__error')).toContainText('unclosed left parenthesis');
  await editor(page).fill('up');
  await expect(page.locator('.editor__error')).toHaveText('');
});

test('an error of the server is shown in full', async ({ page }) => {
  await page.goto(`/graph?g0.tab=table&g0.expr=${encodeURIComponent('up * on() group_left() up')}`);
  await expect(page.getByRole('alert')).toContainText('found duplicate series for the match group');
});

test('an empty answer says so', async ({ page }) => {
  await page.goto('/graph?g0.tab=table&g0.expr=no_such_metric');
  await expect(page.getByRole('tabpanel')).toContainText(/no /i);
  await expect(page.locator('table.result')).toHaveCount(0);
});

test('the legend isolates a series and the pointer shows values', async ({ page }) => {
  await page.goto('/graph?g0.tab=graph&g0.range_input=1m&g0.expr=up');
  const series = page.locator('.legend__series');
  await expect(series).toHaveCount(2);
  await series.first().click();
  await expect(series.first()).toHaveAttribute('aria-pressed', 'true');
  await expect(series.nth(1)).toHaveAttribute('aria-pressed', 'false');
  await series.first().click();
  await expect(series.nth(1)).toHaveAttribute('aria-pressed', 'true');
  const box = (await page.locator('canvas.chart__ink').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.97, box.y + box.height / 2);
  await expect(page.locator('.tooltip')).toBeVisible();
});

test('dragging over the chart zooms, and the address has the range', async ({ page }) => {
  await page.goto('/graph?g0.tab=graph&g0.range_input=1h&g0.expr=up');
  await expect(page.locator('.legend__series')).toHaveCount(2);
  const box = (await page.locator('canvas.chart__ink').boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/g0\.end_input=/);
  await expect(page).not.toHaveURL(/g0\.range_input=1h(&|$)/);
});

test('the keyboard alone runs a query and changes the tab', async ({ page }) => {
  await page.goto('/graph');
  await editor(page).focus();
  await page.keyboard.type('vector(7)');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/vector/);
  const table = page.getByRole('tab', { name: 'Table' });
  if ((await table.getAttribute('aria-selected')) !== 'true') {
    await page.getByRole('tab', { name: 'Graph' }).focus();
    await page.keyboard.press('ArrowLeft');
  }
  await expect(page.locator('table.result tbody tr td')).toHaveText('7');
});

test('what is typed before the page wakes up is not lost', async ({ page }) => {
  const wake = await hold(page, '**/frontend_bg.wasm');
  await page.goto('/graph?g0.tab=table', { waitUntil: 'commit' });
  await plainEditor(page).fill('vector(3)');
  wake();
  await page.locator('html[data-awake]').waitFor();
  await expectText(editor(page), 'vector(3)');
  await execute(page).click();
  await expect(page.locator('table.result tbody tr td')).toHaveText('3');
});
