// Servers of one's own: each on an empty folder and an empty database, gone when it is stopped.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

import { Api } from "./api.mjs";

const run = promisify(execFile);
const { PROGRAM, SCRATCH, POSTGRES } = process.env;
const running = new Set();
let count = 0;

export const ADMIN = { name: "olivia", password: "correct horse battery" };

/// Whether the tests run on PostgreSQL.
export const onPostgres = Boolean(POSTGRES);

export class Server {
  /// A server without users. `setupUrl` is what it printed for its first administrator.
  static async fresh(settings = {}) {
    const server = new Server();
    server.number = count++;
    server.folder = await mkdtemp(join(SCRATCH, "server-"));
    server.host = `127.0.0.1:${await freePort()}`;
    server.url = `http://${server.host}`;
    running.add(server);
    const own = { LISTEN: server.host, DATA_DIR: join(server.folder, "data"), ...(await server.#database()), ...settings };
    server.#start(Object.entries(own).map(([key, value]) => [`PIERHEAD_${key}`, value]));
    await server.#ready();
    return server;
  }

  /// A server with the superuser ADMIN.
  static async setUp(settings = {}) {
    const server = await Server.fresh(settings);
    const first = { username: ADMIN.name, password: ADMIN.password, email: "olivia@example.test", access_token: true };
    const made = await new Api(server.url).post("user/initialize", first);
    server.admin = new Api(server.url, { bearer: made.access_token });
    return server;
  }

  get setupUrl() {
    const printed = /Create the first administrator: (\S+)/.exec(this.output);
    if (!printed) throw new Error(`no set-up URL in what the server printed:\n${this.output}`);
    return printed[1];
  }

  async stop() {
    running.delete(this);
    if (this.process && this.process.exitCode === null) {
      const ended = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGTERM");
      const late = setTimeout(() => this.process.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(late);
    }
    if (this.database) await administrate(`DROP DATABASE IF EXISTS ${this.database} WITH (FORCE)`);
    await rm(this.folder, { recursive: true, force: true });
  }

  async #database() {
    if (!onPostgres) return {};
    this.database = `pierhead_browser_${process.pid}_${this.number}`;
    await administrate(`CREATE DATABASE ${this.database}`);
    return { DATABASE_URL: POSTGRES.replace(/\/postgres$/, `/${this.database}`) };
  }

  // An empty folder and a bare environment: nothing of the machine's may matter.
  #start(settings) {
    this.output = "";
    const environment = { PATH: process.env.PATH, HOME: this.folder, RUST_BACKTRACE: "1", ...Object.fromEntries(settings) };
    this.process = spawn(PROGRAM, { cwd: this.folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => (this.output += text));
    }
  }

  async #ready() {
    for (let tries = 0; tries < 300; tries++) {
      if (this.process.exitCode !== null) break;
      const answer = await fetch(`${this.url}/health/ready`).catch(() => null);
      if (answer?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the server did not become ready:\n${this.output.slice(-2000)}`);
  }
}

export async function stopAll() {
  await Promise.all([...running].map((server) => server.stop()));
}

async function administrate(statement) {
  await run("psql", ["-q", "-v", "ON_ERROR_STOP=1", POSTGRES, "-c", statement]);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
