import { createServer, request as httpRequest, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from '../harness/fixtures.ts';
import { ask, ClosedServer, enter, PASSWORD } from '../harness/people.ts';

/** What runs where a text is taken for a part of the page. */
const MARK = '<img src=x onerror="window.broken=1">';
const TEXT = `${MARK}<script>window.broken=1</script><svg onload=window.broken=1>`;
const QUOTED = `"'><img src=x onerror=window.broken=1>`;
const LINK = 'javascript:window.broken=1';

const CONFIG = `
global: { evaluation_interval: 200ms }
rule_files: ['known.yml']
`;
const RULES = 'groups: [{ name: file, rules: [{ record: "known:rule", expr: "vector(1)" }] }]\n';

let closed: ClosedServer;

// Many pages and calls each; on a busy machine each of them takes its time.
test.describe.configure({ timeout: 240_000 });

test.beforeAll(async () => {
  closed = await ClosedServer.start(CONFIG, { 'known.yml': RULES, 'secret.txt': 'the secret of the folder\n' }, ['--web.user-assets=assets', '--web.enable-lifecycle']);
  mkdirSync(join(closed.server.folder, 'assets'));
  writeFileSync(join(closed.server.folder, 'assets', 'open.txt'), 'an open file\n');
});

test.afterAll(async () => {
  await closed?.stop();
});

/** Listens on any port of `host` and answers with `page`; tells what it was asked for. */
async function elsewhere(page = ''): Promise<{ server: HttpServer; port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, asked };
}

