"""Verifies the tokens of standard input with PyPI `pyjwt`; prints what it read."""

import json
import os
import sys

sys.path.insert(0, os.environ["TENURE_PEERS"] + "/python")
import jwt  # noqa: E402

answers = []
for case in json.load(sys.stdin):
    claims = jwt.decode(
        case["token"],
        jwt.PyJWK(case["jwk"], algorithm=case["alg"]).key,
        algorithms=[case["alg"]],
        audience=case["audience"],
        issuer=case["issuer"],
        options={"require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]},
    )
    header = jwt.get_unverified_header(case["token"])
    assert header["typ"] == "at+jwt", header
    answers.append({"alg": header["alg"], "exp": claims["exp"], "scope": claims["scope"]})
json.dump(answers, sys.stdout)
