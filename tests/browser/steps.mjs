// What is done on a page before it is looked at: opening what has no address, sending a form that is refused or that
// answers with what is shown once.

// Files are listed once for all appearances.
export async function listedFiles(page) {
  const ask = page.getByRole("button", { name: "List the files" });
  if (await ask.count()) await ask.click();
  await page.locator("#files .path").waitFor();
}

export async function refusedSetup(page) {
  await page.getByLabel("Username").fill("Wrong Name");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByLabel("Password again").fill("other");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("alert").waitFor();
}

export async function refusedSignIn(page) {
  await page.getByLabel("Username").fill("nobody");
  await page.getByLabel("Password").fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
}

export async function begunFactor(page) {
  await page.getByRole("button", { name: "Set up second factor" }).click();
  await page.getByRole("dialog").locator("svg.qr").waitFor();
}

export async function madeLink(page) {
  await page.getByRole("dialog").getByRole("button", { name: "Make recovery link" }).click();
  await page.locator("#link").waitFor();
}

export async function refusedRepository(page) {
  await page.getByLabel("Name", { exact: true }).fill("Checkout API");
  await page.getByRole("dialog").getByRole("button", { name: "Create repository" }).click();
  await page.getByRole("alert").waitFor();
}

export async function refusedMember(page) {
  await page.getByLabel("Add a user or robot account").fill("nobody-here");
  await page.getByRole("button", { name: "Add member" }).click();
  await page.getByRole("alert").waitFor();
}

export async function askedForCode(page) {
  await page.getByLabel("Username").fill("fay");
  await page.getByLabel("Password").fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Code").waitFor();
}

export async function refusedCode(page) {
  await askedForCode(page);
  await page.getByLabel("Code").fill("no-such-code");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
}

export async function refusedNewcomer(page) {
  await page.getByLabel("Username").fill("newcomer");
  await page.getByLabel("New password", { exact: true }).fill("long enough");
  await page.getByLabel("New password again").fill("something else");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("alert").waitFor();
}

export async function refusedPassword(page) {
  await page.getByLabel("New password", { exact: true }).fill("long enough");
  await page.getByLabel("New password again").fill("something else");
  await page.getByRole("button", { name: "Set password" }).click();
  await page.getByRole("alert").waitFor();
}

export async function madeCodes(page) {
  await page.getByRole("dialog").getByRole("button", { name: "New recovery codes" }).click();
  await page.locator("#recovery-codes").waitFor();
}

export async function madeToken(page) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("build server");
  await dialog.getByRole("checkbox").first().check();
  await dialog.getByRole("button", { name: "Make token" }).click();
  await page.locator("#token").waitFor();
}

export async function generatedToken(page, name = "Wall screen") {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Token name").fill(name);
  await dialog.getByRole("checkbox").first().check();
  await dialog.getByRole("button", { name: "Generate token" }).click();
  await dialog.locator("code.secret").waitFor();
}

export async function revokingToken(page) {
  await generatedToken(page, "Lost screen");
  await page.getByRole("dialog").getByRole("link", { name: "API access tokens" }).click();
  await page.getByRole("link", { name: "Revoke token Lost screen" }).first().click();
  await page.locator("#revoke-token").waitFor();
}

export async function refusedUser(page) {
  await newUser(page, "Not A Name");
  await page.getByRole("alert").waitFor();
}

export async function madeUser(page) {
  await newUser(page, "newcomer");
  await page.getByRole("dialog").locator("#password").waitFor();
}

async function newUser(page, name) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("User name").fill(name);
  await dialog.getByRole("button", { name: "Create user" }).click();
}

// Only who is more than an ordinary user can be made one.
export async function makingOrdinary(page) {
  await page.getByRole("dialog").getByRole("button", { name: "Make superuser" }).click();
  await page.getByText("paul is a superuser now").waitFor();
  await page.goto("/administration/users?dialog=plain&user=paul");
  await page.getByRole("dialog").getByRole("button", { name: "Make an ordinary user" }).waitFor();
}

export async function restoring(page) {
  await page.getByRole("link", { name: "Restore former" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).waitFor();
}

/// The one menu of all rows, about one of them.
export async function openedTagMenu(page) {
  await page.getByRole("button", { name: "Actions for tag stable" }).click();
  await page.locator('#tag-menu a[href$="dialog=delete&tag=stable"]').waitFor();
}
