import { expect, test } from '../harness/fixtures.ts';
import { serverWithDay, thirty } from '../harness/day.ts';
import type { Server } from '../harness/server.ts';

/** Refreshes: eight hours at 5 s are 5,760, which `cargo xtask dashboards --long` runs. */
const REFRESHES = Number(process.env.WATCHFIRE_REFRESHES ?? 100);
const PANELS = 9;

let server: Server;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  server = await serverWithDay();
  const dashboard = { ...thirty('memory'), time: { from: 'now-1h', to: 'now' } };
  // A kind of each, for each has a way of its own to draw.
  const kinds = ['timeseries', 'stat', 'gauge', 'bargauge', 'piechart', 'table', 'heatmap', 'state-timeline', 'barchart'];
  dashboard.panels = dashboard.panels.slice(0, PANELS).map((panel, n) => ({
    ...panel, type: kinds[n], maxDataPoints: 60,
    targets: kinds[n] === 'table' || kinds[n] === 'barchart'
      ? [{ refId: 'A', expr: 'node_load1', format: 'table', instant: true }]
      : [{ refId: 'A', expr: 'max by (instance) (node_load1)' }],
  }));
  const stored = await fetch(`${server.url}/api/dashboards/db`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ dashboard, overwrite: true }),
  });
  expect(stored.ok, await stored.text()).toBe(true);
});

test.afterAll(async () => server?.stop());

test('a dashboard that refreshes for long keeps nothing', async ({ page }) => {
  test.setTimeout(60_000 + REFRESHES * 3_000);
  await page.setViewportSize({ width: 1440, height: 1000 });
  // The memory of the page's program, which no metric of the browser tells.
  await page.addInitScript(() => {
    const own = window as unknown as { watchfireMemory?: () => number };
    const keep = (made: WebAssembly.WebAssemblyInstantiatedSource) => {
      const memory = made.instance?.exports.memory;
      if (memory instanceof WebAssembly.Memory) own.watchfireMemory = () => memory.buffer.byteLength;
      return made;
    };
    const streaming = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...all) => keep(await streaming(...all));
  });
  await page.goto(`${server.url}/d/memory/memory`);
  await expect(page.locator('.tile[data-state="ready"]')).toHaveCount(PANELS);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const measure = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
    const wasm = await page.evaluate(() => (window as unknown as { watchfireMemory?: () => number }).watchfireMemory?.() ?? 0);
    return { listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize'), nodes: of('Nodes'), wasm };
  };
  const refresh = (times: number) => page.evaluate(async (times) => {
    const settled = () => [...document.querySelectorAll('.tile')].every((tile) => tile.getAttribute('data-state') === 'ready');
    for (let n = 0; n < times; n += 1) {
      document.querySelector<HTMLElement>('button[aria-label="Refresh"]')!.click();
      // A frame for panels to begin, and then until all have their answers.
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      while (!settled()) await new Promise(requestAnimationFrame);
    }
  }, times);
  // Caches fill, and code is compiled, in the first ones.
  await refresh(Math.min(50, REFRESHES));
  const before = await measure();
  for (let left = REFRESHES; left > 0; left -= 100) await refresh(Math.min(100, left));
  const after = await measure();
  const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
  console.log(
    `${REFRESHES} refreshes: JS heap ${mb(before.heap)} -> ${mb(after.heap)} MB, WebAssembly ${mb(before.wasm)} -> ${mb(after.wasm)} MB, ` +
    `nodes ${before.nodes} -> ${after.nodes}, listeners ${before.listeners} -> ${after.listeners}`,
  );
  expect(before.wasm).toBeGreaterThan(0);
  expect(after.listeners).toBeLessThan(before.listeners * 1.05 + 20);
  expect(after.nodes).toBeLessThan(before.nodes * 1.1 + 200);
  expect(after.heap).toBeLessThan(before.heap * 1.15 + 2e6);
  // It grows in steps, and never shrinks.
  expect(after.wasm).toBeLessThan(before.wasm * 1.1 + 4e6);
});
