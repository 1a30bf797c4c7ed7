import type { Page } from '@playwright/test';
import { editor, expectText } from '../harness/editor.ts';
import { expect, test } from '../harness/fixtures.ts';

const graph = (more = '', expr = 'up') => `/graph?g0.tab=graph&g0.range_input=1h&g0.expr=${encodeURIComponent(expr)}${more}`;
const surface = (page: Page, n = 0) => page.getByRole('slider', { name: 'Time cursor' }).nth(n);

async function box(page: Page, n = 0) {
  await expect(page.locator('.legend__series').first()).toBeVisible();
  return (await surface(page, n).boundingBox())!;
}

const query = (page: Page) => new URL(page.url()).searchParams;

test('Shift-drag moves the window, Ctrl and the wheel zoom, a double click goes back', async ({ page }) => {
  await page.goto(graph());
  const at = await box(page);
  // To later times: what the server has measured since it began stays in the window.
  await page.mouse.move(at.x + at.width * 0.75, at.y + 50);
  await page.keyboard.down('Shift');
  await page.mouse.down();
  await page.mouse.move(at.x + at.width * 0.5, at.y + 50, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(page).toHaveURL(/g0\.end_input=/);
  expect(query(page).get('g0.range_input')).toBe('1h');
  await expect(page.getByRole('region', { name: 'Query 1' })).not.toHaveAttribute('aria-busy', 'true');
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  await expect.poll(() => query(page).get('g0.range_input')).not.toBe('1h');
  await expect(page.locator('.legend__series').first()).toBeVisible();
  await page.mouse.dblclick(at.x + at.width * 0.5, at.y + 50);
  await expect.poll(() => query(page).get('g0.range_input')).toBe('1h');
});

test('the keyboard moves the crosshair, pins the values and zooms', async ({ page }) => {
  await page.goto(graph('&g0.range_input=5m'));
  await box(page);
  await surface(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await expect(page.locator('.tooltip')).toBeVisible();
  await expect(surface(page)).toHaveAttribute('aria-valuetext', /UTC/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.tooltip[data-pinned]')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.tooltip')).toHaveCount(0);
  await page.keyboard.press('+');
  await expect(page).toHaveURL(/g0\.end_input=/);
});

test('all charts of a page share the crosshair', async ({ page }) => {
  await page.goto(`${graph('&g0.range_input=5m')}&g1.expr=vector(1)&g1.tab=graph&g1.range_input=5m`);
  await expect(page.locator('.legend__series')).toHaveCount(3);
  const at = await box(page);
  await page.mouse.move(at.x + at.width * 0.9, at.y + 40);
  await expect(page.locator('.chart__crosshair')).toHaveCount(2);
});

test('a pinned tooltip narrows the query down to its series', async ({ page }) => {
  await page.goto(graph('&g0.range_input=1m'));
  const at = await box(page);
  await page.mouse.click(at.x + at.width * 0.97, at.y + 40);
  await page.getByRole('button', { name: 'Filter to this' }).click();
  await expectText(editor(page), /^up\{.*job="/);
  await expect(page.locator('.legend__series')).toHaveCount(1);
});

test('display, resolution, zero and scale are in the address', async ({ page }) => {
  await page.goto(graph());
  await box(page);
  await page.getByRole('combobox', { name: 'Display' }).selectOption('stacked');
  await expect(page).toHaveURL(/display_mode=stacked/);
  await page.getByRole('combobox', { name: 'Resolution' }).selectOption('high');
  await expect(page).toHaveURL(/res_density=high/);
  await page.getByRole('button', { name: 'From zero' }).click();
  await expect(page).toHaveURL(/y_axis_min=0/);
  await page.getByRole('button', { name: 'Log scale' }).click();
  await expect(page).toHaveURL(/y_axis_scale=log/);
  await page.getByRole('combobox', { name: 'Display' }).selectOption('points');
  await page.reload();
  await page.locator('html[data-awake]').waitFor();
  await expect(page.getByRole('combobox', { name: 'Display' })).toHaveValue('points');
  await expect(page.getByRole('button', { name: 'Log scale' })).toHaveAttribute('aria-pressed', 'true');
});

test('the values are there as a table for those who read', async ({ page }) => {
  await page.goto(graph('&g0.range_input=1m', 'vector(5)'));
  await box(page);
  await page.getByText('Values as a table').click();
  await expect(page.locator('.values tbody tr').first()).toContainText('5');
});

test('exemplars are marked', async ({ page }) => {
  const now = Date.now() / 1000;
  const exemplar = { labels: { trace_id: 'abc' }, value: '0.5', timestamp: now - 60 };
  await page.route('**/api/v1/query_exemplars', (route) =>
    route.fulfill({ json: { status: 'success', data: [{ seriesLabels: { job: 'a' }, exemplars: [exemplar] }] } }));
  await page.goto(graph('&g0.show_exemplars=1'));
  await expect(page.getByRole('img', { name: /trace_id="abc"/ })).toBeVisible();
});

test('more than 200 series: the greatest, a line that says so, and all on request', async ({ page }) => {
  await page.route('**/api/v1/query_range', (route) => {
    const start = Number(new URLSearchParams(route.request().postData() ?? '').get('start'));
    const result = Array.from({ length: 250 }, (_, n) => ({ metric: { n: String(n) }, values: [[start, String(n)], [start + 15, String(n)]] }));
    return route.fulfill({ json: { status: 'success', data: { resultType: 'matrix', result } } });
  });
  await page.goto(graph());
  await expect(page.locator('.legend__series')).toHaveCount(200);
  await expect(page.getByText('200 of 250 series are drawn')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.locator('.legend__series')).toHaveCount(250);
});

test('nothing moves after the first paint', async ({ page }) => {
  await page.addInitScript(() => {
    (window as any).shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) (window as any).shift += (entry as any).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(graph());
  await box(page);
  expect(await page.evaluate(() => (window as any).shift)).toBeLessThan(0.02);
});

test('touch: two fingers zoom', async ({ page }) => {
  await page.goto(graph());
  const at = await box(page);
  const client = await page.context().newCDPSession(page);
  const touch = (type: string, ...lefts: number[]) =>
    client.send('Input.dispatchTouchEvent', {
      type: type as 'touchStart',
      touchPoints: lefts.map((left, id) => ({ x: at.x + at.width * left, y: at.y + 60, id })),
    });
  await client.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
  await touch('touchStart', 0.4, 0.6);
  await touch('touchMove', 0.3, 0.7);
  await touch('touchMove', 0.2, 0.8);
  await touch('touchEnd');
  await expect(page).toHaveURL(/g0\.end_input=/);
  expect(query(page).get('g0.range_input')).not.toBe('1h');
});

test('Alt-drag shows a span of the values, a double click all of them again', async ({ page }) => {
  await page.goto(graph());
  const at = await box(page);
  const labels = page.locator('.chart__value');
  const before = await labels.allTextContents();
  await page.mouse.move(at.x + 200, at.y + at.height * 0.4);
  await page.keyboard.down('Alt');
  await page.mouse.down();
  await page.mouse.move(at.x + 220, at.y + at.height * 0.6, { steps: 3 });
  await expect(page.locator('.chart__brush[data-kind=values]')).toBeVisible();
  await page.mouse.up();
  await page.keyboard.up('Alt');
  await expect.poll(() => labels.allTextContents()).not.toEqual(before);
  await page.mouse.dblclick(at.x + 200, at.y + 50);
  await expect.poll(() => labels.allTextContents()).toEqual(before);
  expect(query(page).get('g0.range_input')).toBe('1h');
});

test('clocks that disagree are told of', async ({ page }) => {
  await page.route('**/api/v1/status/runtimeinfo', async (route) => {
    const answer = await route.fetch();
    const past = new Date(Date.now() - 90_000).toISOString();
    // As text: some of its numbers are too large for JavaScript.
    const body = (await answer.text()).replace(/"serverTime":"[^"]*"/, `"serverTime":"${past}"`);
    await route.fulfill({ response: answer, body });
  });
  await page.goto(graph());
  await expect(page.getByText(/server's clock is 1m\d+s behind/)).toBeVisible();
});
