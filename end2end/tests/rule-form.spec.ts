import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editor, expectText } from '../harness/editor.ts';
import { expect, test } from '../harness/fixtures.ts';
import { Server } from '../harness/server.ts';

const CONFIG = `
global: { evaluation_interval: 200ms }
rule_files: ['team.yml']
`;
const FILE = `groups:
- name: own   # of the team
  rules:
  # Always there.
  - alert: Standing
    expr: vector(1) > 0   # on purpose
    labels: { severity: page }
`;

let server: Server;

test.beforeAll(async () => {
  server = await Server.start(CONFIG, { 'team.yml': FILE });
});

test.afterAll(async () => {
  await server.stop();
});

test('a rule is made in the form, fires, is changed so that it resolves, and is deleted', async ({ page }) => {
  await page.goto(`${server.url}/rules`);
  await page.getByRole('link', { name: 'New rule' }).click();
  await expect(page).toHaveURL(/\/rules\/new/);
  await page.getByLabel('Name', { exact: true }).fill('MadeHere');
  await page.getByLabel('Group').fill('browser');
  await editor(page, 'Expression').fill('vector(3)');
  await page.getByRole('combobox', { name: 'is', exact: true }).selectOption('>');
  await page.getByRole('textbox', { name: 'Threshold' }).fill('2');
  await expect(page.getByText('matches now: 1 series')).toBeVisible();
  await expect(page.getByText(/Would have fired 1 times/)).toBeVisible();
  await expect(page.locator('.week__band[data-state=firing]')).toHaveCount(1);
  await page.getByRole('button', { name: 'Add annotation' }).click();
  await page.getByLabel('Name of annotation').fill('summary');
  await page.getByLabel('Text of annotation').fill('now {{ $value }}');
  await expect(page.getByText('shows: now 3')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/\/rules\/(?!new)/);
  const form = page.url();

  // What fires when the page comes is open in it.
  const firing = async () => (await server.api('alerts')).alerts.map((one: { labels: { alertname: string } }) => one.labels.alertname);
  await expect.poll(firing).toContain('MadeHere');
  await page.goto(`${server.url}/alerts?search=MadeHere`);
  const alert = page.locator('details.fold').filter({ hasText: 'MadeHere' });
  await expect(alert).toHaveAttribute('data-state', 'firing');
  await alert.getByRole('link', { name: 'Edit' }).click();
  await expect(page).toHaveURL(form);

  // The threshold goes up by the keyboard, and then to where nothing is above it.
  const threshold = page.getByRole('textbox', { name: 'Threshold' });
  await page.getByRole('slider', { name: 'Threshold' }).focus();
  await page.keyboard.press('Shift+ArrowUp');
  await expect(threshold).not.toHaveValue('2');
  await threshold.fill('5');
  await expect(page.getByText('matches nothing now')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.goto(`${server.url}/alerts?search=MadeHere`);
  await expect(alert).toHaveAttribute('data-state', 'inactive');

  await page.goto(form);
  await page.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: /MadeHere/ });
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/rules$/);
  await expect(page.getByText('Standing')).toBeVisible();
  await expect(page.getByText('MadeHere')).toHaveCount(0);
});

