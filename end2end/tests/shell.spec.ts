import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editor, expectText } from '../harness/editor.ts';
import { expect, test } from '../harness/fixtures.ts';
import { Server } from '../harness/server.ts';

const ALERTING = `
rule_files: [rules.yml]
global: { scrape_interval: 1s, evaluation_interval: 1s }
scrape_configs:
- job_name: broken
  scrape_timeout: 1s
  static_configs:
  - targets: ["127.0.0.1:1"]
`;

test('Ctrl-K finds pages under their old names, metrics and targets', async ({ page }) => {
  await page.goto('/graph');
  await page.keyboard.press('Control+k');
  const search = page.getByRole('combobox', { name: /^Search pages/ });
  await expect(search).toBeFocused();
  await search.fill('console');
  await expect(page.getByRole('option', { name: /Graph/ })).toBeVisible();
  await search.fill('node_cpu');
  await expect(page.getByRole('option', { name: /node_cpu_seconds_total/ })).toBeVisible();
  await search.fill('tsdb status');
  await expect(page.getByRole('option').first()).toContainText('TSDB Status');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/tsdb-status$/);
  await expect(search).toHaveCount(0);
});

test('Ctrl-K finds dashboards and targets', async ({ page, request }) => {
  const board = { uid: 'palette-board', title: 'Zebra crossings', schemaVersion: 42, panels: [] };
  const stored = await request.post('/api/dashboards/db', { data: { dashboard: board, overwrite: true } });
  expect(stored.ok(), await stored.text()).toBe(true);
  await page.goto('/graph');
  await page.keyboard.press('Control+k');
  const search = page.getByRole('combobox', { name: /^Search pages/ });
  await search.fill('metrics');
  await expect(page.getByRole('option', { name: /\/metrics target$/ }).first()).toBeVisible();
  await search.fill('zebra');
  await expect(page.getByRole('option', { name: /Zebra crossings/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/d\/palette-board\/zebra-crossings/);
});

test('the language is the browser\'s, can be switched, and is kept', async ({ browser, server }) => {
  const context = await browser.newContext({ locale: 'ko-KR', baseURL: server.url });
  const page = await context.newPage();
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) warnings.push(message.text());
  });
  await page.goto('/graph');
  await page.locator('html[data-awake]').waitFor();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(page.getByRole('button', { name: '실행' })).toBeVisible();
  await page.getByRole('button', { name: '언어: 한국어' }).click();
  await expect(page.getByRole('button', { name: 'Execute' })).toBeVisible();
  await page.reload();
  await page.locator('html[data-awake]').waitFor();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: 'Execute' })).toBeVisible();
  expect(warnings).toEqual([]);
  await context.close();
});

test('alerts that fire are counted on every page', async ({ page }) => {
  const rules = 'groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: up == 0\n';
  const server = await Server.start(ALERTING, { 'rules.yml': rules });
  await expect.poll(async () => (await server.api('alerts')).alerts.length, { timeout: 30_000 }).toBe(1);
  await page.goto(`${server.url}/targets`);
  const badge = page.getByRole('link', { name: /firing 1\b/ });
  await expect(badge).toBeVisible();
  await badge.click();
  await expect(page).toHaveURL(/\/alerts/);
  await server.stopBehind(page);
});

test('that the server does not answer is told on the page', async ({ browser }) => {
  const server = await Server.start();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${server.url}/graph`);
  await page.locator('html[data-awake]').waitFor();
  await server.stop();
  await expect(page.getByText('The server does not answer')).toBeVisible();
  await context.close();
});

test('? shows the keys, g and a letter goes to a page, and neither disturbs typing', async ({ page }) => {
  await page.goto('/graph');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const field = editor(page);
  await field.focus();
  await page.keyboard.type('gt?');
  await expectText(field, 'gt?');
  await field.fill('');
  await field.blur();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await expect(page).toHaveURL(/\/targets$/);
});

test('settings are kept in the browser', async ({ page }) => {
  await page.goto('/graph');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('checkbox', { name: 'Use local time' }).check();
  await page.keyboard.press('Escape');
  await page.reload();
  await page.locator('html[data-awake]').waitFor();
  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('checkbox', { name: 'Use local time' })).toBeChecked();
});

test('old addresses lead to the right place with what they say', async ({ page }) => {
  const panes = { a: { queries: [{ expr: 'vector(9)' }], range: { from: 'now-30m', to: 'now' } } };
  await page.goto(`/explore?panes=${encodeURIComponent(JSON.stringify(panes))}`);
  await expect(page).toHaveURL(/\/graph\?/);
  await expectText(editor(page), 'vector(9)');
  await expect(page.getByRole('group', { name: 'Range' }).getByRole('textbox')).toHaveValue('30m');
  await page.goto('/alerting/list?search=Disk');
  await expect(page).toHaveURL(/\/alerts\?search=Disk/);
});

test('on a narrow screen the pages unfold from a button', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/graph');
  const pages = page.getByRole('navigation', { name: 'Pages', exact: true });
  await expect(pages).toBeHidden();
  await page.getByRole('button', { name: 'Menu' }).click();
  await pages.getByText('Status', { exact: true }).click();
  await pages.getByRole('link', { name: 'Targets' }).click();
  await expect(page).toHaveURL(/\/targets/);
  await expect(pages).toBeHidden();
});

test('a bell rings when a reload fails, and is gone when one works', async ({ page }) => {
  const server = await Server.start('global: {}\n', {}, ['--web.enable-lifecycle']);
  const file = join(server.folder, 'prometheus.yml');
  const reload = () => fetch(`${server.url}/-/reload`, { method: 'POST' });
  await page.goto(`${server.url}/graph`);
  const bell = page.locator('.top-bar__bell');
  await expect(bell).toHaveCount(0);
  writeFileSync(file, 'global: {nonsense: 1}\n');
  await reload();
  await bell.locator('summary').click();
  await expect(bell.getByRole('listitem')).toContainText(/reload/i);
  await page.keyboard.press('Escape');
  await expect(bell.getByRole('listitem')).toBeHidden();
  writeFileSync(file, 'global: {}\n');
  await reload();
  await expect(bell).toHaveCount(0);
  await server.stopBehind(page);
});
