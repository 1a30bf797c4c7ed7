import { readFileSync } from 'node:fs';
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { answerBatches } from '../harness/batch.ts';
import { editor } from '../harness/editor.ts';
import { expect, test } from '../harness/fixtures.ts';

type Panel = Record<string, unknown>;

/** A panel of a kind that asks something. */
const panel = (id: number, type: string, x: number, y: number, expr: string, more: Panel = {}): Panel => ({
  id, type, title: `Panel ${id}`, gridPos: { x, y, w: 8, h: 6 }, targets: [{ refId: 'A', expr }], ...more,
});

async function store(request: APIRequestContext, uid: string, panels: Panel[], more: Record<string, unknown> = {}) {
  const dashboard = { uid, title: uid, schemaVersion: 42, time: { from: 'now-15m', to: 'now' }, panels, ...more };
  const answer = await request.post('/api/dashboards/db', { data: { dashboard, overwrite: true } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

const stored = async (request: APIRequestContext, uid: string) => (await (await request.get(`/api/dashboards/uid/${uid}`)).json()).dashboard;
const tile = (page: Page, id: number) => page.locator(`.tile[data-panel="${id}"]`);

async function ready(page: Page, id: number) {
  await tile(page, id).scrollIntoViewIfNeeded();
  await expect(tile(page, id)).toHaveAttribute('data-state', 'ready');
}

/** Opens the menu of a panel and chooses. */
async function choose(page: Page, id: number, name: string) {
  await tile(page, id).hover();
  await tile(page, id).getByRole('button', { name: 'What to do with this panel' }).click();
  await page.getByRole('menuitem', { name, exact: true }).click();
}

async function save(page: Page, message: string) {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByLabel('What was changed').fill(message);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** Types into a field and leaves it, as forms wait for. */
async function put(field: Locator, text: string) {
  await field.fill(text);
  await field.blur();
}

test('a panel is made with the builder, read as code, and saved', async ({ page, request }) => {
  test.setTimeout(150_000);
  // The panel asks once, so there must be something by then, even where steps begin a while ago.
  const asked = encodeURIComponent('rate(node_cpu_seconds_total{mode="idle"}[1m] offset 30s)');
  const rates = async () => (await (await request.get(`/api/v1/query?query=${asked}`)).json()).data.result.length;
  await expect.poll(rates, { timeout: 100_000 }).toBeGreaterThan(0);
  await store(request, 'edit-build', [panel(1, 'stat', 0, 0, 'count(up)')]);
  await page.goto('/d/edit-build/edit-build?edit');
  await ready(page, 1);
  await page.getByRole('button', { name: 'Add panel' }).click();
  await expect(page.locator('.tile')).toHaveCount(2);
  await choose(page, 2, 'Edit');
  await expect(page).toHaveURL(/\/edit\/2/);
  await page.getByRole('button', { name: 'Builder' }).click();
  await put(page.getByLabel('Metric', { exact: true }), 'node_cpu_seconds_total');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await put(page.getByLabel('Label', { exact: true }), 'mode');
  await put(page.getByLabel('Value of the label'), 'idle');
  await page.getByRole('button', { name: 'Add rate' }).click();
  await page.getByLabel('Add step').selectOption('sum');
  await put(page.getByLabel('Labels', { exact: true }), 'mode');
  const expr = 'sum by (mode)(rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))';
  await expect(page.getByLabel('The expression')).toHaveText(expr);
  await ready(page, 2);
  await expect(tile(page, 2).locator('.keys-list')).toContainText('idle');
  await save(page, 'a panel');
  expect((await stored(request, 'edit-build')).panels[1].targets[0].expr).toBe(expr);
  // What is more than steps after each other stays code.
  await page.getByRole('button', { name: 'Code' }).click();
  await editor(page, 'Expression A').fill('up / up');
  await page.getByRole('button', { name: 'Builder' }).click();
  await expect(page.getByText(/more than the builder shows/)).toBeVisible();
  await expect(editor(page, 'Expression A')).toBeVisible();
});

test('chained variables, several values, all, and a panel that repeats', async ({ page, request }) => {
  const list = [
    { name: 'job', type: 'query', query: 'label_values(up, job)', refresh: 1, sort: 1 },
    { name: 'instance', type: 'query', query: 'label_values(up{job="$job"}, instance)', refresh: 1, multi: true, includeAll: true },
    { name: 'side', type: 'custom', query: 'left,right', multi: true, includeAll: true, current: { text: ['All'], value: ['$__all'] } },
  ];
  await store(request, 'edit-vars', [panel(1, 'stat', 0, 0, 'count(up{instance=~"$instance"})', { title: 'Of $side', repeat: 'side', repeatDirection: 'h' })], {
    templating: { list },
  });
  await page.goto('/d/edit-vars/edit-vars');
  await expect(page.locator('.tile__title')).toHaveText(['Of left', 'Of right']);
  const all = page.getByRole('button', { name: /^instance: / });
  await expect(all).toBeVisible();
  await page.getByRole('button', { name: /^side: / }).click();
  await page.getByRole('menuitemcheckbox', { name: 'right' }).click();
  await page.keyboard.press('Escape');
  await expect(page.locator('.tile__title')).toHaveText(['Of right']);
  await expect(page).toHaveURL(/var-side=right/);
  // The child is asked anew when its parent changes.
  const jobs = (await (await request.get('/api/v1/label/job/values?match[]=up')).json()).data as string[];
  await page.getByRole('button', { name: /^job: / }).click();
  const asked = page.waitForRequest((sent) => sent.url().includes('/label/instance/values'));
  await page.getByRole('menuitemradio', { name: jobs.at(-1)!, exact: true }).click();
  expect(decodeURIComponent((await asked).url())).toContain(`job="${jobs.at(-1)}"`);
});

test('the settings are forms: name, tags, a variable with its values, order, undo', async ({ page, request }) => {
  await store(request, 'edit-settings', [panel(1, 'stat', 0, 0, 'count(up{job="$job"})')], {
    templating: { list: [{ name: 'job', type: 'query', query: 'label_values(up, job)', refresh: 1 }] },
  });
  await page.goto('/d/edit-settings/edit-settings?edit');
  await ready(page, 1);
  await page.getByRole('button', { name: 'Settings', exact: true }).last().click();
  await expect(page).toHaveURL(/\/settings/);
  await page.getByLabel('Title').fill('Renamed here');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Renamed here');
  await put(page.getByLabel('Tags'), 'one, two');
  await page.getByRole('button', { name: 'Variables' }).click();
  const body = page.locator('.board-settings__body');
  await page.getByRole('button', { name: 'Add variable' }).click();
  await put(body.getByLabel('Name', { exact: true }), 'not good');
  await expect(body.getByRole('alert')).toContainText('letters, digits');
  await put(body.getByLabel('Name', { exact: true }), 'mode');
  await expect(body.getByRole('alert')).toHaveCount(0);
  await put(body.getByLabel('Query', { exact: true }), 'label_values(node_cpu_seconds_total, mode)');
  await expect(body.locator('.board-settings__values')).toContainText('idle');
  await body.getByLabel('Several values').check();
  await expect(page.getByRole('button', { name: /^mode: / })).toBeVisible();
  await body.getByRole('button', { name: 'Move mode up' }).click();
  await expect(body.locator('tbody th')).toHaveText(['mode', 'job']);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(body.locator('tbody th')).toHaveText(['job', 'mode']);
  // A new name goes to everything that mentions the old one.
  await body.getByRole('button', { name: 'job', exact: true }).click();
  await put(body.getByLabel('Name', { exact: true }), 'task');
  await expect(body.locator('tbody th')).toHaveText(['task', 'mode']);
  await save(page, 'settings');
  const saved = await stored(request, 'edit-settings');
  expect(saved.title).toBe('Renamed here');
  expect(saved.tags).toEqual(['one', 'two']);
  expect(saved.panels[0].targets[0].expr).toBe('count(up{job="$task"})');
  expect(saved.templating.list[1]).toMatchObject({ name: 'mode', multi: true, definition: 'label_values(node_cpu_seconds_total, mode)' });
});

test('an alert is made of a panel', async ({ page, request }) => {
  const thresholds = { mode: 'absolute', steps: [{ color: 'green', value: null }, { color: 'red', value: 0.75 }] };
  await store(request, 'edit-alert', [
    panel(1, 'timeseries', 0, 0, 'sum by (job)(up{job=~"$job"})', { title: 'Targets up', fieldConfig: { defaults: { thresholds }, overrides: [] } }),
  ], { templating: { list: [{ name: 'job', type: 'query', query: 'label_values(up, job)', multi: true, includeAll: true, refresh: 1 }] } });
  await page.goto('/d/edit-alert/edit-alert');
  await ready(page, 1);
  await choose(page, 1, 'Alert on this');
  await expect(page).toHaveURL(/\/rules\/new/);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Targets up');
  await expect(page.getByRole('combobox', { name: 'is', exact: true })).toHaveValue('>');
  await expect(page.getByRole('textbox', { name: 'Threshold' })).toHaveValue('0.75');
  await expect(page.getByText(/matches now: [1-9]/)).toBeVisible();
  // The link of the page of queries still works.
  await page.goto('/rules/new?expr=up%20%3D%3D%200');
  await expect(page.getByRole('textbox', { name: 'Threshold' })).toHaveValue('0');
});

test('notes and stretches of queries are marked on charts', async ({ page, request }) => {
  const annotations = { list: [{ name: 'Running', enable: true, iconColor: 'green', expr: 'sum(up) > 0', titleFormat: 'Something is up', step: '1s' }] };
  await store(request, 'edit-marks', [panel(1, 'timeseries', 0, 0, 'up', { gridPos: { x: 0, y: 0, w: 24, h: 8 } })], { annotations, time: { from: 'now-5m', to: 'now' } });
  await page.goto('/d/edit-marks/edit-marks');
  await ready(page, 1);
  const handles = tile(page, 1).locator('.mark__handle');
  await expect(handles).not.toHaveCount(0);
  await handles.first().focus();
  await expect(tile(page, 1).locator('.mark__tip')).toContainText('Something is up');
  await page.getByRole('button', { name: 'Running' }).click();
  await expect(handles).toHaveCount(0);

  const box = (await tile(page, 1).locator('.plot__pointer').boundingBox())!;
  await page.keyboard.down('Control');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.keyboard.up('Control');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Text').fill('A new release');
  await dialog.getByLabel('Tags').fill('deploy');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(handles).toHaveCount(1);
  const notes = await (await request.get('/api/annotations?dashboardUID=edit-marks')).json();
  expect(notes).toMatchObject([{ text: 'A new release', tags: ['deploy'], panelId: 1 }]);
  // It is changed, and taken away.
  await handles.first().click();
  await dialog.getByLabel('Text').fill('An old release');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await (await request.get('/api/annotations?dashboardUID=edit-marks')).json())[0].text).toBe('An old release');
  await handles.first().click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(handles).toHaveCount(0);
});

test('panels are moved and resized by the pointer and by the keyboard', async ({ page, request }) => {
  await store(request, 'edit-drag', [panel(1, 'stat', 0, 0, 'count(up)'), panel(2, 'stat', 8, 0, 'count(up)')]);
  await page.goto('/d/edit-drag/edit-drag?edit');
  await ready(page, 1);
  const place = async (id: number) => (await tile(page, id).boundingBox())!;
  const before = await place(1);
  const column = (before.width + 8) / 8;
  await page.mouse.move(before.x + 40, before.y + 10);
  await page.mouse.down();
  await page.mouse.move(before.x + 40 + column * 16, before.y + 10, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => Math.round(((await place(1)).x - before.x) / column)).toBe(16);
  const corner = (await tile(page, 1).locator('.tile__corner').boundingBox())!;
  await page.mouse.move(corner.x + 5, corner.y + 5);
  await page.mouse.down();
  await page.mouse.move(corner.x + 5 - column * 4, corner.y + 5 + 38 * 2, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => Math.round(((await place(1)).width + 8) / column)).toBe(4);
  await tile(page, 2).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => Math.round(((await place(2)).width + 8) / column)).toBe(9);
  await save(page, 'moved');
  const panels = (await stored(request, 'edit-drag')).panels as { id: number; gridPos: object }[];
  const of = (id: number) => panels.find((panel) => panel.id === id)!.gridPos;
  expect(of(1)).toMatchObject({ x: 16, w: 4, h: 8 });
  expect(of(2)).toMatchObject({ x: 7, w: 9 });
});

test('an earlier version is restored, and what is exported can be imported', async ({ page, request }) => {
  await store(request, 'edit-versions', [panel(1, 'stat', 0, 0, 'count(up)', { title: 'First' })]);
  await store(request, 'edit-versions', [panel(1, 'stat', 0, 0, 'count(up)', { title: 'Second' })]);
  await page.goto('/d/edit-versions/edit-versions?edit');
  await expect(tile(page, 1).locator('.tile__title')).toHaveText('Second');
  await page.getByRole('button', { name: 'Settings', exact: true }).last().click();
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'Versions' }).click();
  await page.getByRole('button', { name: 'Restore' }).last().click();
  await expect(page.locator('.board-settings__body tbody tr')).toHaveCount(3);
  await page.getByRole('button', { name: 'Back to the dashboard' }).click();
  await expect(tile(page, 1).locator('.tile__title')).toHaveText('First');
  const waits = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  const text = readFileSync(await (await waits).path(), 'utf8');
  const document = JSON.parse(text);
  document.uid = 'edit-imported';
  document.title = 'Taken in again';
  await page.goto('/dashboards');
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByLabel('or its JSON').fill(JSON.stringify(document));
  await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await expect.poll(async () => (await stored(request, 'edit-imported'))?.panels?.[0]?.title).toBe('First');
});

