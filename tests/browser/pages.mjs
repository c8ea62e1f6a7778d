// Every page and dialog, to be looked at in every theme and at every width.
//
// A row: `name` (of the test and of its pictures), `actor`, `path` (from what `seed.mjs` made), and if need be `status`
// (200 if not said), `ready` (a selector that must be visible before anything is judged), `before` (what is done on the
// page first, such as opening a dialog or sending a form that is refused) and `only` (the names of the appearances it is
// shown in, for what is too long to be shown in all; see `lib/appearance.mjs`).
//
// Actors: `nobody`, and from the seed `olivia` (superuser), `rita` (read-only superuser), `ada` (owner of acme), `carol`
// (member of a team of acme), `erin` (new here, with nothing). `waiting` is nobody in front of a server that is not set up.

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

  { name: "api-docs", actor: "nobody", path: "/api/v1/docs", only: ["light.1280", "dark.1280", "light.360"] },
];

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