test.describe('with the content security policy taken away', () => {
  // The policy is a second wall. Here the first one stands alone: texts are texts.
  test.use({ bypassCSP: true });

  test('no text that somebody can store runs as a script on any page', async ({ page }) => {
    const admin = closed.admin;
    const done = async (method: string, path: string, body: unknown) => {
      const answer = await closed.ask(admin, method, path, body);
      expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
      return answer.body;
    };
    await closed.addUser('mallory<img/src=x/onerror=window.broken=1>', 'Viewer', TEXT);
    const team = (await done('POST', '/api/teams', { name: TEXT, email: '' })).teamId;
    const users = (await closed.ask(admin, 'GET', '/api/users?query=mallory')).body;
    await done('POST', `/api/teams/${team}/members`, { userId: users[0].id });
    const account = (await done('POST', '/api/serviceaccounts', { name: TEXT, role: 'Viewer' })).id;
    await done('POST', `/api/serviceaccounts/${account}/tokens`, { name: TEXT });
    const folder = (await done('POST', '/api/folders', { title: TEXT })).uid;
    const panel = (id: number, type: string, more: object) => ({ id, type, title: `${TEXT} ${id}`, description: TEXT, gridPos: { x: 0, y: id * 8, w: 24, h: 8 }, links: [{ title: TEXT, url: LINK }, { title: QUOTED, url: `java\nscript:window.broken=1` }], ...more });
    const query = [{ refId: 'A', expr: 'up', legendFormat: TEXT }];
    const dashboard = {
      title: TEXT,
      description: TEXT,
      tags: [TEXT, QUOTED],
      time: { from: 'now-5m', to: 'now' },
      links: [{ type: 'link', title: TEXT, url: LINK, tooltip: TEXT }],
      annotations: { list: [{ name: TEXT, enable: true, iconColor: `red;background:url(x)${QUOTED}`, expr: 'up', titleFormat: TEXT, textFormat: TEXT }] },
      templating: {
        list: [
          { type: 'custom', name: 'v', label: TEXT, query: `${TEXT},b`, current: { text: TEXT, value: TEXT }, options: [] },
          { type: 'textbox', name: 't', label: QUOTED, query: TEXT, current: { text: TEXT, value: TEXT }, options: [] },
          { type: 'constant', name: 'c', query: TEXT, current: { text: TEXT, value: TEXT }, options: [] },
        ],
      },
      panels: [
        panel(0, 'text', { options: { mode: 'html', content: `${TEXT} <a href="${LINK}">press</a> <iframe srcdoc="<script>top.broken=1</script>"></iframe> $v $t` } }),
        panel(1, 'text', { options: { mode: 'markdown', content: `${TEXT}\n\n[press](${LINK}) ![x](x" onerror="window.broken=1) [${MARK}](https://example.com/"onmouseover="window.broken=1)\n\n\`${TEXT}\` $v` } }),
        panel(2, 'timeseries', { targets: query, fieldConfig: { defaults: { displayName: TEXT, unit: TEXT, links: [{ title: TEXT, url: LINK }] } } }),
        panel(3, 'stat', { targets: query, fieldConfig: { defaults: { mappings: [{ type: 'value', options: { 1: { text: TEXT } } }], noValue: TEXT } } }),
        panel(4, 'table', { targets: [{ refId: 'A', expr: 'label_replace(vector(1), "bad", "' + MARK.replaceAll('"', '\\"') + '", "", "")', format: 'table', instant: true }] }),
        panel(5, MARK, { targets: query }),
      ],
    };
    const saved = await done('POST', '/api/dashboards/db', { dashboard, folderUid: folder, message: TEXT });
    await done('POST', '/api/annotations', { dashboardUID: saved.uid, panelId: 2, time: Date.now(), text: TEXT, tags: [TEXT] });
    const labels = { severity: TEXT };
    const annotations = { summary: TEXT, runbook_url: LINK, dashboard: `https://example.com/${QUOTED}` };
    const rule = { kind: 'alert', name: 'Bad', expr: 'vector(1)', labels, annotations };
    const made = await done('POST', '/api/watchfire/rules/rule', { group: TEXT, folder, rule });
    await closed.ask('', 'POST', '/login', { user: TEXT, password: TEXT });

    await enter(page, closed.url, admin);
    const dialogs: string[] = [];
    page.on('dialog', async (dialog) => {
      dialogs.push(dialog.message());
      await dialog.dismiss();
    });
    const visit = async (path: string, shows: boolean) => {
      await page.goto(`${closed.url}${path}`);
      // The text itself stands there, as text: otherwise nothing was tried.
      if (shows) await expect(page.getByText('<img src=x onerror=').first(), path).toBeAttached();
      await expect(page.locator('.skeleton')).toHaveCount(0);
      expect(await page.evaluate(() => (window as any).broken), path).toBeUndefined();
      const bad = await page.evaluate(() => [
        ...[...document.querySelectorAll('[href], [src], [action]')].map((one) => one.getAttribute('href') ?? one.getAttribute('src') ?? one.getAttribute('action') ?? '').filter((address) => /^\s*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:/i.test(address)),
        ...[...document.querySelectorAll('main *')].flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))),
        ...[...document.querySelectorAll('main iframe, main object, main embed, main script, main img[src="x"]')].map((one) => one.outerHTML),
      ]);
      expect(bad, path).toEqual([]);
    };
    await expect.poll(async () => JSON.stringify((await closed.ask(admin, 'GET', '/api/v1/alerts')).body)).toContain('Bad');
    await visit('/admin/users', true);
    await visit(`/admin/users/edit/${users[0].id}`, false);
    await visit('/org/teams', true);
    await visit(`/org/teams/edit/${team}`, true);
    await visit('/org/serviceaccounts', true);
    await visit(`/org/serviceaccounts/${account}`, true);
    await visit('/admin/audit', true);
    await visit('/dashboards', true);
    await visit(`/dashboards/f/${folder}/permissions`, true);
    await visit(saved.url, true);
    await visit(`${saved.url}?edit`, true);
    await visit('/alerts', true);
    await visit('/rules', true);
    await visit(`/rules/${made.uid}`, false);
    await visit(`/graph?g0.expr=${encodeURIComponent(TEXT)}`, false);
    const login = await closed.ask('', 'GET', `/login?redirectTo=${encodeURIComponent('/"><script>window.broken=1</script>')}`);
    expect(login.status).toBe(200);
    expect(login.body).not.toContain('<script');
    expect(dialogs).toEqual([]);
  });
});

