import { faults } from '../harness/axe.ts';
import { expect, test } from '../harness/fixtures.ts';
import { ask, ClosedServer, enter, logInByPage, PASSWORD } from '../harness/people.ts';

let closed: ClosedServer;

// Many pages and calls each; on a busy machine each of them takes its time.
test.describe.configure({ timeout: 240_000 });
const cookies: Record<string, string> = {};

test.beforeAll(async () => {
  closed = await ClosedServer.start('global: { evaluation_interval: 200ms }\n');
  for (const [login, role] of [
    ['vi', 'Viewer'],
    ['ed', 'Editor'],
    ['ada', 'Admin'],
  ]) {
    await closed.addUser(login, role);
    cookies[login] = await closed.logIn(login);
  }
});

test.afterAll(async () => {
  await closed?.stop();
});

const ADMINISTRATION = ['/admin/users', '/admin/users/edit/1', '/org/teams', '/org/serviceaccounts', '/admin/audit'];

test('whoever is not logged in is led to the login and from there to where they wanted', async ({ page }) => {
  await page.goto(`${closed.url}/org/teams`, { waitUntil: 'commit' });
  await expect(page).toHaveURL(/\/login\?redirectTo=%2Forg%2Fteams/);
  await page.getByLabel('Login or email').fill('ada');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page.getByRole('alert')).toHaveText('Invalid username or password');
  await expect(page.getByLabel('Login or email')).toHaveValue('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
  await expect(page).toHaveURL(`${closed.url}/org/teams`);
  await expect(page.getByRole('heading', { name: 'Teams' })).toBeVisible();
  // And out again, by the menu.
  await page.locator('.top-bar__account-menu > summary').click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page).toHaveURL(/\/login$/);
  const answer = await page.request.get(`${closed.url}/api/user`);
  expect(answer.status()).toBe(401);
});

