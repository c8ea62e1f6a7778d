// A registry that people have used, made through its own doors in a few seconds.
//
// Answers what pages are about: `people`, `application`, `tokens` and `rule` by their ids, and in `images` the descriptors
// of what was pushed. It keeps to this order: what comes later refers to what is there.

import { Registry } from "./lib/registry.mjs";
import { ADMIN } from "./lib/server.mjs";

const PASSWORD = "correct horse battery";
const PEOPLE = ["rita", "ada", "carol", "dave", "erin", "fay", "gus", "ivan"];
export const LONG = "a-name-that-is-as-long-as-names-may-well-become-in-a-company-with-many-departments";

const OS = 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.0\nPRETTY_NAME="Alpine Linux v3.21"\n';
const PACKAGES = "P:musl\nV:1.2.5-r8\nA:x86_64\nL:MIT\n\nP:busybox\nV:1.37.0-r9\nA:x86_64\nL:GPL-2.0-only\n\nP:openssl\nV:3.3.2-r4\nA:x86_64\nL:Apache-2.0\n\n";
const BASE = { "etc/os-release": OS, "lib/apk/db/installed": PACKAGES, "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n" };
const application = (version) => ({ "srv/app/version": `${version}\n`, "srv/app/index.html": `<h1>Version ${version}</h1>\n`.repeat(200) });

export async function seed(server) {
  const people = { olivia: ADMIN };
  await Promise.all(PEOPLE.map(async (name) => (people[name] = await user(server.admin, name))));
  const ada = server.admin.as(people.ada);
  await organization(ada);
  await Promise.all([teams(ada, (name) => server.admin.as(people[name])), robots(ada), repositories(ada)]);
  const [images, application, tokens] = await Promise.all([push(server, people), applications(ada), tokensOf(server.admin.as(people.carol))]);
  const [rule] = await Promise.all([permissions(ada), decorate(ada, images), everybody(server, people)]);
  return { people, images, application, tokens, rule };
}

async function user(admin, username) {
  await admin.post("superuser/users/", { username, email: `${username}@example.test` });
  await admin.put(`superuser/users/${username}`, { password: PASSWORD });
  return { name: username, password: PASSWORD };
}

async function organization(ada) {
  await ada.post("organization/", { name: "acme", email: "acme@example.test" });
  await ada.post("organization/", { name: "empty" });
}

/// People are asked before they belong to a team: `carol` and `dave` say yes, `ivan` has not answered.
async function teams(ada, as) {
  for (const [name, role, description] of [["ops", "admin", "Runs what others build."], ["builders", "creator", "Build pipelines of every product."], ["readers", "member", ""]]) {
    await ada.put(`organization/acme/team/${name}`, { role, description });
  }
  await ada.put("organization/acme/team/builders/members/carol");
  await ada.put("organization/acme/team/readers/members/dave");
  await ada.put("organization/acme/team/builders/members/ivan");
  for (const name of ["carol", "dave"]) {
    const { invitations } = await as(name).get("user/invitations");
    for (const { code } of invitations) await as(name).put(`teaminvite/${code}`);
  }
}

async function robots(ada) {
  for (const [name, description] of [["deploy", "Pulls into the clusters"], ["ci", "Pushes from the pipeline"], ["mirror", ""]]) {
    await ada.put(`organization/acme/robots/${name}`, { description });
  }
}

async function repositories(ada) {
  const make = (repository, visibility, description = "") =>
    ada.post("repository", { namespace: "acme", repository, visibility, description });
  await make("web", "public", "# The web site\n\nServes **everything** that people see.\n\n```sh\ndocker run -p 8080:80 acme/web\n```\n\n| Tag | What |\n|---|---|\n| `latest` | newest |\n");
  await make("worker", "private", "Does what takes long.");
  await make(`tools/${LONG}`, "private");
  await make("unused", "private");
  for (let number = 0; number < 30; number++) await make(`services/service-${String(number).padStart(2, "0")}`, number % 3 ? "private" : "public");
}

