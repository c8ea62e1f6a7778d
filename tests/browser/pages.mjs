// Every page and dialog, to be looked at in every theme and at every width.
//
// A row: `name` (of the test and of its pictures), `actor`, `path` (from what `seed.mjs` made), and if need be `status`
// (200 if not said), `ready` (a selector that must be visible before anything is judged), `before` (what is done on the
// page first, such as opening a dialog or sending a form that is refused) and `only` (the names of the appearances it is
// shown in, for what is too long to be shown in all; see `lib/appearance.mjs`).
//
// Actors: `nobody`, and from the seed `olivia` (superuser), `rita` (read-only superuser), `ada` (owner of acme), `carol`
// (member of a team of acme), `erin` (new here, with nothing). `waiting` is nobody in front of a server that is not set up.

import { LONG } from "./seed.mjs";

const consent = ({ application }) =>
  `/oauth/authorize?${new URLSearchParams({ response_type: "token", client_id: application.client_id, redirect_uri: application.redirect_uri, scope: "repo:read user:admin" })}`;

export const PAGES = [
  { name: "landing", actor: "nobody", path: "/" },
  { name: "landing-waiting", actor: "waiting", path: "/" },
  { name: "not-found", actor: "nobody", path: "/nothing/here", status: 404 },

  { name: "setup", actor: "waiting", path: ({ setup }) => setup },
  { name: "setup-refused", actor: "waiting", path: ({ setup }) => setup, before: refusedSetup },
  { name: "setup-wrong-word", actor: "waiting", path: "/setup?token=wrong", status: 403 },
  { name: "setup-over", actor: "nobody", path: "/setup", status: 409 },
  { name: "setup-done", actor: "nobody", path: "/setup/done?user=olivia" },

  { name: "sign-in", actor: "nobody", path: "/signin" },
  { name: "sign-in-refused", actor: "nobody", path: "/signin", before: refusedSignIn },
  { name: "signed-in", actor: "carol", path: "/signin" },

  { name: "oauth-consent", actor: "carol", path: consent },
  { name: "oauth-unknown", actor: "carol", path: "/oauth/authorize?response_type=token&client_id=NOTHERE&redirect_uri=http://localhost:8000/", status: 404 },
  { name: "oauth-localapp", actor: "nobody", path: "/oauth/localapp#access_token=abc&token_type=Bearer&state=x" },

  { name: "organizations", actor: "ada", path: "/organization" },
  { name: "organizations-none", actor: "erin", path: "/organization" },
  { name: "organization-create", actor: "ada", path: "/organization?dialog=create" },
  { name: "organization-repositories", actor: "ada", path: "/organization/acme" },
  { name: "organization-repositories-nothing-found", actor: "ada", path: "/organization/acme?q=nothing-like-this" },
  { name: "organization-empty", actor: "ada", path: "/organization/empty" },
  { name: "organization-public-part", actor: "nobody", path: "/organization/acme" },
  { name: "repository-create", actor: "ada", path: "/repository?dialog=create&namespace=acme" },
  { name: "repository-create-refused", actor: "ada", path: "/repository?dialog=create&namespace=acme", before: refusedRepository },
  { name: "repositories-publish", actor: "ada", path: "/organization/acme?dialog=publish&repository=web" },
  { name: "repositories-delete", actor: "ada", path: "/organization/acme?dialog=delete&repository=web" },
  { name: "user-repositories", actor: "erin", path: "/user/erin" },
  { name: "user-settings", actor: "erin", path: "/user/erin?tab=settings" },
  { name: "teams", actor: "ada", path: "/organization/acme?tab=teams" },
  { name: "teams-of-a-member", actor: "carol", path: "/organization/acme?tab=teams" },
  { name: "team-create", actor: "ada", path: "/organization/acme?tab=teams&dialog=create-team" },
  { name: "team-delete", actor: "ada", path: "/organization/acme?tab=teams&dialog=delete-team&team=builders" },
  { name: "members", actor: "ada", path: "/organization/acme?tab=teams&view=members" },
  { name: "member-remove", actor: "ada", path: "/organization/acme?tab=teams&view=members&dialog=remove-member&member=carol" },
  { name: "collaborators", actor: "ada", path: "/organization/acme?tab=teams&view=collaborators" },
  { name: "team", actor: "ada", path: "/organization/acme/teams/builders" },
  { name: "team-refused", actor: "ada", path: "/organization/acme/teams/builders", before: refusedMember },
  { name: "team-describe", actor: "ada", path: "/organization/acme/teams/builders?dialog=describe" },
  { name: "robots", actor: "ada", path: "/organization/acme?tab=robots" },
  { name: "robots-none", actor: "erin", path: "/user/erin?tab=robots" },
  { name: "robot-create", actor: "ada", path: "/organization/acme?tab=robots&dialog=create" },
  { name: "robot-credentials", actor: "ada", path: "/organization/acme?tab=robots&dialog=credentials&robot=acme%2Bci" },
  { name: "robot-credentials-kubernetes", actor: "ada", path: "/organization/acme?tab=robots&dialog=credentials&robot=acme%2Bci&show=kubernetes" },
  { name: "robot-credentials-hidden", actor: "rita", path: "/organization/acme?tab=robots&dialog=credentials&robot=acme%2Bci" },
  { name: "robot-permissions", actor: "ada", path: "/organization/acme?tab=robots&dialog=permissions&robot=acme%2Bci" },
  { name: "robot-federation", actor: "ada", path: "/organization/acme?tab=robots&dialog=federation&robot=acme%2Bci" },
  { name: "robot-delete", actor: "ada", path: "/organization/acme?tab=robots&dialog=delete&robot=acme%2Bci" },
  { name: "default-permissions", actor: "ada", path: "/organization/acme?tab=default-permissions" },
  { name: "default-permission-create", actor: "ada", path: "/organization/acme?tab=default-permissions&dialog=create" },
  { name: "default-permissions-apply", actor: "ada", path: "/organization/acme?tab=default-permissions&dialog=apply" },
  { name: "applications", actor: "ada", path: "/organization/acme?tab=applications" },
  { name: "application-create", actor: "ada", path: "/organization/acme?tab=applications&dialog=create" },
  { name: "application-settings", actor: "ada", path: managed("settings") },
  { name: "application-information", actor: "ada", path: managed("information") },
  { name: "application-generate", actor: "ada", path: managed("generate") },
  { name: "application-tokens", actor: "ada", path: managed("tokens") },
  { name: "logs", actor: "ada", path: "/organization/acme?tab=logs" },
  { name: "logs-nothing-found", actor: "ada", path: "/organization/acme?tab=logs&q=nothing-like-this" },
  { name: "logs-export", actor: "ada", path: "/organization/acme?tab=logs&dialog=export" },
  { name: "organization-settings", actor: "ada", path: "/organization/acme?tab=settings" },
  { name: "organization-settings-read-only", actor: "rita", path: "/organization/acme?tab=settings" },
  { name: "organization-delete", actor: "ada", path: "/organization/acme?tab=settings&dialog=delete" },

  { name: "home", actor: "carol", path: "/" },
  { name: "home-first-day", actor: "erin", path: "/" },
  { name: "repositories", actor: "ada", path: "/repository" },
  { name: "repositories-of-everybody", actor: "nobody", path: "/repository" },
  { name: "repositories-nothing-found", actor: "ada", path: "/repository?q=nothing-like-this" },
  { name: "search", actor: "ada", path: "/search?q=web" },
  { name: "search-nothing-found", actor: "ada", path: "/search?q=nothing-like-this" },
  { name: "repository-information", actor: "ada", path: "/repository/acme/web" },
  { name: "repository-describe", actor: "ada", path: "/repository/acme/web?dialog=description" },
  { name: "repository-tags", actor: "ada", path: "/repository/acme/web?tab=tags&signatures=on" },
  { name: "repository-tags-of-everybody", actor: "nobody", path: "/repository/acme/web?tab=tags" },
  { name: "repository-tags-open", actor: "ada", path: ({ index }) => `/repository/acme/web?tab=tags&open=${index ?? "multi"}` },
  { name: "repository-tags-nothing-found", actor: "ada", path: "/repository/acme/web?tab=tags&q=nothing-like-this" },
  { name: "repository-tags-wrong-expression", actor: "ada", path: "/repository/acme/web?tab=tags&q=%5B&regex=on" },
  { name: "tag-delete", actor: "ada", path: "/repository/acme/web?tab=tags&dialog=delete&tag=stable" },
  { name: "tag-expire", actor: "ada", path: "/repository/acme/web?tab=tags&dialog=expire&tag=stable" },
  { name: "tag-add", actor: "ada", path: "/repository/acme/web?tab=tags&dialog=add&tag=stable" },
  { name: "tag-labels", actor: "ada", path: "/repository/acme/web?tab=tags&dialog=labels&tag=stable" },
  { name: "tag-compare", actor: "ada", path: "/repository/acme/web?tab=tags&dialog=compare&tag=stable" },
  { name: "tag-details", actor: "ada", path: "/repository/acme/web/tag/1.1.0" },
  { name: "tag-of-everybody", actor: "nobody", path: "/repository/acme/web/tag/1.1.0" },
  { name: "tag-index", actor: "ada", path: "/repository/acme/web/tag/2.0.0" },
  { name: "tag-long-name", actor: "ada", path: `/repository/acme/tools/${LONG}/tag/${LONG}` },
  { name: "tag-layers", actor: "ada", path: "/repository/acme/web/tag/1.1.0?tab=layers" },
  { name: "tag-configuration", actor: "ada", path: "/repository/acme/web/tag/1.1.0?tab=configuration" },
  { name: "tag-referrers", actor: "ada", path: "/repository/acme/web/tag/2.0.0?tab=referrers" },
  { name: "tag-referrers-none", actor: "ada", path: "/repository/acme/web/tag/1.1.0?tab=referrers" },
  { name: "tag-manifest", actor: "ada", path: "/repository/acme/web/tag/2.0.0?tab=raw" },
  { name: "tag-files-not-listed", actor: "ada", path: "/repository/acme/worker/tag/v1?tab=files" },
  { name: "tag-files", actor: "ada", path: "/repository/acme/web/tag/1.1.0?tab=files&path=srv/app", before: listedFiles },
  { name: "tag-files-of-layer", actor: "ada", path: "/repository/acme/web/tag/1.1.0?tab=files&layer=2&view=layer&path=srv", before: listedFiles },
  { name: "tag-file", actor: "ada", path: "/repository/acme/web/tag/1.1.0?tab=files&path=etc/os-release&show=file", before: listedFiles },
  { name: "compare", actor: "ada", path: "/repository/acme/web/-/compare?from=1.0.0&to=1.1.0" },
  { name: "compare-choose", actor: "ada", path: "/repository/acme/web/-/compare?from=1.0.0" },
  { name: "compare-index", actor: "ada", path: "/repository/acme/web/-/compare?from=1.1.0&to=2.0.0" },
  { name: "compare-unknown", actor: "ada", path: "/repository/acme/web/-/compare?from=1.0.0&to=nothing", status: 404 },
  { name: "repository-history", actor: "ada", path: "/repository/acme/web?tab=history" },
  { name: "repository-history-nothing-found", actor: "ada", path: "/repository/acme/web?tab=history&q=nothing-like-this" },
  { name: "repository-logs", actor: "ada", path: "/repository/acme/web?tab=logs" },
  { name: "repository-settings", actor: "ada", path: "/repository/acme/web?tab=settings" },
  { name: "repository-settings-refused", actor: "carol", path: "/repository/acme/web?tab=settings", status: 403 },

  { name: "recovery", actor: "nobody", path: "/recovery" },
  { name: "recovery-over", actor: "nobody", path: "/recovery?code=phl_nothing", status: 404 },
  { name: "confirm", actor: "carol", path: "/signin/confirm?next=%2Faccount" },
  { name: "account-profile", actor: "carol", path: "/account" },
  { name: "account-sign-in", actor: "carol", path: "/account?tab=security" },
  { name: "account-password", actor: "carol", path: "/account?tab=security&dialog=password" },
  { name: "account-second-factor", actor: "erin", path: "/account?tab=security", before: begunFactor },
  { name: "account-sessions", actor: "carol", path: "/account?tab=sessions" },
  { name: "account-tokens", actor: "carol", path: "/account?tab=tokens" },
  { name: "account-token-application", actor: "carol", path: "/account?tab=tokens&dialog=application" },
  { name: "account-token-personal", actor: "carol", path: "/account?tab=tokens&dialog=personal" },
  { name: "account-applications", actor: "carol", path: "/account?tab=applications" },
  { name: "account-invitations", actor: "carol", path: "/account?tab=invitations" },
  { name: "account-preferences", actor: "carol", path: "/account?tab=preferences" },
  { name: "account-end", actor: "carol", path: "/account?tab=account" },
  { name: "account-convert", actor: "carol", path: "/account?tab=account&dialog=convert" },
  { name: "account-delete", actor: "carol", path: "/account?tab=account&dialog=delete" },

  { name: "admin-users", actor: "olivia", path: "/administration/users" },
  { name: "admin-users-read-only", actor: "rita", path: "/administration/users" },
  { name: "admin-users-nothing-found", actor: "olivia", path: "/administration/users?q=nothing-like-this" },
  { name: "admin-user-create", actor: "olivia", path: "/administration/users?dialog=create" },
  { name: "admin-user-recovery", actor: "olivia", path: "/administration/users?dialog=recovery&user=dave", before: madeLink },
  { name: "admin-user-delete", actor: "olivia", path: "/administration/users?dialog=deletion&user=ada" },
  { name: "admin-organizations", actor: "olivia", path: "/administration/organizations" },
  { name: "admin-organization-delete", actor: "olivia", path: "/administration/organizations?dialog=deletion&organization=acme" },
  { name: "admin-deleted", actor: "olivia", path: "/administration/organizations?tab=deleted" },
  { name: "admin-sessions", actor: "olivia", path: "/administration/sessions" },
  { name: "admin-jobs", actor: "olivia", path: "/administration/jobs" },
  { name: "admin-storage", actor: "olivia", path: "/administration/storage" },
  { name: "admin-logs", actor: "olivia", path: "/administration/logs" },
  { name: "admin-messages", actor: "olivia", path: "/administration/messages" },
  { name: "admin-message-create", actor: "olivia", path: "/administration/messages?dialog=create" },
  { name: "admin-health", actor: "olivia", path: "/administration/health" },
  { name: "admin-settings", actor: "olivia", path: "/administration/settings" },

  { name: "api-docs", actor: "nobody", path: "/api/v1/docs", only: ["light.1280", "dark.1280", "light.360"] },
];

