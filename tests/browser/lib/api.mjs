// The API, spoken by a user or a program.

export class Api {
  /// `who` is `{ name, password }`, `{ bearer }` or nobody.
  constructor(url, who = {}) {
    this.url = url;
    this.who = who;
  }

  as(who) {
    return new Api(this.url, who);
  }

  get(path) {
    return this.#ask("GET", path);
  }

  post(path, body = {}) {
    return this.#ask("POST", path, body);
  }

  put(path, body = {}) {
    return this.#ask("PUT", path, body);
  }

  delete(path) {
    return this.#ask("DELETE", path);
  }

  async #ask(method, path, body) {
    const headers = { ...authorization(this.who), ...(body === undefined ? {} : { "Content-Type": "application/json" }) };
    const answer = await fetch(`${this.url}/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}\n${text.slice(0, 400)}`);
    return answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  }
}

export function authorization({ name, password, bearer }) {
  if (bearer) return { Authorization: `Bearer ${bearer}` };
  if (name) return { Authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}` };
  return {};
}