test('of two people who save, the second is told and sees the difference', async ({ browser, page, request, server }) => {
  await store(request, 'edit-two', [panel(1, 'stat', 0, 0, 'count(up)')]);
  const other = await (await browser.newContext({ baseURL: server.url })).newPage();
  for (const one of [page, other]) {
    await one.goto('/d/edit-two/edit-two/edit/1?edit');
    await one.locator('html[data-awake]').waitFor();
  }
  await page.getByLabel('Title').fill('Of the first');
  await save(page, 'first');
  await other.getByLabel('Title').fill('Of the second');
  await other.getByRole('button', { name: 'Save', exact: true }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(other.getByRole('dialog')).toContainText('Somebody else saved in between');
  await expect(other.getByRole('dialog')).toContainText('Of the first');
  await other.getByRole('button', { name: 'Overwrite' }).click();
  await expect.poll(async () => (await stored(request, 'edit-two')).panels[0].title).toBe('Of the second');
  await other.context().close();
});

test('what is behind a panel is seen and taken as a file, and panels are copied', async ({ page, request }) => {
  await store(request, 'edit-inspect', [panel(1, 'timeseries', 0, 0, 'up')]);
  await page.goto('/d/edit-inspect/edit-inspect?edit');
  await ready(page, 1);
  await choose(page, 1, 'Inspect');
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator('tbody tr')).not.toHaveCount(0);
  const waits = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download CSV' }).click();
  const lines = readFileSync(await (await waits).path(), 'utf8').trim().split('\n');
  expect(lines[0]).toMatch(/^Time,/);
  expect(lines.at(-1)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,1/);
  await dialog.getByRole('tab', { name: 'Statistics' }).click();
  await expect(dialog.locator('dd').nth(2)).toHaveText(/[1-9]/);
  await dialog.getByRole('tab', { name: 'Queries' }).click();
  await expect(dialog.locator('pre')).toHaveText('up');
  await dialog.getByRole('tab', { name: 'JSON of the panel' }).click();
  await expect(dialog.getByLabel('JSON of the panel')).toHaveValue(/"timeseries"/);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await choose(page, 1, 'Copy');
  await page.getByRole('button', { name: 'Paste panel' }).click();
  await expect(page.locator('.tile__title')).toHaveText(['Panel 1', 'Panel 1']);
});