test('login page speaks Korean to whoever wants that', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 360, height: 720 } });
  const page = await context.newPage();
  await page.goto(`${closed.url}/login`);
  await expect(page.getByRole('button', { name: '로그인' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
  const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(wide).toBeLessThanOrEqual(shown);
  await context.close();
});

for (const [login, role] of [
  ['vi', 'Viewer'],
  ['ed', 'Editor'],
] as const) {
  test(`${role} sees words in place of the administration, and the API refuses too`, async ({ page }) => {
    await logInByPage(page, closed.url, login, PASSWORD);
    for (const path of ADMINISTRATION) {
      await page.goto(`${closed.url}${path}`);
      await expect(page.getByText('This page takes the role Admin.')).toBeVisible();
      await expect(page.getByText(`Your role is ${role}.`)).toBeVisible();
      await expect(page.getByRole('button', { name: /^New / })).toHaveCount(0);
    }
    await page.locator('.top-bar__account-menu > summary').click();
    await expect(page.getByRole('link', { name: 'Profile' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Audit log' })).toHaveCount(0);
    const own = (await closed.ask(cookies[login], 'GET', '/api/user')).body.id;
    for (const [method, call, body] of [
      ['GET', '/api/users', undefined],
      ['GET', '/api/users/search', undefined],
      ['POST', '/api/admin/users', { login: 'mine', password: PASSWORD, role: 'Admin' }],
      ['PATCH', `/api/org/users/${own}`, { role: 'Admin' }],
      ['PUT', `/api/admin/users/${own}/permissions`, { isGrafanaAdmin: true }],
      ['PUT', '/api/admin/users/1/password', { password: 'another password' }],
      ['DELETE', '/api/admin/users/1', undefined],
      ['POST', '/api/admin/users/1/logout', undefined],
      ['POST', '/api/teams', { name: 'mine' }],
      ['POST', '/api/serviceaccounts', { name: 'mine', role: 'Admin' }],
      ['GET', '/api/watchfire/audit', undefined],
      ['POST', '/-/reload', undefined],
    ] as const) {
      const answer = await closed.ask(cookies[login], method, call, body);
      expect(answer.status, `${login} ${method} ${call}`).toBe(403);
    }
    // Nobody makes themselves more than they are.
    await closed.ask(cookies[login], 'PUT', '/api/user', { name: login, role: 'Admin', isGrafanaAdmin: true });
    expect((await closed.ask(cookies[login], 'GET', '/api/user')).body.orgRole).toBe(role);
    const saved = await closed.ask(cookies[login], 'POST', '/api/dashboards/db', { dashboard: { title: `By ${login}`, panels: [] } });
    expect(saved.status).toBe(role === 'Editor' ? 200 : 403);
    await page.goto(`${closed.url}/dashboards`);
    const make = page.getByRole('button', { name: 'New dashboard' });
    await expect(page.locator('.shelf').or(page.getByText('There are no dashboards yet')).first()).toBeVisible();
    await expect(make).toHaveCount(role === 'Editor' ? 1 : 0);
  });
}

test('administrator makes a user, who logs in, changes the password, and is disabled and deleted', async ({ page, browser }) => {
  await enter(page, closed.url, cookies.ada);
  await page.goto(`${closed.url}/admin/users`);
  await page.getByRole('button', { name: 'New user' }).click();
  const dialog = page.getByRole('dialog', { name: 'New user' });
  await dialog.getByLabel('Login').fill('newcomer');
  await dialog.getByLabel('Name').fill('New Comer');
  await dialog.getByLabel('Password').fill('password');
  await dialog.getByLabel('Role').selectOption('Editor');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(dialog.locator('.form__error')).not.toBeEmpty();
  await dialog.getByLabel('Password').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page).toHaveURL(/\/admin\/users\/edit\/\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('newcomer');

  const theirs = await browser.newContext();
  const other = await theirs.newPage();
  const go = other.goto.bind(other);
  await go(`${closed.url}/login?redirectTo=%2Fprofile`);
  await other.getByLabel('Login or email').fill('newcomer');
  await other.getByLabel('Password').fill(PASSWORD);
  await other.getByRole('button', { name: 'Log in' }).click();
  const old = other.getByLabel('Password now');
  await expect(old).toBeVisible();
  await expect(other.getByText('this one')).toBeVisible();
  await old.fill('wrong one here');
  await other.getByLabel('New password', { exact: true }).fill('a better password');
  await other.getByLabel('New password again').fill('a better passwort');
  await other.getByRole('button', { name: 'Change password' }).click();
  await expect(other.getByText('The two new passwords differ.')).toBeVisible();
  await other.getByLabel('New password again').fill('a better password');
  await other.getByRole('button', { name: 'Change password' }).click();
  await expect(other.getByText('Invalid username or password')).toBeVisible();
  const elsewhere = await closed.logIn('newcomer');
  await old.fill(PASSWORD);
  await other.getByRole('button', { name: 'Change password' }).click();
  await expect(other.getByText('Saved.')).toBeVisible();
  expect((await closed.ask(elsewhere, 'GET', '/api/user')).status, 'other sessions end').toBe(401);
  await expect(closed.logIn('newcomer')).rejects.toThrow('401');
  await closed.logIn('newcomer', 'a better password');

  await page.reload();
  await page.getByRole('button', { name: 'Disable' }).click();
  const asked = page.getByRole('dialog', { name: 'Disable: newcomer' });
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('active', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Disable' }).click();
  await asked.getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByText('disabled', { exact: true })).toBeVisible();
  await expect(closed.logIn('newcomer', 'a better password')).rejects.toThrow('401');
  expect((await other.request.get(`${closed.url}/api/user`)).status()).toBe(401);
  await page.getByRole('button', { name: 'Delete user' }).click();
  await page.getByRole('dialog', { name: 'Delete user: newcomer' }).getByRole('button', { name: 'Delete user' }).click();
  await expect(page).toHaveURL(`${closed.url}/admin/users`);
  await expect(page.getByRole('link', { name: 'ada' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'newcomer' })).toHaveCount(0);
  await theirs.close();
});

test('the last administrator stays one', async ({ page }) => {
  await enter(page, closed.url, cookies.ada);
  const all = (await closed.ask(closed.admin, 'GET', '/api/users')).body;
  const admin = all.find((user: any) => user.login === 'admin').id;
  const ada = all.find((user: any) => user.login === 'ada').id;
  await page.goto(`${closed.url}/admin/users/edit/${admin}`);
  await page.getByRole('combobox', { name: 'Role' }).selectOption('Viewer');
  await page.getByRole('button', { name: 'Change role' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const refused = await closed.ask(cookies.ada, 'DELETE', `/api/admin/users/${ada}`);
  expect(refused.body.message).toContain('last administrator');
  const back = await closed.ask(cookies.ada, 'PATCH', `/api/org/users/${admin}`, { role: 'Admin' });
  expect(back.status).toBe(200);
  // Another role gives a session another token.
  closed.admin = await closed.logIn('admin', closed.adminPassword);
});

test('a team gets members, and what a folder grants it', async ({ page }) => {
  await enter(page, closed.url, cookies.ada);
  await page.goto(`${closed.url}/org/teams`);
  await page.getByRole('button', { name: 'New team' }).click();
  await page.getByRole('dialog', { name: 'New team' }).getByLabel('Name').fill('Night watch');
  await page.getByRole('dialog', { name: 'New team' }).getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('Nobody is in this team yet.')).toBeVisible();
  await page.getByLabel('Login or email').fill('nobody-like-that');
  await page.getByRole('button', { name: 'Add member' }).click();
  await expect(page.locator('.form__error')).toContainText('not found');
  await page.getByLabel('Login or email').fill('vi');
  await page.getByRole('button', { name: 'Add member' }).click();
  await expect(page.getByRole('link', { name: 'vi', exact: true })).toBeVisible();

  const folder = (await closed.ask(closed.admin, 'POST', '/api/folders', { title: 'Sealed' })).body.uid;
  const rule = { kind: 'alert', name: 'SealedAlert', expr: 'vector(1)', labels: {}, annotations: {} };
  const made = await closed.ask(closed.admin, 'POST', '/api/watchfire/rules/rule', { group: 'sealed', folder, rule });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const panel = { id: 1, type: 'text', title: 'SealedPanel', gridPos: { x: 0, y: 0, w: 8, h: 4 } };
  const dashboard = { uid: 'sealed', title: 'SealedBoard', panels: [panel] };
  expect((await closed.ask(closed.admin, 'POST', '/api/dashboards/db', { dashboard, folderUid: folder })).status).toBe(200);
  const sees = async (who: string) => {
    const [rules, alerts, list] = await Promise.all(
      ['/api/v1/rules', '/api/v1/alerts', '/api/watchfire/rules'].map(async (path) => JSON.stringify((await closed.ask(cookies[who], 'GET', path)).body)),
    );
    return [rules, alerts, list].map((text) => text.includes('SealedAlert'));
  };
  await expect.poll(() => sees('ed')).toEqual([true, true, true]);
  await expect.poll(() => sees('vi')).toEqual([true, true, true]);

  await page.goto(`${closed.url}/dashboards`);
  await page.getByRole('link', { name: 'Permissions of Sealed' }).click();
  await page.getByRole('button', { name: 'Remove Viewer' }).click();
  await page.getByRole('button', { name: 'Remove Editor' }).click();
  // Whoever made it manages it.
  await page.getByRole('button', { name: 'Remove admin' }).click();
  await expect(page.getByText('Nobody but administrators')).toBeVisible();
  await page.getByLabel('Kind').selectOption('team');
  await page.getByLabel('Who').fill('Night watch');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Team Night watch')).toBeVisible();

  // Its rules and alerts are seen by the team and administrators, in the API and in what the server renders.
  expect(await sees('vi')).toEqual([true, true, true]);
  expect(await sees('ada')).toEqual([true, true, true]);
  expect(await sees('ed')).toEqual([false, false, false]);
  const through = await closed.ask(cookies.ed, 'GET', '/api/datasources/proxy/uid/watchfire/api/v1/rules');
  expect(JSON.stringify(through.body)).not.toContain('SealedAlert');
  for (const path of ['/rules', '/alerts']) {
    const page = async (who: string) => (await closed.ask(cookies[who], 'GET', path)).body as string;
    expect(await page('vi'), path).toContain('SealedAlert');
    expect(await page('ed'), path).not.toContain('SealedAlert');
  }
  const board = async (who: string) => (await closed.ask(cookies[who], 'GET', '/d/sealed/sealed')).body as string;
  expect(await board('vi')).toContain('SealedPanel');
  expect(await board('ed')).not.toMatch(/SealedPanel|SealedBoard/);
  const entry = await closed.ask(cookies.ed, 'GET', `/api/folders/${folder}`);
  expect(entry.status).toBe(403);
  // An editor is told what it takes.
  await enter(page, closed.url, cookies.vi);
  await page.goto(`${closed.url}/dashboards/f/${folder}/permissions`);
  await expect(page.getByText('the permission to manage this folder')).toBeVisible();

  await enter(page, closed.url, cookies.ada);
  await page.goto(`${closed.url}/org/teams`);
  await page.getByRole('link', { name: 'Night watch' }).click();
  await page.getByRole('button', { name: 'Remove vi' }).click();
  await page.getByRole('dialog', { name: 'Remove from the team: vi' }).getByRole('button', { name: 'Remove from the team' }).click();
  await expect(page.getByText('Nobody is in this team yet.')).toBeVisible();
  expect(await sees('vi')).toEqual([false, false, false]);
  await page.getByRole('button', { name: 'Delete team' }).click();
  await page.getByRole('dialog', { name: 'Delete team: Night watch' }).getByRole('button', { name: 'Delete team' }).click();
  await expect(page.getByText('There is no such team')).toBeVisible();
});

test('a dashboard shows the permissions of its folder in its settings, and whoever manages it changes them there', async ({ page }) => {
  const folder = (await closed.ask(closed.admin, 'POST', '/api/folders', { title: 'Shown' })).body.uid;
  for (const [uid, folderUid] of [['shown', folder], ['loose', '']]) {
    const made = await closed.ask(closed.admin, 'POST', '/api/dashboards/db', { dashboard: { uid, title: uid, panels: [] }, folderUid });
    expect(made.status, JSON.stringify(made.body)).toBe(200);
  }
  await enter(page, closed.url, cookies.ada);
  await page.goto(`${closed.url}/d/shown/shown/settings/permissions?edit`);
  await expect(page.getByText('A dashboard has the permissions of its folder.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Permission of Viewer' }).selectOption('2');
  await page.locator('.board-settings__body').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  const lines = (await closed.ask(closed.admin, 'GET', '/api/dashboards/uid/shown/permissions')).body;
  expect(lines.find((line: { role?: string }) => line.role === 'Viewer').permission).toBe(2);
  await page.goto(`${closed.url}/d/loose/loose/settings/permissions?edit`);
  await expect(page.getByText('This dashboard is in no folder')).toBeVisible();
  // Somebody who may edit, but does not manage the folder, is told what it takes.
  await enter(page, closed.url, cookies.ed);
  await page.goto(`${closed.url}/d/shown/shown/settings/permissions?edit`);
  await expect(page.getByText('the permission to manage this folder')).toBeVisible();
});

test('a service account asks with a token that is shown once, until it is revoked', async ({ page }) => {
  await enter(page, closed.url, cookies.ada);
  await page.goto(`${closed.url}/org/serviceaccounts`);
  await page.getByRole('button', { name: 'New service account' }).click();
  const dialog = page.getByRole('dialog', { name: 'New service account' });
  await dialog.getByLabel('Name').fill('robot');
  await dialog.getByLabel('Role').selectOption('Editor');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('There are no tokens yet.')).toBeVisible();
  await page.getByRole('button', { name: 'New token' }).click();
  const making = page.getByRole('dialog', { name: 'New token' });
  await making.getByLabel('Name').fill('deploy');
  await making.getByLabel('Expires').selectOption('2592000');
  await making.getByRole('button', { name: 'Create' }).click();
  const token = (await page.locator('.people__key-line code').textContent())!;
  expect(token.length).toBeGreaterThan(20);
  const call = (method: string, path: string, body?: unknown) => ask(closed.url, { authorization: `Bearer ${token}` }, method, path, body);
  expect((await call('GET', '/api/v1/query?query=1')).status).toBe(200);
  expect((await call('POST', '/api/dashboards/db', { dashboard: { title: 'By robot', panels: [] } })).status).toBe(200);
  expect((await call('GET', '/api/users')).status).toBe(403);
  expect((await call('GET', '/api/user')).status).toBe(403);
  await page.reload();
  await expect(page.getByRole('rowheader', { name: 'deploy' })).toBeVisible();
  expect(await page.content()).not.toContain(token);
  const lists = await closed.ask(cookies.ada, 'GET', '/api/watchfire/audit?limit=500');
  expect(JSON.stringify(lists.body)).not.toContain(token);
  await page.getByRole('button', { name: 'Revoke deploy' }).click();
  await page.getByRole('dialog', { name: 'Revoke: deploy' }).getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('There are no tokens yet.')).toBeVisible();
  expect((await call('GET', '/api/v1/query?query=1')).status).toBe(401);
});

test('preferences hold in a browser that has none of its own, and sessions are ended from another', async ({ page, browser }) => {
  await enter(page, closed.url, await closed.logIn('ed'));
  await page.goto(`${closed.url}/profile`);
  await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
  await page.getByLabel('Time zone').selectOption('browser');
  const form = page.locator('section', { has: page.getByRole('heading', { name: 'Preferences' }) });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('Saved.')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const other = await browser.newContext({ colorScheme: 'light', userAgent: 'Mozilla/5.0 (X11; Linux) Firefox/140.0' });
  const there = await other.newPage();
  await there.goto(`${closed.url}/login?redirectTo=%2Fstatus`);
  await there.getByLabel('Login or email').fill('ed');
  await there.getByLabel('Password').fill(PASSWORD);
  await there.getByRole('button', { name: 'Log in' }).click();
  await expect(there.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await page.getByRole('button', { name: /End the session of Firefox, Linux/ }).click();
  await page.getByRole('dialog', { name: /^End: Firefox/ }).getByRole('button', { name: 'End' }).click();
  await expect(page.getByRole('button', { name: /End the session of Firefox, Linux/ })).toHaveCount(0);
  expect((await other.request.get(`${closed.url}/api/user`)).status()).toBe(401);
  expect((await page.request.get(`${closed.url}/api/user`)).status()).toBe(200);
  await other.close();
});

test('the audit log tells who did what, by filters and page by page', async ({ page }) => {
  const login = 'somebody-made-for-the-log';
  const id = await closed.addUser(login, 'Viewer');
  await closed.ask(closed.admin, 'DELETE', `/api/admin/users/${id}`);
  await enter(page, closed.url, cookies.ada);
  await page.goto(`${closed.url}/admin/audit`);
  await page.getByLabel('Action').selectOption('user.create');
  const made = page.locator('.people__entry', { hasText: login });
  await expect(made).toHaveCount(1);
  await expect(made).toContainText('admin');
  await expect(page.locator('.people__entry', { hasText: 'user.delete' })).toHaveCount(0);
  await page.getByLabel('What').fill(login);
  await page.getByLabel('What').press('Enter');
  await page.getByLabel('Action').selectOption('');
  await expect(page.locator('.people__entry')).toHaveCount(2);
  await page.getByLabel('Who').fill('nobody like that');
  await page.getByLabel('Who').press('Enter');
  await expect(page.getByText('Nothing of that kind was done')).toBeVisible();
  // More than a page of them.
  for (let n = 0; n < 60; n += 1) {
    await closed.ask(closed.admin, 'POST', '/api/teams', { name: `t${n}` });
    const team = (await closed.ask(closed.admin, 'GET', `/api/teams/search?name=t${n}`)).body.teams[0].id;
    await closed.ask(closed.admin, 'DELETE', `/api/teams/${team}`);
  }
  await page.reload();
  await expect(page.locator('.people__entry')).toHaveCount(100);
  await expect(page.getByRole('button', { name: 'Newer' })).toBeDisabled();
  await expect(page.locator('.people__entry').first()).toContainText('t59');
  await page.getByRole('button', { name: 'Older' }).click();
  await expect(page.locator('.people__entry').first()).not.toContainText('t59');
  await page.getByRole('button', { name: 'Newer' }).click();
  await expect(page.locator('.people__entry').first()).toContainText('t59');
});

test('on loopback without logins the pages say so, and behind a proxy the refusal says what to do', async ({ page, server }) => {
  await page.goto(`${server.url}/admin/users`);
  await expect(page.getByText('--auth.required')).toBeVisible();
  await page.goto(`${server.url}/dashboards`);
  await expect(page.getByRole('link', { name: 'No login is needed at this machine' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'New dashboard' })).toBeVisible();
  for (const headers of [{ 'x-forwarded-for': '10.0.0.7' }, { via: '1.1 proxy' }]) {
    const refused = await ask(server.url, headers as Record<string, string>, 'POST', '/api/folders', { title: 'By proxy' });
    expect(refused.status).toBe(401);
    expect(refused.body.message).toContain('--auth.required');
  }
  await page.goto(`${server.url}/login`, { waitUntil: 'commit' });
  await expect(page.getByRole('note')).toContainText('--auth.required');
});

for (const theme of ['light', 'dark'] as const) {
  test(`pages of people have no serious fault and fit a narrow screen in the ${theme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await enter(page, closed.url, await closed.logIn('ada'));
    const team = (await closed.ask(closed.admin, 'POST', '/api/teams', { name: `Team ${theme}` })).body.teamId;
    const ada = (await closed.ask(cookies.ada, 'GET', '/api/user')).body.id;
    await closed.ask(closed.admin, 'POST', `/api/teams/${team}/members`, { userId: ada });
    const account = (await closed.ask(closed.admin, 'POST', '/api/serviceaccounts', { name: `Robot ${theme}` })).body.id;
    await closed.ask(closed.admin, 'POST', `/api/serviceaccounts/${account}/tokens`, { name: 'one' });
    const folder = (await closed.ask(closed.admin, 'POST', '/api/folders', { title: `Folder ${theme}` })).body.uid;
    const pages = [
      '/profile',
      '/admin/users',
      `/admin/users/edit/${ada}`,
      '/org/teams',
      `/org/teams/edit/${team}`,
      '/org/serviceaccounts',
      `/org/serviceaccounts/${account}`,
      '/admin/audit',
      `/dashboards/f/${folder}/permissions`,
    ];
    for (const path of pages) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`${closed.url}${path}`);
      await expect(page.locator('.skeleton')).toHaveCount(0);
      expect.soft(await faults(page), `${path} in ${theme}`).toEqual([]);
      await page.setViewportSize({ width: 360, height: 760 });
      const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      expect.soft(wide, `${path} at 360`).toBeLessThanOrEqual(shown);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${closed.url}/admin/users`);
    await page.getByRole('button', { name: 'New user' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect.soft(await faults(page), `dialog in ${theme}`).toEqual([]);
    await page.context().clearCookies();
    await page.goto(`${closed.url}/login`, { waitUntil: 'commit' });
    await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
    expect.soft(await faults(page), `login in ${theme}`).toEqual([]);
  });
}
