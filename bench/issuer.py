"""A token service for the stand-in (RS256 with x5c, as distribution's `auth: token` takes it). It knows one
user and grants what is asked for; needs openssl."""
import base64
import hashlib
import http.server
import json
import os
import subprocess
import threading
import time
import urllib.parse

from servers import ADMIN, PASSWORD


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    def __init__(self, root, lifetime=300):
        os.makedirs(root)
        self.lifetime = lifetime
        self.key, self.cert = os.path.join(root, "key.pem"), os.path.join(root, "cert.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out", self.cert,
                        "-days", "2", "-subj", "/CN=bench"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        der = subprocess.run(["openssl", "x509", "-in", self.cert, "-outform", "DER"], check=True, capture_output=True).stdout
        self.head = b64(json.dumps({"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}).encode())
        issuer = self
        basic = "Basic " + base64.b64encode(f"{ADMIN}:{PASSWORD}".encode()).decode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.headers.get("Authorization") != basic:
                    self.send_error(401)
                    return
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                body = json.dumps({"token": issuer.sign(query.get("scope", [])), "expires_in": issuer.lifetime}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.realm = f"http://127.0.0.1:{self.http.server_address[1]}/token"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def sign(self, scopes):
        access = []
        for scope in " ".join(scopes).split():
            kind, rest = scope.split(":", 1)
            name, actions = rest.rsplit(":", 1)
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        now = int(time.time())
        # distribution accepts a token for a minute longer than it says: it is taken off here
        claims = {"iss": "bench", "sub": "bench", "aud": "bench", "exp": now + self.lifetime - 60, "nbf": now - 90, "iat": now,
                  "jti": hashlib.sha256(os.urandom(16)).hexdigest()[:16], "access": access}
        text = (self.head + "." + b64(json.dumps(claims).encode())).encode()
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text, check=True,
                                   capture_output=True).stdout
        return text.decode() + "." + b64(signature)

    def stop(self):
        self.http.shutdown()
        self.http.server_close()