test('lists of alerts and of dashboards show what the server has', async ({ page, watched }) => {
  const dashboard = {
    uid: 'edit-lists', title: 'Lists of things', tags: ['lists'], schemaVersion: 42,
    panels: [
      { id: 1, type: 'alertlist', title: 'Alerts', gridPos: { x: 0, y: 0, w: 12, h: 8 }, options: { showInstances: true, alertInstanceLabelFilter: '{severity="page"}' } },
      { id: 2, type: 'alertlist', title: 'How many', gridPos: { x: 12, y: 0, w: 6, h: 8 }, options: { viewMode: 'stat', alertName: 'TargetDown' } },
      { id: 3, type: 'dashlist', title: 'Dashboards', gridPos: { x: 18, y: 0, w: 6, h: 8 }, options: { showStarred: false, showSearch: true, tags: ['lists'], keepTime: true } },
    ],
  };
  const answer = await page.request.post(`${watched.url}/api/dashboards/db`, { data: { dashboard, overwrite: true } });
  expect(answer.ok(), await answer.text()).toBe(true);
  await page.goto(`${watched.url}/d/edit-lists/edit-lists?from=now-2h&to=now`);
  await expect(tile(page, 1).getByRole('link', { name: 'TargetDown' }).first()).toBeVisible();
  await expect(tile(page, 1)).not.toContainText('SoonTooMuch');
  await expect(tile(page, 2).locator('.alert-count__value')).toHaveText(/[1-9]/);
  await expect(tile(page, 3).getByRole('link', { name: 'Lists of things' })).toHaveAttribute('href', /from=now-2h/);
});

