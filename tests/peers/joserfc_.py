"""Verifies the tokens of standard input with PyPI `joserfc`; prints what it read."""

import json
import os
import sys

sys.path.insert(0, os.environ["TENURE_PEERS"] + "/python")
from joserfc import jwk, jwt  # noqa: E402

answers = []
for case in json.load(sys.stdin):
    token = jwt.decode(case["token"], jwk.import_key(case["jwk"]), algorithms=[case["alg"]])
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": case["issuer"]},
        aud={"essential": True, "value": case["audience"]},
        client_id={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        jti={"essential": True},
    ).validate(token.claims)
    assert token.header["typ"] == "at+jwt", token.header
    answers.append({"alg": token.header["alg"], "exp": token.claims["exp"], "scope": token.claims["scope"]})
json.dump(answers, sys.stdout)
