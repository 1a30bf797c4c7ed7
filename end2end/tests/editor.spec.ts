import type { Page } from '@playwright/test';
import { editor, expectText, plainEditor } from '../harness/editor.ts';
import { expect, test } from '../harness/fixtures.ts';

const list = '.cm-tooltip-autocomplete';

/** A completion that can be taken: a list that waits for a newer one is greyed out. */
const completion = (page: Page, name: RegExp) =>
  page.locator(`${list}:not(.cm-tooltip-autocomplete-disabled)`).getByRole('option', { name }).first();

test('metrics, labels and their values are completed', async ({ page }) => {
  await page.goto('/graph');
  await editor(page).focus();
  await page.keyboard.type('node_cpu_sec');
  const option = completion(page, /^node_cpu_seconds_total/);
  await expect(option).toBeVisible();
  await page.keyboard.press('Tab');
  await expectText(editor(page), 'node_cpu_seconds_total');
  await page.keyboard.type('{mo');
  await expect(completion(page, /^mode/)).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.type('="id');
  await expect(completion(page, /^idle/)).toBeVisible();
  await page.keyboard.press('Tab');
  await expectText(editor(page), 'node_cpu_seconds_total{mode="idle"}');
});

test('functions are completed, and Enter takes what was chosen', async ({ page }) => {
  await page.goto('/graph');
  await editor(page).focus();
  await page.keyboard.type('histogram_quant');
  await expect(completion(page, /^histogram_quantile/)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expectText(editor(page), /^histogram_quantile/);
  await expect(page).not.toHaveURL(/expr=/);
});

test('Enter runs, Shift-Enter begins a line, Escape closes the list and then leaves the editor', async ({ page }) => {
  await page.goto('/graph?g0.tab=table');
  await editor(page).focus();
  await page.keyboard.type('vector(1)');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('+ vector(2)');
  await expectText(editor(page), /^vector\(1\)\n\s*\+ vector\(2\)$/);
  await page.keyboard.press('Enter');
  await expect(page.locator('table.result tbody tr td')).toHaveText('3');
  await page.keyboard.type(' + node_');
  await expect(page.locator(list)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator(list)).toHaveCount(0);
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(editor(page)).not.toBeFocused();
});

test('brackets are closed and matched, and changes can be undone', async ({ page }) => {
  await page.goto('/graph');
  await editor(page).focus();
  await page.keyboard.type('sum(');
  await expectText(editor(page), 'sum()');
  await expect(page.locator('.cm-matchingBracket')).toHaveCount(2);
  await page.keyboard.press('Control+z');
  await expectText(editor(page), /^(sum)?$/);
});

test('an error is underlined where it is', async ({ page }) => {
  await page.goto('/graph');
  await editor(page).fill('up{job="a"} + sum by (job) rate(up[5m])');
  await expect(page.locator('.cm-content .editor__mark[data-kind=error]').first()).toBeVisible();
  await expect(editor(page)).toHaveAttribute('aria-invalid', 'true');
  await editor(page).fill('up');
  await expect(page.locator('.editor__mark')).toHaveCount(0);
});

test('without its script the plain field completes and runs', async ({ page }) => {
  await page.route('**/editor/promql-editor.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await page.goto('/graph?g0.tab=table', { waitUntil: 'commit' });
  await page.locator('html[data-awake]').waitFor();
  await plainEditor(page).focus();
  await page.keyboard.type('node_cpu_sec');
  await expect(page.getByRole('option', { name: /node_cpu_seconds_total/ })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(plainEditor(page)).toHaveValue('node_cpu_seconds_total');
  await expect(page.locator('.editor__mirror .code__metric')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/node_cpu_seconds_total/);
});
