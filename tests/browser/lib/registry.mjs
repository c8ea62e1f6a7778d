// A client of the registry by plain HTTP: pushes real images, indexes and what refers to them.

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

import { authorization } from "./api.mjs";

export const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const INDEX = "application/vnd.oci.image.index.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const EMPTY = Buffer.from("{}");

export const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/// The registry said no; `status` is how.
export class Refused extends Error {
  constructor(asked, { status }, text) {
    super(`${asked}: ${status}\n${text.slice(0, 400)}`);
    this.status = status;
  }
}

export class Registry {
  constructor(url, who) {
    this.url = url;
    this.who = who;
    this.tokens = new Map();
    this.sent = new Set();
  }

  /// Pushes an image whose layers are these lists of files, `{ path: text }`; answers its descriptor.
  async image(repository, tag, { layers, architecture = "amd64", created = "2026-11-01T08:00:00Z", labels = {}, command = ["/bin/sh"] }) {
    const tars = layers.map((files) => tar(files));
    const packed = await Promise.all(tars.map((bytes) => this.blob(repository, gzipSync(bytes), LAYER)));
    const config = {
      architecture, os: "linux", created,
      config: { Cmd: command, Env: ["PATH=/usr/local/bin:/usr/bin:/bin"], Labels: labels, WorkingDir: "/" },
      rootfs: { type: "layers", diff_ids: tars.map(digestOf) },
      history: layers.map((files, number) => ({ created, created_by: `COPY ${Object.keys(files).join(" ")} / # step ${number + 1}` })),
    };
    const described = await this.blob(repository, Buffer.from(JSON.stringify(config)), CONFIG);
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: described, layers: packed };
    const descriptor = await this.manifest(repository, tag, manifest);
    return { ...descriptor, platform: { architecture, os: "linux" } };
  }

  /// One name for several images that were pushed by digest.
  index(repository, tag, manifests) {
    return this.manifest(repository, tag, { schemaVersion: 2, mediaType: INDEX, manifests });
  }

  /// Something about an image: a signature, an inventory.
  async referrer(repository, subject, artifactType, text, annotations = {}) {
    const config = await this.blob(repository, EMPTY, "application/vnd.oci.empty.v1+json");
    const layer = await this.blob(repository, Buffer.from(text), artifactType);
    const { mediaType, digest, size } = subject;
    const manifest = {
      schemaVersion: 2, mediaType: MANIFEST, artifactType, config, layers: [layer], subject: { mediaType, digest, size }, annotations,
    };
    return this.manifest(repository, null, manifest);
  }

  /// As cosign keeps it: a signature refers to its image.
  sign(repository, subject) {
    const payload = { critical: { image: { "docker-manifest-digest": subject.digest }, type: "cosign container image signature" } };
    const annotations = { "dev.cosignproject.cosign/signature": Buffer.from(subject.digest).toString("base64") };
    return this.referrer(repository, subject, "application/vnd.dev.cosign.artifact.sig.v1+json", JSON.stringify(payload), annotations);
  }

  async blob(repository, bytes, mediaType) {
    const digest = digestOf(bytes);
    if (!this.sent.has(`${repository}@${digest}`)) {
      await this.#send("POST", repository, `blobs/uploads/?digest=${digest}`, bytes, "application/octet-stream");
      this.sent.add(`${repository}@${digest}`);
    }
    return { mediaType, digest, size: bytes.length };
  }

  /// Under a tag, or by its digest alone.
  async manifest(repository, tag, manifest) {
    const bytes = Buffer.from(JSON.stringify(manifest));
    const digest = digestOf(bytes);
    await this.#send("PUT", repository, `manifests/${tag ?? digest}`, bytes, manifest.mediaType);
    return { mediaType: manifest.mediaType, digest, size: bytes.length };
  }

  async pull(repository, reference) {
    const accept = { Accept: `${MANIFEST}, ${INDEX}` };
    return (await this.#ask("GET", repository, `manifests/${reference}`, { headers: accept })).json();
  }

  #send(method, repository, path, body, contentType) {
    return this.#ask(method, repository, path, { body, headers: { "Content-Type": contentType } });
  }

  async #ask(method, repository, path, { body, headers }) {
    const token = await this.#token(repository);
    const sent = { method, body, headers: { ...headers, Authorization: `Bearer ${token}` } };
    const answer = await fetch(`${this.url}/v2/${repository}/${path}`, sent);
    if (answer.ok) return answer;
    throw new Refused(`${method} ${repository}/${path}`, answer, await answer.text());
  }

  async #token(repository) {
    if (!this.tokens.has(repository)) {
      const query = new URLSearchParams({ service: new URL(this.url).host, scope: `repository:${repository}:pull,push` });
      const answer = await fetch(`${this.url}/v2/auth?${query}`, { headers: authorization(this.who) });
      if (!answer.ok) throw new Refused(`token for ${repository}`, answer, await answer.text());
      this.tokens.set(repository, (await answer.json()).token);
    }
    return this.tokens.get(repository);
  }
}

/// A tar archive of regular files with fixed times, so that equal files make equal layers.
export function tar(files) {
  const blocks = Object.entries(files).flatMap(([path, text]) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return [header(path, content.length), content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(path, size) {
  const octal = (number, length) => `${number.toString(8).padStart(length - 1, "0")}\0`;
  const head = Buffer.alloc(512);
  const fields = [[0, path], [100, octal(0o644, 8)], [108, octal(0, 8)], [116, octal(0, 8)], [124, octal(size, 12)],
    [136, octal(1_793_520_000, 12)], [148, "        "], [156, "0"], [257, "ustar\x0000"]];
  for (const [at, text] of fields) head.write(text, at, "latin1");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return head;
}