/// Tags with history, an index for two architectures with a signature and an inventory, and a tag that was deleted.
async function push(server, people) {
  const registry = new Registry(server.url, people.ada);
  const web = (tag, version, more = {}) =>
    registry.image("acme/web", tag, { layers: [BASE, application(version)], labels: { "org.opencontainers.image.version": version }, ...more });
  const first = await web("1.0.0", "1.0.0", { created: "2026-09-01T08:00:00Z" });
  await web("latest", "1.0.0", { created: "2026-09-01T08:00:00Z" });
  const second = await web("1.1.0", "1.1.0");
  await web("latest", "1.1.0");
  for (let number = 0; number < 25; number++) await web(`build-${number}`, `1.1.${number}`);
  const architectures = [await web(null, "2.0.0"), await web(null, "2.0.0", { architecture: "arm64" })];
  const index = await registry.index("acme/web", "2.0.0", architectures);
  await registry.index("acme/web", "latest", architectures);
  await registry.sign("acme/web", index);
  await registry.referrer("acme/web", index, "application/spdx+json", JSON.stringify({ spdxVersion: "SPDX-2.3", name: "acme/web" }));
  await registry.image("acme/worker", "v1", { layers: [BASE, application("worker")] });
  await registry.image(`acme/tools/${LONG}`, LONG, { layers: [BASE] });
  await new Registry(server.url, people.carol).image("carol/notes", "v1", { layers: [BASE] });
  return { first, second, index, architectures };
}

async function applications(ada) {
  const redirect_uri = "http://localhost:8000/callback";
  const made = await ada.post("organization/acme/applications", { name: "Deploy board", redirect_uri, application_uri: "https://board.example.test/", description: "Shows what runs where." });
  return { ...made, redirect_uri };
}

async function tokensOf(carol) {
  const application = await carol.post("user/apptoken", { title: "laptop" });
  const personal = await carol.post("user/tokens", { name: "script", scopes: ["repo:read"] });
  return { application: application.token.uuid, personal: personal.token.uuid };
}

async function permissions(ada) {
  await ada.put("repository/acme/web/permissions/user/acme+deploy", { role: "read" });
  await ada.put("repository/acme/web/permissions/user/acme+ci", { role: "write" });
  await ada.put("repository/acme/web/permissions/team/builders", { role: "write" });
  await ada.put("repository/acme/worker/permissions/user/dave", { role: "read" });
  const { id } = await ada.post("organization/acme/prototypes", { role: "read", delegate: { kind: "team", name: "readers" } });
  await ada.post("organization/acme/prototypes", { role: "write", delegate: { kind: "user", name: "acme+ci" }, activating_user: { name: "carol" } });
  return id;
}

/// Labels, tags that end, that moved back and that are gone.
async function decorate(ada, { first, second }) {
  const web = "repository/acme/web";
  await ada.post(`${web}/manifest/${second.digest}/labels`, { key: "stage", value: "production", media_type: "text/plain" });
  await ada.post(`${web}/manifest/${second.digest}/labels`, { key: "ticket", value: "https://tickets.example.test/4711", media_type: "text/plain" });
  await ada.put(`${web}/tag/stable`, { manifest_digest: first.digest });
  await ada.put(`${web}/tag/stable`, { manifest_digest: second.digest });
  await ada.post(`${web}/tag/stable/restore`, { manifest_digest: first.digest });
  await ada.put(`${web}/tag/build-3`, { expiration: Math.floor(Date.now() / 1000) + 7 * 86_400 });
  await ada.delete(`${web}/tag/build-1`);
  await ada.delete(`${web}/tag/build-2`);
}

async function everybody(server, people) {
  const carol = server.admin.as(people.carol);
  await carol.post("user/starred", { namespace: "acme", repository: "web" });
  await server.admin.post("messages", { message: { content: "Maintenance on **Sunday**, 06:00 to 07:00 UTC", media_type: "text/markdown", severity: "info" } });
  for (const username of ["former", "nora", "paul"]) {
    await server.admin.post("superuser/users/", { username, email: `${username}@example.test` });
  }
  await server.admin.delete("superuser/users/former");
  await server.admin.put("superuser/users/nora", { enabled: false });
  const registry = new Registry(server.url, people.carol);
  for (let pulls = 0; pulls < 5; pulls++) await registry.pull("acme/web", "latest");
}
