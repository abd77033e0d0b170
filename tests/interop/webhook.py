"""A monitor tells a receiver of ours; its signature (Standard Webhooks 1.0.0, v1a) is verified by
the `cryptography` package, from the specification: `webhook.py TASDIQ URL FOLDER`."""

import base64
import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

tasdiq, url, work = sys.argv[1], sys.argv[2], Path(sys.argv[3])
requests = []


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        requests.append((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
hook = f"http://127.0.0.1:{server.server_address[1]}/hook"
root = json.loads(subprocess.run(["curl", "-fsS", f"{url}/trust"], check=True,
                                 capture_output=True).stdout)["root"]
# Every log is stalled for whom not even a second may pass.
done = subprocess.run(
    [tasdiq, "monitor", "--once", "--url", url, "--root", root, "--state", work / "hooked",
     "--watch", "party=certif-atlas", "--stall", "0", "--webhook", hook],
    capture_output=True, text=True)
assert done.returncode == 1, done.stdout + done.stderr
public = next(word for word in done.stderr.split() if word.startswith("whpk_"))
key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))

kinds = set()
for headers, body in requests:
    version, signature = headers["webhook-signature"].split(",", 1)
    signature = base64.b64decode(signature)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert version == "v1a" and len(body) < 20_000
    key.verify(signature, signed)
    try:
        key.verify(signature, signed.replace(b"stalled", b"fine", 1) + b" ")
        sys.exit("webhook: an altered body verifies")
    except InvalidSignature:
        pass
    kinds.add(json.loads(body)["type"])
assert {"log.stalled", "watch.party"} <= kinds, kinds
print(f"   cryptography: {len(requests)} webhooks of a monitor verify (v1a), altered ones do not")