test('pages forbid scripts that the server did not send, frames, and forms to elsewhere', async ({ page }) => {
  await enter(page, closed.url, closed.admin);
  for (const path of ['/graph', '/profile', '/login', '/api/v1/status/buildinfo', '/metrics', '/user/open.txt']) {
    const answer = await page.request.get(`${closed.url}${path}`, { maxRedirects: 0 });
    const policy = answer.headers()['content-security-policy'];
    expect(policy, path).toMatch(/frame-ancestors 'none'/);
    expect(policy, path).toMatch(/base-uri 'none'/);
    expect(policy, path).not.toMatch(/script-src[^;]*'unsafe-inline'/);
    expect(answer.headers()['x-content-type-options'], path).toBe('nosniff');
    if (!policy.includes('script-src')) expect(policy, path).toContain("default-src 'none'");
  }
});

test('what a page of another site sends with the cookie changes nothing', async ({ page, browser }) => {
  const attacker = await elsewhere('<!DOCTYPE html><title>other</title><body>');
  const me = await closed.logIn('admin', closed.adminPassword);
  const context = await browser.newContext();
  const victim = await context.newPage();
  const [name] = me.split('=');
  await context.addCookies([{ name, value: me.slice(name.length + 1), url: closed.url }]);
  const teams = async () => (await closed.ask(closed.admin, 'GET', '/api/teams/search?query=forged')).body.totalCount;
  const send = (url: string, kind: string) =>
    victim.evaluate(
      async ([target, type]) => {
        const body = '{"name":"forged","x":"="}';
        await fetch(`${target}/api/teams`, { method: 'POST', credentials: 'include', mode: 'no-cors', headers: { 'content-type': type }, body }).catch(() => undefined);
        await fetch(`${target}/logout`, { method: 'POST', credentials: 'include', mode: 'no-cors' }).catch(() => undefined);
        await fetch(`${target}/logout`, { credentials: 'include', mode: 'no-cors' }).catch(() => undefined);
        await fetch(`${target}/-/quit`, { method: 'POST', credentials: 'include', mode: 'no-cors' }).catch(() => undefined);
        const form = document.createElement('form');
        form.method = 'post';
        form.action = `${target}/api/teams`;
        form.enctype = 'text/plain';
        form.innerHTML = `<input name='{"name":"forged","x":"' value='"}'>`;
        const frame = document.createElement('iframe');
        frame.name = 'hidden';
        form.target = 'hidden';
        document.body.append(frame, form);
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
        form.submit();
        await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, 3000))]);
      },
      [url, kind],
    );
  // Another site; and another port of the same host, to which browsers do send the cookie.
  for (const host of ['localhost', '127.0.0.1']) {
    await victim.goto(`http://${host}:${attacker.port}/`);
    await send(closed.url, 'text/plain');
    expect(await teams(), host).toBe(0);
    expect((await closed.ask(me, 'GET', '/api/user')).status, `${host}: still logged in`).toBe(200);
  }
  // A form that leads the whole page away carries a Lax cookie only as GET.
  await victim.goto(`http://127.0.0.1:${attacker.port}/`);
  await victim.evaluate((target) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = `${target}/api/admin/users`;
    form.enctype = 'text/plain';
    form.innerHTML = `<input name='{"login":"forged","password":"correct horse battery","x":"' value='"}'>`;
    document.body.append(form);
    form.submit();
  }, closed.url);
  await victim.waitForURL(/api\/admin\/users/);
  expect(await victim.textContent('body')).toContain('Origin not allowed');
  expect((await closed.ask(closed.admin, 'GET', '/api/users?query=forged')).body).toEqual([]);
  // The same from a page of the server itself is taken.
  await victim.goto(`${closed.url}/profile`);
  const own = await victim.evaluate(async () => (await fetch('/api/teams', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"forged"}' })).status);
  expect(own).toBe(200);
  expect(await teams()).toBe(1);
  await context.close();
  attacker.server.close();
  await page.close();
});

