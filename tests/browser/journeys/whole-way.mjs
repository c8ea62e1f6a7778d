// From an empty machine to a robot account whose next pull is refused, by somebody who has never seen it. The same steps
// with and without script: what differs is whether a new tag appears by itself and whether there is a button that copies.

import { contextOf, signIn } from "../lib/browser.mjs";
import { demand, same } from "../lib/check.mjs";
import { Refused, Registry } from "../lib/registry.mjs";
import { ADMIN } from "../lib/server.mjs";

export async function wholeWay(step, { browser, server, page, scripts }) {
  let robot;
  await step("the first administrator is made at the printed address", async () => {
    await page.goto(server.setupUrl);
    await page.getByLabel("Username").fill(ADMIN.name);
    await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.getByLabel("Password again").fill(ADMIN.password);
    await page.getByRole("button", { name: "Create administrator" }).click();
    await page.waitForURL("**/setup/done?*");
    await signIn(page, ADMIN);
  });

  await step("somebody else gets an account and signs in with the password that is shown once", async () => {
    await page.goto("/administration/users");
    await page.getByRole("link", { name: "Create user" }).click();
    await page.getByRole("dialog").getByLabel("User name").fill("mia");
    await page.getByRole("dialog").getByLabel("E-mail address").fill("mia@example.com");
    await page.getByRole("dialog").getByRole("button", { name: "Create user" }).click();
    const password = await page.getByRole("dialog").locator("#password").textContent();
    const hers = await (await contextOf(browser, server, { scripts })).newPage();
    await signIn(hers, { name: "mia", password });
    await hers.goto("/signin");
    await hers.getByText("mia").first().waitFor();
    await hers.context().close();
  });

  await step("an organization is created", async () => {
    await page.goto("/organization");
    await page.getByRole("link", { name: "Create organization" }).first().click();
    await page.getByLabel("Organization name").fill("harbour");
    await page.getByRole("dialog").getByRole("button", { name: "Create organization" }).click();
    await page.getByRole("heading", { level: 1, name: "harbour" }).waitFor();
  });

  await step("a team is created and gets a member", async () => {
    await page.getByRole("link", { name: "Teams and membership" }).click();
    await page.getByRole("link", { name: "Create team" }).first().click();
    await page.getByRole("dialog").getByLabel("Team name").fill("builders");
    await page.getByRole("dialog").getByRole("button", { name: "Create team" }).click();
    // Leaving at once would take the form back.
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.goto("/organization/harbour/teams/builders");
    await page.getByLabel("Add a user or robot account").fill("mia");
    await page.getByRole("button", { name: "Add member" }).click();
    await page.locator("tbody").getByText("mia").first().waitFor();
  });

  await step("a robot account is created and its docker login line copied", async () => {
    await page.goto("/organization/harbour?tab=robots");
    await page.getByRole("link", { name: "Create robot account" }).first().click();
    await page.getByRole("dialog").getByLabel("Name", { exact: false }).first().fill("ci");
    await page.getByRole("dialog").getByRole("button", { name: "Create robot account" }).click();
    await page.getByText("harbour+ci").first().waitFor();
    await page.goto("/organization/harbour?tab=robots&dialog=credentials&robot=harbour%2Bci&show=docker");
    const line = scripts ? await copied(page, server) : await loginLine(page).textContent();
    const found = line.match(/^echo (\S+) \| docker login -u '(harbour\+ci)' --password-stdin (\S+)$/);
    if (!found) throw new Error(`no name, token and host in: ${line}`);
    same(found[3], server.host, "the registry of the line");
    robot = { name: found[2], password: found[1] };
  });

  await step("a repository is created and the robot account may write to it", async () => {
    await page.goto("/repository?dialog=create&namespace=harbour");
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("crane");
    await page.getByRole("dialog").getByRole("button", { name: "Create repository" }).click();
    await page.getByRole("heading", { level: 1, name: "harbour/crane" }).waitFor();
    await page.goto("/repository/harbour/crane?tab=settings");
    await page.getByLabel("Add user, team or robot account").fill("harbour+ci");
    await page.locator("#add-permission").getByLabel("Permission").selectOption("write");
    await page.getByRole("button", { name: "Add permission" }).click();
    await page.locator("tbody").getByText("harbour+ci").waitFor();
  });

  const ci = () => new Registry(server.url, robot);
  await step(scripts ? "a pushed tag appears without reloading" : "a pushed tag is there", async () => {
    await page.goto("/repository/harbour/crane?tab=tags");
    await page.getByText("docker push").first().waitFor();
    await ci().image("harbour/crane", "1.0", { layers: [{ "etc/issue": "the first\n" }] });
    if (!scripts) await page.reload();
    await page.getByRole("link", { name: "1.0", exact: true }).waitFor({ timeout: 15_000 });
  });

  await step("an overwritten tag is restored", async () => {
    const before = await ci().pull("harbour/crane", "1.0");
    await ci().image("harbour/crane", "1.0", { layers: [{ "etc/issue": "the second\n" }] });
    await page.goto("/repository/harbour/crane?tab=history");
    await page.getByRole("button", { name: /^Restore to/ }).first().click();
    await page.getByText("was restored to").first().waitFor();
    same((await ci().pull("harbour/crane", "1.0")).config.digest, before.config.digest, "the image that the tag names");
  });

  await step("the robot account is deleted and its next pull refused", async () => {
    await page.goto("/organization/harbour?tab=robots&dialog=delete&robot=harbour%2Bci");
    await page.getByRole("dialog").getByRole("button", { name: "Delete robot account" }).click();
    await page.getByText("Robot account harbour+ci deleted").first().waitFor();
    const answer = await ci().pull("harbour/crane", "1.0").then(() => "pulled", (error) => error);
    demand(answer instanceof Refused && [401, 403].includes(answer.status), `the pull was not refused: ${answer}`);
  });
}

const loginLine = (page) => page.locator("code", { hasText: "docker login" }).first();

/// What is on the clipboard after the button beside the line was pressed.
async function copied(page, server) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
  const command = page.locator(".command", { has: loginLine(page) });
  await command.getByRole("button", { name: "Copy command" }).click();
  await command.locator("[data-copied]").waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}
