import { appendFileSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../harness/fixtures.ts';
import { Server } from '../harness/server.ts';

test('runtime and build are told', async ({ page, watched }) => {
  await page.goto(`${watched.url}/status`);
  const runtime = page.getByRole('region', { name: 'Runtime' });
  await expect(runtime.getByRole('row', { name: /Retention/ })).toContainText(/\d/);
  await expect(runtime.getByRole('row', { name: /Working directory/ })).toContainText('watchfire-e2e');
  await expect(page.getByRole('region', { name: 'Build' }).getByRole('row', { name: /Version/ })).toContainText(/\d+\.\d+/);
});

test('flags are searched and sorted, and a link restores both', async ({ page, watched }) => {
  await page.goto(`${watched.url}/flags`);
  await page.getByRole('searchbox').fill('enable-lifecycle');
  await expect(page).toHaveURL(/search=enable-lifecycle/);
  await expect(page.getByRole('row', { name: /--web.enable-lifecycle/ })).toContainText('true');
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.goto(`${watched.url}/flags?sort=value`);
  await expect(page.getByRole('columnheader', { name: 'Value' })).toHaveAttribute('aria-sort', 'ascending');
  await page.goto(`${watched.url}/flags?search=nothing+at+all`);
  await expect(page.getByText('Nothing found')).toBeVisible();
});

test('the configuration is shown without secrets, and a pasted one is checked with its line', async ({ page, watched }) => {
  await page.goto(`${watched.url}/config`);
  const file = page.getByRole('region', { name: 'Running configuration' }).locator('pre');
  await expect(file).toContainText('scrape_configs:');
  await expect(file).not.toContainText('hunter2');
  const check = page.getByRole('region', { name: 'Check a configuration' });
  await check.getByRole('textbox').fill('global:\n  scrape_interva: 5s\n');
  await check.getByRole('button', { name: 'Check' }).click();
  await expect(check.getByRole('status')).toContainText('Line 2');
  await expect(check.getByRole('status')).toContainText('scrape_interva');
  await check.getByRole('textbox').fill('scrape_configs: [{job_name: a}]\n');
  await check.getByRole('button', { name: 'Check' }).click();
  await expect(check.getByRole('status')).toContainText('Valid: 1 scrape jobs');
  await expect(check.locator('.diff')).toContainText('+- job_name: a');
  await check.getByRole('button', { name: 'Compare with the file' }).click();
  await expect(check.getByRole('status')).toContainText('the same as what runs');
});

test('what the last reload changed is told', async ({ page }) => {
  const config = (seconds: number) => `global: {scrape_interval: ${seconds}s}\nscrape_configs: []\n`;
  const server = await Server.start(config(15), {}, ['--web.enable-lifecycle']);
  try {
    writeFileSync(join(server.folder, 'prometheus.yml'), config(30));
    expect((await fetch(`${server.url}/-/reload`, { method: 'POST' })).status).toBe(200);
    await page.goto(`${server.url}/config`);
    await page.getByText('What the last reload changed').click();
    await expect(page.locator('.diff')).toContainText('-  scrape_interval: 15s');
    await expect(page.locator('.diff')).toContainText('+  scrape_interval: 30s');
  } finally {
    await server.stopBehind(page);
  }
});

test('a reload that fails is told on every page until one works', async ({ page, watched }) => {
  const path = join(watched.folder, 'prometheus.yml');
  const good = readFileSync(path, 'utf8');
  await page.goto(`${watched.url}/config`);
  try {
    appendFileSync(path, '\nnonsense: true\n');
    expect((await fetch(`${watched.url}/-/reload`, { method: 'POST' })).status).toBe(500);
    await expect(page.getByRole('alert')).toContainText('nonsense');
    const bell = page.locator('.top-bar__bell > summary');
    const told = page.getByText('The last reload of the configuration failed').first();
    await bell.click();
    await expect(told).toBeVisible();
    await page.goto(`${watched.url}/flags`);
    await bell.click();
    await expect(told).toBeVisible();
  } finally {
    writeFileSync(path, good);
    expect((await fetch(`${watched.url}/-/reload`, { method: 'POST' })).status).toBe(200);
  }
  await expect(page.getByText('The last reload of the configuration failed')).toHaveCount(0);
});

test('Alertmanagers are listed, or why there are none', async ({ page, watched, server }) => {
  await page.goto(`${watched.url}/alertmanager-discovery`);
  await expect(page.getByRole('link', { name: 'http://127.0.0.1:1/api/v2/alerts' })).toBeVisible();
  await page.goto(`${server.url}/alertmanager-discovery`);
  await expect(page.getByText('No Alertmanager is known')).toBeVisible();
});

test('remote write tells what is configured and what is received', async ({ page, watched, server }) => {
  await page.goto(`${watched.url}/remote`);
  const sending = page.getByRole('region', { name: 'Sending' });
  await expect(sending.getByRole('row', { name: /away/ })).toContainText('http://127.0.0.1:1/push');
  await expect(sending).not.toContainText('hunter2');
  await expect(page.getByRole('region', { name: 'Receiving' })).toContainText('watchfire_remote_write_written_total');
  await page.goto(`${server.url}/remote`);
  await expect(page.getByText('--web.enable-remote-write-receiver')).toBeVisible();
});

test('examples of the help run here', async ({ page, watched }) => {
  await page.goto(`${watched.url}/help`);
  const links = page.locator('.examples a');
  for (const href of await links.evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href))) {
    const query = new URL(href).searchParams.get('g0.expr')!;
    await watched.api(`query?query=${encodeURIComponent(query)}`);
  }
  await expect(page.locator('.functions li').filter({ hasText: 'histogram_quantile' }).first()).toBeVisible();
});

test('every page fits a narrow screen', async ({ page, watched }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const paths = ['alerts', 'rules', 'targets', 'service-discovery', 'tsdb-status?metric=up&label=job', 'status', 'flags', 'config', 'alertmanager-discovery', 'queries', 'remote', 'help'];
  for (const path of paths) {
    await page.goto(`${watched.url}/${path}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(overflow, path).toBeLessThanOrEqual(0);
  }
});