test('what needs no login on loopback is refused to pages of other sites, too', async ({ server }) => {
  const body = { title: 'Forged' };
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }, { origin: 'null' }, { referer: 'https://evil.example/' }]) {
    const answer = await ask(server.url, headers as Record<string, string>, 'POST', '/api/folders', body);
    expect(answer.status, JSON.stringify(headers)).toBe(403);
  }
  // A name that leads to this machine is no proof of being there.
  const rebound = await raw(server.url, 'POST', '/api/folders', { host: 'evil.example', 'content-type': 'application/json' }, JSON.stringify(body));
  expect(rebound.status).toBe(401);
  expect((await ask(server.url, { 'sec-fetch-site': 'same-origin' }, 'POST', '/api/folders', { title: 'Own' })).status).toBe(200);
});

test('a session that somebody planted is none, before the login and after it', async ({ page }) => {
  await closed.addUser('fixed', 'Viewer');
  const [name] = closed.admin.split('=');
  const value = async () => (await page.context().cookies(closed.url)).find((cookie) => cookie.name === name)?.value;
  await page.context().addCookies([{ name, value: 'chosen-by-the-attacker', url: closed.url }]);
  expect((await closed.ask(`${name}=chosen-by-the-attacker`, 'GET', '/api/user')).status).toBe(401);
  const enterByPage = async () => {
    await page.goto(`${closed.url}/login?redirectTo=%2Fprofile`, { waitUntil: 'commit' });
    await page.getByLabel('Login or email').fill('fixed');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('html[data-awake]').waitFor();
  };
  await enterByPage();
  const first = await value();
  expect(first).toBeTruthy();
  expect(first).not.toBe('chosen-by-the-attacker');
  expect((await closed.ask(`${name}=chosen-by-the-attacker`, 'GET', '/api/user')).status).toBe(401);
  expect((await closed.ask(`${name}=${first}`, 'GET', '/api/user')).status).toBe(200);
  // A session of somebody else that was planted ends with the login of the one who got it.
  const planted = await closed.logIn('fixed');
  await page.context().clearCookies();
  await enterWithout(page, planted);
  const words = { user: 'fixed', password: PASSWORD };
  const again = await page.request.post(`${closed.url}/login`, { data: words, headers: { 'sec-fetch-site': 'same-origin' } });
  expect(again.status()).toBe(200);
  expect(`${name}=${await value()}`).not.toBe(planted);
  expect((await closed.ask(planted, 'GET', '/api/user')).status).toBe(401);
  const cookie = (await page.context().cookies(closed.url)).find((one) => one.name === name)!;
  expect([cookie.httpOnly, cookie.sameSite]).toEqual([true, 'Lax']);
});

async function enterWithout(page: Page, cookie: string): Promise<void> {
  await enter(page, closed.url, cookie);
}

/** A request whose path goes out as it is written. */
function raw(url: string, method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.once('error', reject);
    request.end(body);
  });
}

