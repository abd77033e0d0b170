"""Witnesses and tools we did not write: aics-witness and our own witness cosign our log (a third one
is dead), aics-tlog checks the quorum; our witness follows a log made with Go's sumdb packages, and
catches its fork: `witness.py TASDIQ FOREIGN FOLDER`, FOREIGN being the Go program."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

tasdiq, foreign, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3]) / "witnesses"
folder.mkdir()
tools = Path(sys.executable).parent
services = []


def say(text):
    print(f"   {text}", flush=True)


def run(*command, code=0, **more):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode != code:
        sys.exit(f"{command}: {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout


def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(url, *command):
    """Starts a service and waits until it answers anything at all."""
    services.append(subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL))
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"{command}: does not answer")


def get(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read().decode()


def vkey_in(text):
    return re.search(r"\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", text)[0]


def main():
    # Our ledger, and its log key.
    ours, own, theirs, ledger = (port() for _ in range(4))
    data = folder / "ledger"
    run(tasdiq, "init", "--data", data, "--host", f"127.0.0.1:{ledger}", "--name",
        "Autorité fictive")
    log = json.loads((data / "ledger.json").read_text())["logKey"]
    origin = log.split("+")[0]
    # aics-witness.
    config = folder / "aics.json"
    told = run(tools / "aics-witness", "init", "-c", config, "--name", "aics.example/w", "--listen",
               f"127.0.0.1:{theirs}")
    aics = vkey_in(told)
    run(tools / "aics-witness", "add-log", "-c", config, "--origin", origin, "--vkey", log)
    start(f"http://127.0.0.1:{theirs}/", tools / "aics-witness", "serve", "-c", config)
    # Our own witness, elsewhere.
    place = ["--data", folder / "own"]
    own_key = vkey_in(run(tasdiq, "witness", "init", *place, "--name", "own.example/w"))
    run(tasdiq, "witness", "add-log", *place, log)
    start(f"http://127.0.0.1:{own}/", tasdiq, "witness", "serve", *place, "--listen",
          f"127.0.0.1:{own}")
    dead = vkey_in(run(tasdiq, "witness", "init", "--data", folder / "dead", "--name",
                       "dead.example/w"))
    policy = folder / "policy"
    policy.write_text(f"log {log}\n"
                      f"witness aics {aics} http://127.0.0.1:{theirs}\n"
                      f"witness own {own_key} http://127.0.0.1:{own}\n"
                      f"witness dead {dead} http://127.0.0.1:{ours}\n"
                      "group two 2 aics own dead\nquorum two\n")
    url = f"http://127.0.0.1:{ledger}"
    start(f"{url}/healthz", tasdiq, "serve", "--data", data, "--listen", f"127.0.0.1:{ledger}",
          "--witness-policy", policy)
    for _ in range(150):
        state = json.loads(get(f"{url}/api/v1/witnesses"))
        if state["quorum"]["met"]:
            break
        time.sleep(0.1)
    assert state["quorum"]["met"] and state["quorum"]["missing"] == ["dead"], state
    (folder / "checkpoint").write_text(get(f"{url}/log/checkpoint"))
    (folder / "log.vkey").write_text(log + "\n")
    check = [tools / "aics-tlog", "verify-checkpoint", "--note", folder / "checkpoint",
             "--vkey-file", folder / "log.vkey", "--origin", origin, "--witness-key", aics,
             "--witness-key", own_key, "--max-age", "600", "--quorum"]
    run(*check, "2")
    assert subprocess.run([*map(str, check), "3"], capture_output=True).returncode != 0
    say("aics-witness and our witness cosign our log, a dead third one holds nothing up; "
        "aics-tlog finds a quorum of 2, none of 3")

    # A log by Go, followed by our witness.
    foreign_key = folder / "foreign.vkey"
    program = subprocess.Popen([foreign, foreign_key], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    while not (foreign_key.exists() and foreign_key.read_text().endswith("\n")):
        time.sleep(0.05)
    run(tasdiq, "witness", "add-log", *place, foreign_key.read_text().strip())
    said, _ = program.communicate(f"http://127.0.0.1:{own}\n", timeout=60)
    statuses = [int(line.split()[0]) for line in said.splitlines()]
    assert statuses == [200, 200, 409, 422, 422, 200], said
    assert "409 old 5 size 13: 13" in said, said
    shown = run(tasdiq, "witness", "show", *place, code=1)
    assert "EVIDENCE" in shown and "forked" in shown, shown
    evidence = json.loads(get(f"http://127.0.0.1:{own}/evidence"))
    assert len(evidence) == 2 and all(item["seen"] != item["shown"] for item in evidence), evidence
    say("our witness follows a log made by Go's sumdb from 5 to 13 to 20 entries and keeps "
        f"evidence of its fork: {evidence[0]['reason']}")


try:
    main()
finally:
    for service in services:
        service.terminate()
