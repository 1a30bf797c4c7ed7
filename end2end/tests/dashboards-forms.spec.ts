import type { APIRequestContext, Page } from '@playwright/test';
import { expect, test } from '../harness/fixtures.ts';

/** Forms of the panel's editor and of folders, and the keys of a dashboard. */

async function store(request: APIRequestContext, uid: string, panels: object[]) {
  const dashboard = { uid, title: uid, schemaVersion: 42, time: { from: 'now-15m', to: 'now' }, panels };
  const answer = await request.post('/api/dashboards/db', { data: { dashboard, overwrite: true } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

const up = { refId: 'A', expr: 'up', format: 'table', instant: true };
const table = (id: number) => ({ id, type: 'table', title: `Panel ${id}`, gridPos: { x: 0, y: 0, w: 12, h: 8 }, targets: [up] });
const heads = (page: Page) => page.locator('.tile thead th');

async function save(page: Page) {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

test('transformations are made in forms, and the panel follows while they are written', async ({ page, request }) => {
  await store(request, 'forms-transform', [table(1)]);
  await page.goto('/d/forms-transform/forms-transform/edit/1?edit');
  await expect(heads(page).filter({ hasText: 'instance' })).toHaveCount(1);
  const steps = page.getByRole('region', { name: 'Transformations' });
  await steps.getByLabel('Add transformation').selectOption('groupBy');
  await steps.getByLabel('Grouped by').fill('job');
  await steps.getByLabel('Grouped by').blur();
  await steps.getByLabel('Calculations, one a line').fill('Value = sum, count');
  await steps.getByLabel('Calculations, one a line').blur();
  await expect(heads(page)).toHaveText([/job/, /Value \(sum\)/, /Value \(count\)/]);
  await steps.getByLabel('Add transformation').selectOption('organize');
  await steps.getByLabel('New names, one a line').fill('Value (sum) = Up\nValue (count) = All');
  await steps.getByLabel('New names, one a line').blur();
  await steps.getByLabel('In this order').fill('Value (sum), job');
  await steps.getByLabel('In this order').blur();
  await expect(heads(page)).toHaveText([/Up/, /job/, /All/]);
  await steps.getByLabel('Add transformation').selectOption('calculateField');
  const calculation = steps.locator('.query').nth(2);
  await calculation.getByLabel('Mode').selectOption('binary');
  await calculation.getByLabel('Left', { exact: true }).fill('Up');
  await calculation.getByLabel('Left', { exact: true }).blur();
  await calculation.getByLabel('Operation').selectOption('/');
  await calculation.getByLabel('Right', { exact: true }).fill('All');
  await calculation.getByLabel('Right', { exact: true }).blur();
  await calculation.getByLabel('Title').fill('Share');
  await expect(heads(page)).toHaveText([/Up/, /job/, /All/, /Share/]);
  await steps.getByLabel('Add transformation').selectOption('filterByValue');
  const filter = steps.locator('.query').nth(3);
  await filter.getByLabel('Field', { exact: true }).fill('job');
  await filter.getByRole('combobox', { name: 'Condition', exact: true }).selectOption('equal');
  await filter.getByLabel('Value', { exact: true }).fill('node');
  await expect(page.locator('.tile tbody tr')).toHaveCount(1);
  await filter.getByLabel('Rows that match').selectOption('exclude');
  await expect(page.locator('.tile tbody')).not.toContainText('node');
  await save(page);
  const saved = (await (await request.get('/api/dashboards/uid/forms-transform')).json()).dashboard.panels[0].transformations;
  expect(saved.map((one: { id: string }) => one.id)).toEqual(['groupBy', 'organize', 'calculateField', 'filterByValue']);
  expect(saved[2].options.binary).toEqual({
    left: { matcher: { id: 'byName', options: 'Up' } }, operator: '/', right: { matcher: { id: 'byName', options: 'All' } },
  });
});

test('each kind of panel has its options in forms, and they are found by their names', async ({ page, request }) => {
  await store(request, 'forms-options', [table(1)]);
  await page.goto('/d/forms-options/forms-options/edit/1?edit');
  const options = page.getByRole('complementary', { name: 'Options of the panel' });
  await expect(heads(page)).not.toHaveCount(0);
  await options.getByLabel('Footer').check();
  await options.getByLabel('Calculation', { exact: true }).fill('sum');
  await options.getByLabel('Calculation', { exact: true }).blur();
  await expect(page.locator('.tile tfoot')).toContainText(/\d/);
  await options.getByRole('searchbox', { name: 'Find an option' }).fill('names of col');
  await expect(options.locator('.form__row:visible, .form__check:visible')).toHaveText(['Show names of columns']);
  await options.getByLabel('Show names of columns').uncheck();
  await expect(heads(page)).toHaveCount(0);
  await options.getByRole('searchbox', { name: 'Find an option' }).fill('');
  await options.getByLabel('Kind').selectOption('histogram');
  await options.getByLabel('Bucket size').fill('2');
  await options.getByLabel('Bucket size').blur();
  await options.getByLabel('Kind').selectOption('stat');
  await options.getByLabel('Coloured').selectOption('background');
  await options.getByRole('combobox', { name: 'Text', exact: true }).selectOption('value_and_name');
  await options.getByLabel('Shown name').fill('Is up');
  await expect(page.locator('.tile .stat').first()).toContainText('Is up');
  await save(page);
  const saved = (await (await request.get('/api/dashboards/uid/forms-options')).json()).dashboard.panels[0];
  expect(saved.options).toMatchObject({ footer: { show: true, reducer: ['sum'] }, showHeader: false, bucketSize: 2, colorMode: 'background' });
});

test('two keys open and close all rows, change the time, and go to the settings', async ({ page, request }) => {
  const row = (id: number, y: number) => ({
    id, type: 'row', title: `Row ${id}`, collapsed: true, gridPos: { x: 0, y, w: 24, h: 1 },
    panels: [{ ...table(id + 1), gridPos: { x: 0, y: y + 1, w: 12, h: 4 } }],
  });
  await store(request, 'forms-keys', [row(10, 0), row(20, 1)]);
  await page.goto('/d/forms-keys/forms-keys');
  await expect(page.locator('.row-line')).toHaveCount(2);
  await page.keyboard.press('d');
  await page.keyboard.press('Shift+E');
  await expect(page.locator('.tile')).toHaveCount(2);
  await page.keyboard.press('d');
  await page.keyboard.press('Shift+C');
  await expect(page.locator('.tile')).toHaveCount(0);
  await page.keyboard.press('t');
  await page.keyboard.press('z');
  await expect(page).toHaveURL(/from=\d+&to=\d+/);
  await page.keyboard.press('d');
  await page.keyboard.press('s');
  await expect(page).toHaveURL(/\/settings/);
});

test('a folder is renamed and put into another one', async ({ page, request }) => {
  const now = Date.now();
  for (const title of [`Outer ${now}`, `Inner ${now}`]) {
    expect((await request.post('/api/folders', { data: { title } })).ok()).toBe(true);
  }
  await page.goto('/dashboards');
  await page.getByRole('button', { name: `Edit Inner ${now}` }).click();
  const dialog = page.getByRole('dialog', { name: `Edit Inner ${now}` });
  await expect(dialog.getByLabel('Title')).toHaveValue(`Inner ${now}`);
  await dialog.getByLabel('Title').fill(`Core ${now}`);
  await dialog.getByLabel('Folder').selectOption({ label: `Outer ${now}` });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: `Outer ${now} / Core ${now}` })).toBeVisible();
});