test('no path leads to a file outside of what is served', async () => {
  const headers = { cookie: closed.admin };
  const get = (path: string) => raw(closed.url, 'GET', path, headers);
  expect((await get('/user/open.txt')).text).toBe('an open file\n');
  expect((await get('/style/main.css')).status).toBe(200);
  const file = join(closed.server.folder, 'known.yml');
  const known = await get(`/api/watchfire/rules/file?file=${encodeURIComponent(file)}&group=file&index=0`);
  expect(known.status, known.text).toBe(200);
  const ups = ['../', '..%2f', '%2e%2e/', '%2e%2e%2f', '..%5c', '....//', '%252e%252e%252f', '..;/', './../', '%c0%ae%c0%ae/'];
  for (const up of ups) {
    for (const base of ['/user/', '/style/', '/pkg/', '/studio/', '/forms/', '/editor/', '/']) {
      for (const [target, secret] of [
        [`${up}secret.txt`, 'the secret of the folder'],
        [`${up}${up}${up}${up}${up}${up}etc/passwd`, 'root:'],
        [`${up}data/metadata.db`, 'SQLite format'],
      ]) {
        const answer = await get(`${base}${target}`);
        expect(answer.text, `${base}${target}`).not.toContain(secret);
      }
    }
  }
  for (const path of ['/user//etc/passwd', '/user/%2fetc/passwd', '/user/open.txt%00.svg', '//etc/passwd']) {
    expect((await get(path)).text, path).not.toContain('root:');
  }
  const { folder } = closed.server;
  for (const wanted of ['/etc/passwd', `${folder}/secret.txt`, `${folder}/../../etc/passwd`, 'secret.txt', `${folder}/assets/../secret.txt`, `${folder}/known.yml/../secret.txt`, 'file:///etc/passwd']) {
    const answer = await get(`/api/watchfire/rules/file?file=${encodeURIComponent(wanted)}&group=file&index=0`);
    expect(answer.status, wanted).toBe(404);
    const written = await closed.ask(closed.admin, 'PUT', '/api/watchfire/rules/file', { file: wanted, group: 'file', rule: { kind: 'record', name: 'a:b', expr: '1', labels: {}, annotations: {} }, hash: '' });
    expect(written.status, `PUT ${wanted}`).toBeGreaterThanOrEqual(400);
  }
});