function managed(view) {
  return ({ application }) => `/organization/acme?tab=applications&dialog=manage&client=${application.client_id}&view=${view}`;
}

// Files are listed once for all appearances.
async function listedFiles(page) {
  const ask = page.getByRole("button", { name: "List the files" });
  if (await ask.count()) await ask.click();
  await page.locator("#files .path").waitFor();
}

async function refusedSetup(page) {
  await page.getByLabel("Username").fill("Wrong Name");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Password again").fill("other");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("alert").waitFor();
}

async function refusedSignIn(page) {
  await page.getByLabel("Username").fill("nobody");
  await page.getByLabel("Password").fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
}

async function begunFactor(page) {
  await page.getByRole("button", { name: "Set up second factor" }).click();
  await page.getByRole("dialog").locator("svg.qr").waitFor();
}

async function madeLink(page) {
  await page.getByRole("dialog").getByRole("button", { name: "Make recovery link" }).click();
  await page.locator("#link").waitFor();
}

async function refusedRepository(page) {
  await page.getByLabel("Name", { exact: true }).fill("Checkout API");
  await page.getByRole("dialog").getByRole("button", { name: "Create repository" }).click();
  await page.getByRole("alert").waitFor();
}

async function refusedMember(page) {
  await page.getByLabel("Add a user or robot account").fill("nobody-here");
  await page.getByRole("button", { name: "Add member" }).click();
  await page.getByRole("alert").waitFor();
}