test('native histograms are drawn as heatmaps', async ({ page, request }) => {
  await store(request, 'edit-native', [panel(1, 'heatmap', 0, 0, 'rate(native[1m])', { gridPos: { x: 0, y: 0, w: 24, h: 10 } })]);
  await answerBatches(page, ({ from, to, step = 1000 }) => {
    const histograms = [];
    for (let time = from; time <= to; time += step) {
      histograms.push([time / 1000, { count: '8', sum: '9', buckets: [[0, '1', '2', '3'], [0, '2', '4', '5']] }]);
    }
    return { resultType: 'matrix', result: [{ metric: { job: 'x' }, histograms }] };
  });
  await page.goto('/d/edit-native/edit-native');
  await ready(page, 1);
  await expect(tile(page, 1).locator('.plot__value').filter({ hasText: /^4/ })).toHaveCount(1);
  const canvas = (await tile(page, 1).locator('canvas').boundingBox())!;
  await page.mouse.move(canvas.x + canvas.width / 2, canvas.y + 12);
  await expect(tile(page, 1).locator('.tip')).toHaveText(/4: 5/);
});

test('a screen on the wall shows panels alone until Escape', async ({ page, request }) => {
  await store(request, 'edit-kiosk', [panel(1, 'stat', 0, 0, 'count(up)')]);
  await page.goto('/d/edit-kiosk/edit-kiosk?kiosk');
  await ready(page, 1);
  await expect(page.locator('.top-bar')).toBeHidden();
  await expect(page.locator('.board-head__tools')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.locator('.top-bar')).toBeVisible();
  await expect(page).not.toHaveURL(/[?&]kiosk/);
  await page.goto('/d/edit-kiosk/edit-kiosk?kiosk=tv');
  await expect(page.locator('.top-bar')).toBeHidden();
  await expect(page.locator('.board-head__tools')).toBeVisible();
});