test('texts never become a part of a question to the database', async () => {
  await closed.addUser('literal', 'Viewer', "100%_' OR '1'='1");
  const sane = (await closed.ask(closed.admin, 'GET', '/api/users')).body.length;
  const evil = ["' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE users; --", '" OR ""="', "' UNION SELECT password_hash FROM users --", '\\', "\u0000'", '%', '_', '1; SELECT pg_sleep(9)'];
  for (const text of evil) {
    const coded = encodeURIComponent(text);
    for (const path of [
      `/api/users?query=${coded}`,
      `/api/users/search?query=${coded}`,
      `/api/users/lookup?loginOrEmail=${coded}`,
      `/api/users/${coded}`,
      `/api/teams/search?query=${coded}`,
      `/api/teams/${coded}`,
      `/api/serviceaccounts/search?query=${coded}`,
      `/api/search?query=${coded}&tag=${coded}&folderUIDs=${coded}&sort=${coded}`,
      `/api/dashboards/uid/${coded}`,
      `/api/folders/${coded}`,
      `/api/annotations?tags=${coded}&dashboardUID=${coded}`,
      `/api/watchfire/audit?actor=${coded}&action=${coded}&id=${coded}`,
      `/api/watchfire/rules/rule/${coded}`,
    ]) {
      const answer = await closed.ask(closed.admin, 'GET', path);
      expect(answer.status, path).toBeLessThan(500);
      expect(JSON.stringify(answer.body), path).not.toMatch(/sqlite|syntax error|\$argon2/i);
    }
    // Not even one of the wildcards finds anything but itself.
    const found = (await closed.ask(closed.admin, 'GET', `/api/users?query=${coded}`)).body;
    const names = Array.isArray(found) ? found.map((user: any) => user.login) : [];
    expect(names, text).toEqual(["' OR '1'='1", '%', '_'].includes(text) ? ['literal'] : []);
    for (const [user, password] of [
      [text, text],
      [`admin${text}`, 'x'],
      ['admin', text],
    ]) {
      const answer = await fetch(`${closed.url}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', 'x-forwarded-for': '1.2.3.4' },
        body: JSON.stringify({ user, password }),
      });
      expect([401, 429], `${user} ${password}`).toContain(answer.status);
    }
  }
  const dashboard = { uid: "x' OR '1'='1", title: 'Odd', panels: [] };
  expect((await closed.ask(closed.admin, 'POST', '/api/dashboards/db', { dashboard })).status).toBe(400);
  expect((await closed.ask(closed.admin, 'GET', '/api/users')).body.length).toBe(sane);
});

test('no address that somebody gives is ever asked by the server', async ({ page }) => {
  const canary = await elsewhere('canary');
  const there = `127.0.0.1:${canary.port}`;
  const url = `http://${there}/`;
  expect(await (await fetch(url)).text()).toBe('canary');
  expect(canary.asked.splice(0)).toEqual(['/']);
  const admin = closed.admin;
  // Data sources are not made by users; the one that there is leads to this server alone.
  for (const [method, path, body] of [
    ['POST', '/api/datasources', { name: 'x', type: 'prometheus', url, access: 'proxy' }],
    ['PUT', '/api/datasources/1', { url }],
    ['PUT', '/api/datasources/uid/watchfire', { url }],
    ['POST', '/api/alert-notifications', { type: 'webhook', settings: { url } }],
    ['POST', '/api/v1/provisioning/contact-points', { type: 'webhook', settings: { url } }],
    ['POST', '/api/snapshots', { external: true, url }],
    ['POST', '/api/gnet/dashboards/1860', undefined],
  ] as const) {
    const answer = await closed.ask(admin, method, path, body);
    expect([403, 404, 405], `${method} ${path}`).toContain(answer.status);
  }
  const coded = encodeURIComponent(url);
  for (const path of [
    `/api/datasources/proxy/uid/watchfire/${url}`,
    `/api/datasources/proxy/uid/watchfire/${coded}`,
    `/api/datasources/proxy/uid/watchfire//${there}/`,
    `/api/datasources/proxy/uid/watchfire/api/v1/..%2f..%2f..%2f${coded}`,
    `/api/datasources/proxy/1/@${there}/api/v1/query?query=1`,
    `/api/datasources/uid/watchfire/resources/${coded}`,
    `/api/gnet/dashboards/${coded}`,
  ]) {
    const answer = await raw(closed.url, 'GET', path, { cookie: admin });
    expect(answer.text, path).not.toContain('canary');
  }
  await closed.ask(admin, 'POST', '/api/ds/query', { from: 'now-5m', to: 'now', queries: [{ refId: 'A', expr: '1', datasource: { uid: url, type: 'prometheus', url }, url }] });
  await closed.ask(admin, 'POST', '/api/dashboards/import', { dashboard: { title: 'From there', panels: [] }, url, path: url });
  const config = `scrape_configs: [{job_name: a, static_configs: [{targets: ['${there}']}], http_sd_configs: [{url: '${url}'}]}]\nremote_write: [{url: '${url}'}]\n`;
  await fetch(`${closed.url}/api/watchfire/config/check`, { method: 'POST', headers: { cookie: admin, 'sec-fetch-site': 'same-origin' }, body: config });
  const rule = { kind: 'alert', name: 'A', expr: 'vector(1)', labels: {}, annotations: { a: `{{ query "${url}" }}`, b: `{{ template "${url}" }}`, runbook_url: url } };
  await closed.ask(admin, 'POST', '/api/watchfire/rules/preview', { rule });
  await closed.ask(admin, 'POST', '/api/watchfire/rules/rule', { group: 'canary', rule: { ...rule, annotations: { runbook_url: url } } });
  // Nor by the browser of whoever looks at a dashboard.
  const content = `![picture](${url}markdown.png) <img src="${url}html.png"><link rel=stylesheet href="${url}a.css">`;
  const panels = ['markdown', 'html'].map((mode, id) => ({ id, type: 'text', title: mode, gridPos: { x: 0, y: id * 8, w: 24, h: 8 }, options: { mode, content } }));
  const saved = await closed.ask(admin, 'POST', '/api/dashboards/db', { dashboard: { title: 'Pictures', panels } });
  await enter(page, closed.url, admin);
  await page.goto(`${closed.url}${saved.body.url}`);
  await expect(page.getByText('picture').first()).toBeAttached();
  await page.goto(`${closed.url}/alerts`);
  expect(canary.asked).toEqual([]);
  canary.server.close();
});
