import type { APIRequestContext, Page } from '@playwright/test';
import { expect, test } from '../harness/fixtures.ts';
import { hold } from '../harness/held.ts';

/** A dashboard with a panel of nearly every kind, a variable, and a closed row. */
function small(uid: string, title: string) {
  const cores = 'rate(node_cpu_seconds_total{mode=~"$mode"}[1m])';
  const panel = (id: number, type: string, x: number, y: number, expr: string, more = {}) => ({
    id, type, title: `The ${type}`, gridPos: { x, y, w: 8, h: 6 }, targets: [{ refId: 'A', expr, ...more }],
  });
  return {
    uid, title, schemaVersion: 42, tags: ['small'], time: { from: 'now-15m', to: 'now' },
    templating: {
      list: [{
        name: 'mode', type: 'query', multi: true, includeAll: true, refresh: 1,
        query: 'label_values(node_cpu_seconds_total, mode)', current: { text: ['idle'], value: ['idle'] },
      }],
    },
    panels: [
      panel(1, 'timeseries', 0, 0, cores),
      panel(2, 'stat', 8, 0, 'count(up)'),
      panel(3, 'gauge', 16, 0, 'count(up)'),
      panel(4, 'table', 0, 6, 'up', { format: 'table', instant: true }),
      panel(5, 'bargauge', 8, 6, 'up'),
      panel(6, 'piechart', 16, 6, 'up'),
      { id: 7, type: 'text', title: 'Words', gridPos: { x: 0, y: 12, w: 8, h: 4 },
        options: { mode: 'markdown', content: '# Hello\n[bad](javascript:alert(1)) [good](/graph) <img src=x onerror=alert(1)>' } },
      panel(8, 'state-timeline', 8, 12, 'up'),
      panel(9, 'timeseries', 16, 12, 'sum(('),
      { id: 10, type: 'row', title: 'Closed', collapsed: true, gridPos: { x: 0, y: 18, w: 24, h: 1 },
        panels: [panel(11, 'stat', 0, 19, 'vector(42)')] },
      panel(12, 'geomap', 0, 20, 'up'),
    ],
  };
}

