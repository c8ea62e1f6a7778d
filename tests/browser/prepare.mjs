// What people have that only pages give, made after `seed.mjs`: second factors, what an application may do, and links.

import { codeOf } from "./lib/totp.mjs";

/// People who sign in with a code; one of them makes new recovery codes, the other is only looked at.
export const WITH_FACTOR = ["fay", "gus"];

/// `open(name)` answers a page of somebody who is signed in. Answers more of what pages are about.
export async function prepare(server, facts, open) {
  const factors = WITH_FACTOR.map(async (name) => switchOn(await open(name)));
  const [recovery] = await Promise.all([linkFor(server, "erin"), ...factors]);
  const ivan = server.admin.as(facts.people.ivan);
  const invitation = `/invitation/${(await ivan.get("user/invitations")).invitations[0].code}`;
  await allow(await open("ivan"), consent(facts));
  const grant = (await ivan.get("user/authorizations")).authorizations[0].uuid;
  return { recovery, invitation, grant };
}

/// Where an application asks to act for somebody.
export function consent({ application }) {
  const asked = { response_type: "token", client_id: application.client_id, redirect_uri: application.redirect_uri, scope: "repo:read user:admin" };
  return `/oauth/authorize?${new URLSearchParams(asked)}`;
}

async function linkFor(server, name) {
  const { pathname, search } = new URL((await server.admin.post(`superuser/users/${name}/recovery`)).url);
  return pathname + search;
}

async function switchOn(page) {
  await page.goto("/account?tab=security");
  await page.getByRole("button", { name: "Set up second factor" }).click();
  const dialog = page.getByRole("dialog");
  const secret = await dialog.getByRole("button", { name: "Copy key" }).getAttribute("data-copy");
  await dialog.getByLabel("Code that the app shows now").fill(codeOf(secret));
  await dialog.getByRole("button", { name: "Switch on" }).click();
  await page.locator("#recovery-codes").waitFor();
  await page.context().close();
}

// Without following the way to the application, which there is none of.
async function allow(page, path) {
  const form = await (await page.request.get(path)).text();
  const proof = /name="_csrf_token" value="([^"]+)"/.exec(form)[1];
  const asked = Object.fromEntries(new URLSearchParams(path.split("?")[1]));
  const answer = await page.request.post("/oauth/authorizeapp", { form: { ...asked, _csrf_token: proof }, maxRedirects: 0 });
  if (answer.status() !== 302) throw new Error(`authorizing the application: ${answer.status()}`);
  await page.context().close();
}
