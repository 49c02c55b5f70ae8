"""From a profile and some values to a signed request, ready to send.

The text that is signed is every covered parameter as ``key`` + ``value``, sorted by key; profiles say
which digest is taken and whether the secret goes round the text. Published vectors are in the tests.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from xiezuo.base.clock import SHANGHAI
from xiezuo.fetch.platform.profile import PLACEHOLDER, Request, Signature, SignMethod

Value = str | int | None


@dataclass(frozen=True)
class Call:
    """One request as it goes out. Query and body hold tokens, so its repr does not show them."""

    verb: str
    url: str
    query: str = field(repr=False)
    body: bytes | None = field(repr=False)
    content_type: str | None


def sign(method: SignMethod, secret: str, parameters: Mapping[str, str]) -> str:
    """Return the signature of the parameters under a secret, as hexadecimal letters."""
    text = "".join(key + parameters[key] for key in sorted(parameters))
    if method.wrapped:
        text = secret + text + secret
    algorithm = method.digest.removeprefix("hmac-")
    if method.digest.startswith("hmac-"):
        digest = hmac.new(secret.encode(), text.encode(), algorithm).hexdigest()
    else:
        digest = hashlib.new(algorithm, text.encode()).hexdigest()
    return digest.upper() if method.letters == "upper" else digest


def build_call(
    base_url: str,
    request: Request,
    values: Mapping[str, Value],
    *,
    signature: Signature | None = None,
    secret: str = "",
) -> Call:
    """Fill a request's placeholders and sign it where a signature is asked for.

    A parameter whose value is ``None`` is left out. ``values["sign_method"]`` picks the method.
    """
    query = _filled(request.query, values)
    form = _filled(request.form, values)
    places = {"query": query, "form": form}
    packed = ""
    if request.packed:
        packed = _packed(request.packed.values, values)
        if request.packed.place != "body":
            places[request.packed.place][request.packed.parameter] = packed
    if signature:
        sent = query | form
        if request.packed:
            sent[request.packed.parameter] = packed
        covered = sent if signature.covers is None else {k: sent[k] for k in signature.covers if k in sent}
        method = signature.methods[str(values["sign_method"])]
        places[signature.place][signature.parameter] = sign(method, secret, covered)
    body, content_type = _body(request, form, packed)
    return Call(request.verb, base_url.rstrip("/") + request.path, urlencode(query), body, content_type)


def wire_time(moment: datetime, how: str, *, up: bool = False) -> str | int:
    """Write an instant as a platform wants it; ``up`` rounds a part of a second up, not down."""
    if up and moment.microsecond:
        moment += timedelta(seconds=1)
    whole = moment.replace(microsecond=0)
    return int(whole.timestamp()) if how == "epoch_seconds" else whole.astimezone(SHANGHAI).strftime(how)


def _body(request: Request, form: Mapping[str, str], packed: str) -> tuple[bytes | None, str | None]:
    if request.packed and request.packed.place == "body":
        return packed.encode(), "application/json;charset=UTF-8"
    if form:
        return urlencode(form).encode(), "application/x-www-form-urlencoded;charset=UTF-8"
    return None, None


def _packed(templates: Mapping[str, str], values: Mapping[str, Value]) -> str:
    filled = {key: _fill(text, values) for key, text in templates.items()}
    kept = {key: value for key, value in filled.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _filled(templates: Mapping[str, str], values: Mapping[str, Value]) -> dict[str, str]:
    filled = {key: _fill(text, values) for key, text in templates.items()}
    return {key: str(value) for key, value in filled.items() if value is not None}


def _fill(text: str, values: Mapping[str, Value]) -> Value:
    """A lone placeholder keeps its type (JSON numbers stay numbers)."""
    alone = PLACEHOLDER.fullmatch(text)
    if alone:
        return values.get(alone[1])
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1]) or ""), text)