async function store(request: APIRequestContext, uid: string, title: string) {
  const answer = await request.post('/api/dashboards/db', { data: { dashboard: small(uid, title), overwrite: true } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

const tile = (page: Page, id: number) => page.locator(`.tile[data-panel="${id}"]`);
const ready = async (page: Page, id: number) => {
  await tile(page, id).scrollIntoViewIfNeeded();
  await expect(tile(page, id)).toHaveAttribute('data-state', 'ready');
};

test('a dashboard has its shape before its program has come', async ({ page, request }) => {
  await store(request, 'small-shape', 'Small shape');
  const come = await hold(page, '**/studio/*.wasm');
  await page.goto('/d/small-shape/small-shape', { waitUntil: 'commit' });
  await expect(page).toHaveTitle(/Small shape/);
  const frame = page.locator('.board__cell').filter({ hasText: 'The gauge' });
  await expect(frame).toBeVisible();
  await expect(page.locator('.board__cell')).toHaveCount(11);
  await expect(page.getByText('Closed')).toBeVisible();
  await expect(page.locator('.tile__body')).toHaveCount(0);
  const early = (await frame.boundingBox())!;
  come();
  await ready(page, 3);
  const late = (await frame.boundingBox())!;
  for (const side of ['x', 'y', 'width', 'height'] as const) expect(Math.abs(late[side] - early[side]), side).toBeLessThan(4);
});

test('a dashboard shows its panels, and says what it cannot draw', async ({ page, request }) => {
  await store(request, 'small-view', 'Small view');
  await page.goto('/d/small-view');
  await expect(page.getByRole('heading', { name: 'Small view' })).toBeVisible();
  await expect(page).toHaveURL(/\/d\/small-view\/small-view/);
  for (const id of [1, 2, 3, 4, 5, 6, 8]) await ready(page, id);
  await expect(tile(page, 2).locator('.stat__value')).toHaveText(/\d/);
  await expect(tile(page, 4).locator('tbody tr')).not.toHaveCount(0);
  await expect(tile(page, 1).locator('.keys-list li')).not.toHaveCount(0);
  await expect(tile(page, 7).locator('h4')).toHaveText('Hello');
  await expect(tile(page, 7).locator('a')).toHaveCount(1);
  await expect(tile(page, 7).locator('img')).toHaveCount(0);
  await tile(page, 12).scrollIntoViewIfNeeded();
  await expect(tile(page, 12)).toContainText('geomap');
  await tile(page, 9).scrollIntoViewIfNeeded();
  await expect(tile(page, 9).getByRole('alert')).not.toBeEmpty();
});

test('panels of a closed row ask nothing until it is opened', async ({ page, request }) => {
  await store(request, 'small-row', 'Small row');
  const asked: string[] = [];
  page.on('request', (sent) => asked.push(sent.postData() ?? ''));
  await page.goto('/d/small-row/small-row');
  await ready(page, 1);
  await expect(tile(page, 11)).toHaveCount(0);
  expect(asked.some((body) => body.includes('vector'))).toBe(false);
  const row = page.getByRole('button', { name: /Closed/ });
  await row.scrollIntoViewIfNeeded();
  await row.click();
  await ready(page, 11);
  await expect(tile(page, 11).locator('.stat__value')).toHaveText('42');
});

test('a variable and a range are chosen, stand in the address, and a link restores them', async ({ page, request }) => {
  await store(request, 'small-var', 'Small variables');
  await page.goto('/d/small-var/small-variables');
  await ready(page, 1);
  await page.getByRole('button', { name: /^mode: / }).click();
  await page.getByRole('menuitemcheckbox', { name: 'user' }).click();
  await expect(page).toHaveURL(/var-mode=idle&var-mode=user/);
  await page.keyboard.press('Escape');
  await expect(tile(page, 1).locator('.keys-list')).toContainText('user');
  await page.getByRole('button', { name: /Last 15 minutes/ }).click();
  await page.getByRole('button', { name: 'Last 30 minutes' }).click();
  await expect(page).toHaveURL(/from=now-30m/);
  await page.reload();
  await page.locator('html[data-awake]').waitFor();
  await expect(page.getByRole('button', { name: 'mode: idle + user' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Last 30 minutes/ })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('button', { name: /Last 15 minutes/ })).toBeVisible();
});

test('a panel is added, edited and saved; undo takes it back', async ({ page, request }) => {
  await store(request, 'small-edit', 'Small edit');
  await page.goto('/d/small-edit/small-edit?edit');
  await ready(page, 1);
  const before = await page.locator('.tile').count();
  await page.getByRole('button', { name: 'Add panel' }).click();
  await expect(page.locator('.tile')).toHaveCount(before + 1);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.tile')).toHaveCount(before);
  await page.goto('/d/small-edit/small-edit/edit/2?edit');
  await page.getByLabel('Title').fill('Renamed');
  await expect(page.locator('.tile__title')).toHaveText('Renamed');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByLabel('What was changed').fill('a name');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect
    .poll(async () => (await (await request.get('/api/dashboards/uid/small-edit')).json()).dashboard.panels[1].title)
    .toBe('Renamed');
});

test('a save over somebody elses shows the difference', async ({ page, request }) => {
  await store(request, 'small-conflict', 'Small conflict');
  await page.goto('/d/small-conflict/small-conflict/edit/2?edit');
  await page.getByLabel('Title').fill('Mine');
  const theirs = small('small-conflict', 'Small conflict');
  theirs.panels[1].title = 'Theirs';
  await request.post('/api/dashboards/db', { data: { dashboard: theirs, overwrite: true } });
  await page.getByRole('button', { name: 'Save' }).click();
  const refused = page.waitForResponse((answer) => answer.url().endsWith('/api/dashboards/db'));
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  expect((await refused).status()).toBe(412);
  await expect(page.getByRole('dialog')).toContainText('Theirs');
  await expect(page.getByRole('dialog')).toContainText('Mine');
  await page.getByRole('button', { name: 'Take theirs' }).click();
  await expect(page.locator('.tile__title')).toHaveText('Theirs');
});

test('a dashboard is imported from its JSON, found in the list, and deleted', async ({ page }) => {
  await page.goto('/dashboards');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByLabel('or its JSON').fill(JSON.stringify(small('small-import', 'Imported one')));
  await expect(page.getByRole('dialog')).toContainText('Imported one');
  await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await page.waitForURL(/small-import|dashboards/);
  await page.goto('/dashboards');
  await page.getByRole('searchbox', { name: 'Find by title' }).fill('imported');
  await expect(page.locator('.shelf__link')).toHaveText(['Imported one']);
  await page.getByRole('button', { name: 'Delete Imported one' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.locator('.shelf__link')).toHaveCount(0);
});

test('the home page shows this machine, and links lead from one half to the other', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('.tile[data-panel="1"]')).toHaveAttribute('data-state', 'ready');
  await expect(page.locator('.tile[data-panel="1"] .stat__value')).toHaveText(/%/);
  await page.getByRole('link', { name: 'Graph' }).click();
  await expect(page).toHaveURL(/\/graph/);
  await page.locator('html[data-awake]').waitFor();
  await page.getByRole('link', { name: 'Dashboards' }).click();
  await expect(page.getByRole('heading', { name: 'Dashboards' })).toBeVisible();
  await page.goto('/?g0.expr=up');
  await expect(page).toHaveURL(/\/graph\?g0\.expr=up/);
});
