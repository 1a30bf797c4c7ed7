import type { Page } from '@playwright/test';
import { expect, test } from '../harness/fixtures.ts';

// A recorder takes pictures of the page and looks through its elements at every frame.
test.use({ trace: 'off', video: 'off' });

const SERIES = 100;
const POINTS = 2000;

/**
 * Milliseconds of the page's own thread that `act` takes with everything it sets off, the mean of `tries`.
 *
 * Time on the processor, not on the wall: what else the machine does has no part in it.
 */
async function cost(page: Page, act: string, tries = 20): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taken = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    return metrics.find((metric) => metric.name === 'TaskDuration')!.value * 1000;
  };
  const run = (from: number, to: number) =>
    page.evaluate(
      async ([act, from, to]) => {
        const once = new Function('n', act as string) as (n: number) => void;
        for (let n = from as number; n < (to as number); n += 1) {
          once(n);
          await new Promise((next) => requestAnimationFrame(next));
        }
      },
      [act, from, to] as const,
    );
  // What runs often the browser compiles once more.
  await run(0, 2 * tries);
  const before = await taken();
  await run(2 * tries, 3 * tries);
  const after = await taken();
  await client.detach();
  return (after - before) / tries;
}

test('100 series of 2,000 points are redrawn and pointed at quickly', async ({ page }) => {
  await page.route('**/api/v1/query_range', (route) => {
    const form = new URLSearchParams(route.request().postData() ?? '');
    const [start, end] = [Number(form.get('start')), Number(form.get('end'))];
    const step = (end - start) / (POINTS - 1);
    const result = Array.from({ length: SERIES }, (_, s) => ({
      metric: { __name__: 'speed', s: String(s) },
      values: Array.from({ length: POINTS }, (_, n) => [start + n * step, String(Math.sin(n / 40 + s) * s + ((n * 7919 + s * 104729) % 97) / 30)]),
    }));
    return route.fulfill({ json: { status: 'success', data: { resultType: 'matrix', result } } });
  });
  await page.goto('/graph?g0.tab=graph&g0.expr=speed&g0.res_type=fixed&g0.res_step=1.8&g0.range_input=1h');
  await expect(page.locator('.legend__series')).toHaveCount(SERIES);
  // What a frame takes in which nothing changes: part of the others.
  const idle = await cost(page, '');
  const lift = await cost(
    page,
    `const rows = document.querySelectorAll('.legend tbody tr');
     rows[n % rows.length].dispatchEvent(new PointerEvent('pointerenter'));`,
  );
  await page.evaluate(() => document.querySelector('.legend tbody')!.dispatchEvent(new PointerEvent('pointerleave')));
  // Another size: all series anew.
  const redraw = await cost(page, `document.querySelector('.chart__frame').style.height = 360 + (n % 2) + 'px';`);
  const hover = await cost(
    page,
    `const at = document.querySelector('.chart__surface').getBoundingClientRect();
     document.querySelector('.chart__surface').dispatchEvent(new PointerEvent('pointermove', {
       bubbles: true, clientX: at.x + at.width * (0.2 + n % 20 * 0.03), clientY: at.y + 100 }));`,
  );
  const told = `redraw ${redraw.toFixed(1)} ms, lift ${lift.toFixed(1)} ms, hover ${hover.toFixed(1)} ms; a frame without any of them ${idle.toFixed(1)} ms`;
  console.log(told);
  test.info().annotations.push({ type: 'speed', description: told });
  // What a machine takes is written down, and decides nothing; that all of it was drawn does.
  expect(redraw).toBeGreaterThan(0);
  expect(lift).toBeGreaterThan(0);
  expect(hover).toBeGreaterThan(0);
});

test('fifty pages later there are no more listeners and no more memory', async ({ page }) => {
  await page.goto('/graph?g0.expr=up&g0.tab=graph&g0.range_input=1m');
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const pages = page.getByRole('navigation', { name: 'Pages' });
  const there = async () => {
    await pages.getByRole('link', { name: 'Alerts' }).click();
    await expect(page).toHaveURL(/\/alerts/);
    await page.goBack();
    await expect(page.locator('.legend__series').first()).toBeVisible();
  };
  const measure = async () => {
    await client.send('HeapProfiler.collectGarbage');
    const { metrics } = await client.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
    return { listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize'), nodes: of('Nodes') };
  };
  for (let n = 0; n < 5; n += 1) await there();
  const before = await measure();
  for (let n = 0; n < 25; n += 1) await there();
  const after = await measure();
  console.log(`50 navigations: listeners ${before.listeners} -> ${after.listeners}, heap ${(before.heap / 1e6).toFixed(1)} -> ${(after.heap / 1e6).toFixed(1)} MB, nodes ${before.nodes} -> ${after.nodes}`);
  expect(after.listeners).toBeLessThan(before.listeners * 1.1 + 20);
  expect(after.nodes).toBeLessThan(before.nodes * 1.2 + 200);
  expect(after.heap).toBeLessThan(before.heap * 1.25 + 2e6);
});