test('a rule of a file is changed with its difference shown, and its comments stay', async ({ page }) => {
  await page.goto(`${server.url}/rules?search=Standing`);
  const rule = page.locator('details.fold').filter({ hasText: 'Standing' });
  await rule.locator('summary').first().click();
  await rule.getByRole('link', { name: 'Edit' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Standing');
  await page.getByLabel('Value of label').fill('mail');
  await page.getByRole('textbox', { name: 'Threshold' }).fill('0.5');
  await page.getByRole('button', { name: 'Save…' }).click();
  const dialog = page.getByRole('dialog', { name: /team\.yml/ });
  await expect(dialog.locator('[data-sort=new]').first()).toHaveText(/expr: vector\(1\) > 0\.5 {3}# on purpose/);
  await dialog.getByRole('button', { name: 'Write to the file' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const text = readFileSync(join(server.folder, 'team.yml'), 'utf8');
  expect(text).toBe(FILE.replace('> 0 ', '> 0.5 ').replace('{ severity: page }', '{severity: mail}'));
  await page.goto(`${server.url}/alerts?search=mail`);
  await expect(page.locator('details.fold').filter({ hasText: 'Standing' })).toHaveAttribute('data-state', 'firing');
});

test('what somebody else saved meanwhile is shown, and one of both wins', async ({ page, request }) => {
  const body = { group: 'twice', rule: { kind: 'alert', name: 'Twice', expr: 'vector(1) > 1' } };
  const headers = { 'content-type': 'application/json', 'x-requested-with': 'test' };
  const made = await (await request.post(`${server.url}/api/watchfire/rules/rule`, { data: body, headers })).json();
  await page.goto(`${server.url}/rules/${made.uid}`);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Twice');
  const theirs = { ...body, version: 1, rule: { ...body.rule, expr: 'vector(1) > 7' } };
  await request.put(`${server.url}/api/watchfire/rules/rule/${made.uid}`, { data: theirs, headers });
  await page.getByRole('textbox', { name: 'Threshold' }).fill('9');
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else changed this rule' });
  await expect(dialog.locator('[data-sort=gone]')).toHaveText(/expr: vector\(1\) > 7/);
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const now = await (await request.get(`${server.url}/api/watchfire/rules/rule/${made.uid}`)).json();
  expect([now.version, now.rule.expr]).toEqual([3, 'vector(1) > 9']);
});

test('a group is renamed, put into a folder and in order, and deleted in the browser', async ({ page, request }) => {
  const headers = { 'content-type': 'application/json', 'x-requested-with': 'test' };
  const folder = await (await request.post(`${server.url}/api/folders`, { data: { title: 'Operations' }, headers })).json();
  for (const name of ['Alpha', 'Beta']) {
    const data = { group: 'pair', rule: { kind: 'alert', name, expr: 'vector(1) > 1' } };
    expect((await request.post(`${server.url}/api/watchfire/rules/rule`, { data, headers })).status()).toBe(201);
  }
  await page.goto(`${server.url}/rules?search=Alpha`);
  await page.locator('.card').filter({ hasText: 'pair' }).getByRole('link', { name: 'Edit group' }).click();
  await expect(page).toHaveURL(/\/rules\/group\?file=metadata&group=pair/);
  const names = page.locator('section[aria-labelledby=group-order] th');
  await expect(names).toHaveText(['Alpha', 'Beta']);
  await page.getByRole('button', { name: 'Move Beta up' }).click();
  await expect(names).toHaveText(['Beta', 'Alpha']);
  await page.getByLabel('Name').fill('couple');
  await page.getByLabel('Place').selectOption({ label: 'Operations' });
  await page.getByLabel(/^Evaluated every/).fill('7s');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(new RegExp(`folder=${folder.uid}&group=couple`));
  const groups = (await (await request.get(`${server.url}/api/v1/rules`)).json()).data.groups;
  const moved = groups.find((group: { name: string }) => group.name === 'couple');
  expect([moved.file, moved.interval, moved.rules.map((rule: { name: string }) => rule.name)]).toEqual(['metadata/Operations', 7, ['Beta', 'Alpha']]);
  // What is no length of time is said at once, and nothing changes.
  await page.getByLabel(/^Evaluated every/).fill('7 parsecs');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.form__error')).toContainText('7 parsecs');
  await page.getByRole('button', { name: 'Delete group' }).click();
  const dialog = page.getByRole('dialog', { name: /couple/ });
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL(/\/rules$/);
  await expect(page.getByText('Standing')).toBeVisible();
  await expect(page.getByText('couple')).toHaveCount(0);
});

test('a chart fills the form', async ({ page }) => {
  await page.goto(`${server.url}/graph?g0.expr=vector(5)&g0.tab=0`);
  await page.getByRole('link', { name: 'Alert on this' }).click();
  await expect(page).toHaveURL(/\/rules\/new\?expr=/);
  await expectText(editor(page, 'Expression'), 'vector(5)');
});

test('faults stand at their fields', async ({ page }) => {
  await page.goto(`${server.url}/rules/new?expr=up&name=x&for=5y7`);
  await expect(page.getByText('not a valid duration string')).toBeVisible();
  await page.getByRole('button', { name: 'Add label' }).click();
  await page.getByLabel('Name of label').fill('a');
  await page.getByLabel('Value of label').fill('{{ if }}');
  await expect(page.locator('.pairs__fault')).toContainText('missing value for if');
});
