"""The service against its own OpenAPI description, by schemathesis: whatever is sent, valid or not,
each answer has a status, media type and body that the description names, and none is a fault of
the service. Usage: described.py SCHEMATHESIS URL FOLDER"""

import os
import re
import subprocess
import sys

schemathesis, url, work = sys.argv[1:]
seed = os.environ.get("TASDIQ_TEST_SEED", "1")
examples = "200" if os.environ.get("TASDIQ_LONG") else "20"
checks = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
]
command = [
    schemathesis, "run", f"{url}/api/v1/openapi.json",
    "--phases", "examples,coverage,fuzzing", "--checks", ",".join(checks),
    "--max-examples", examples, "--seed", seed,
    # How fast it draws on a busy machine says nothing of the service.
    "--suppress-health-check", "all",
    "--no-color", "--warnings", "off", "--generation-database", "none",
]
done = subprocess.run(command, capture_output=True, text=True, cwd=work)
if done.returncode != 0:
    print(done.stdout, done.stderr, file=sys.stderr)
    sys.exit(1)
cases = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
if not cases:
    sys.exit(f"schemathesis said nothing of its cases:\n{done.stdout}")
operations = re.search(r"Tested: (\d+)", done.stdout)
print(f"   schemathesis: {cases[1]} requests to {operations[1]} operations keep to the description, seed {seed}")
