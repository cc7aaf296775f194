"""Signing in by a city's own sign-on: OpenID Connect, by authorization code with PKCE."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from authlib.oauth2 import OAuth2Client, OAuth2Error  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gisgov.errors import SignInRefused, SignOnRefused
from gisgov.secrecy import keep_secret, keep_secret_in
from gisgov.services.accounts.sessions import SESSION_LASTS, NewSession, open_session
from gisgov.services.accounts.sign_on_provider import Provider
from gisgov.store.database import Database
from gisgov.types import Json

_SCOPE: Final = "openid profile email"
_LEEWAY_S: Final = 60
_SIGNED_BY: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
"""Algorithms with a key that only the provider has; with the others whoever knows our secret could sign."""


@dataclass(frozen=True, slots=True)
class SignOn:
    """A sign-on as it is configured.

    Attributes
    ----------
    provider : Provider
        Who says who somebody is.
    client_id, client_secret : str
        How this service is known there; the secret is None where it has none.
    claim : str
        What it says that is the name of an account here.
    """

    provider: Provider
    client_id: str
    client_secret: str | None
    claim: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """A sign-on that has begun; the browser that began it keeps this, and no other can end it.

    Attributes
    ----------
    state : str
        Comes back with the answer.
    nonce : str
        Comes back in the token.
    verifier : str
        Proof of PKCE for the code.
    goes_to : str
        Where the browser wants to go in the end.
    """

    state: str
    nonce: str
    verifier: str
    goes_to: str

    def written(self) -> str:
        """Return it as a text."""
        return json.dumps([self.state, self.nonce, self.verifier, self.goes_to])

    @classmethod
    def read(cls, text: str) -> Beginning | None:
        """Return what a text says; None where it says nothing of the kind."""
        try:
            values = json.loads(text)
        except ValueError:
            return None
        is_one = isinstance(values, list) and len(values) == 4 and all(isinstance(one, str) for one in values)
        return cls(*values) if is_one else None


def begin_sign_on(sign_on: SignOn, *, comes_back_to: str, goes_to: str) -> tuple[str, Beginning]:
    """Begin to sign in.

    Parameters
    ----------
    sign_on : SignOn
        The sign-on.
    comes_back_to : str
        Address of this service that it sends the browser back to.
    goes_to : str
        Where the browser wants to go in the end.

    Returns
    -------
    tuple
        The address at the provider to send the browser to, and what the browser is to keep.

    Raises
    ------
    SignOnUnavailable
        The provider cannot be used.
    """
    beginning = Beginning(
        secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), goes_to
    )
    metadata = sign_on.provider.metadata()
    address, _ = _client(sign_on, metadata, comes_back_to).create_authorization_url(
        metadata["authorization_endpoint"],
        state=beginning.state,
        nonce=beginning.nonce,
        code_verifier=beginning.verifier,
    )
    return str(address), beginning


def finish_sign_on(
    database: Database,
    sign_on: SignOn,
    beginning: Beginning,
    answer: Json,
    *,
    comes_back_to: str,
    client: str,
    lasts: timedelta = SESSION_LASTS,
) -> NewSession:
    """Begin a session of whoever the provider says it is.

    Parameters
    ----------
    database : Database
        The service's, or in anybody's hands.
    sign_on : SignOn
        The sign-on.
    beginning : Beginning
        What the browser kept.
    answer : dict
        What the provider sent it back with: ``code``, ``state`` …
    comes_back_to : str
        As in `begin_sign_on`.
    client : str
        Address that asks.
    lasts : datetime.timedelta
        How long the session lasts at most.

    Raises
    ------
    SignOnRefused
        The answer is not to what this browser began, or not the provider's, or no account here is meant.
    SignOnUnavailable
        The provider cannot be used.
    """
    keep_secret(beginning.verifier, beginning.nonce, beginning.state, str(answer.get("code") or ""))
    metadata = sign_on.provider.metadata()
    _refuse_foreign(answer, beginning, metadata)
    token = _token(sign_on, metadata, beginning, answer["code"], comes_back_to)
    claims = _claims(sign_on, metadata, token, beginning.nonce)
    name = claims.get(sign_on.claim) or _told_on_asking(sign_on, metadata, token, claims["sub"])
    if not isinstance(name, str) or not name:
        raise _refused(f"the sign-on does not say the {sign_on.claim} of whoever signed in")
    try:
        return open_session(database, name, client=client, lasts=lasts)
    except SignInRefused as error:
        raise SignOnRefused(
            f"The single sign-on says {name[:200]!r}, and no person has an account of that name here, or it "
            "is disabled.",
            hint="Whoever manages accounts here can make one of that name.",
        ) from error


def _client(sign_on: SignOn, metadata: Json, comes_back_to: str) -> OAuth2Client:
    # without a word of the provider, it is basic (OpenID Connect Discovery 1.0, section 3)
    methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    return OAuth2Client(
        sign_on.provider,
        client_id=sign_on.client_id,
        client_secret=sign_on.client_secret,
        token_endpoint_auth_method=method if sign_on.client_secret else "none",
        scope=_SCOPE,
        redirect_uri=comes_back_to,
        code_challenge_method="S256",
    )


def _refuse_foreign(answer: Json, beginning: Beginning, metadata: Json) -> None:
    """Refuse an answer that is not one to what this browser began, or comes from another provider."""
    if not hmac.compare_digest(str(answer.get("state") or "").encode(), beginning.state.encode()):
        raise _refused("this browser did not begin it, or began another one since")
    issuer = answer.get("iss")
    is_told = bool(metadata.get("authorization_response_iss_parameter_supported"))
    if issuer != metadata["issuer"] and (issuer is not None or is_told):
        raise _refused("the answer comes from another provider")  # RFC 9207
    if answer.get("error") or not answer.get("code"):
        raise _refused(f"the sign-on says {str(answer.get('error') or 'nothing')[:60]!r}")


def _token(sign_on: SignOn, metadata: Json, beginning: Beginning, code: str, comes_back_to: str) -> Json:
    try:
        token: Json = _client(sign_on, metadata, comes_back_to).fetch_token(
            metadata["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=beginning.verifier,
        )
    except OAuth2Error as error:
        raise _refused(f"the sign-on does not take its own answer any more ({error.error})") from error
    keep_secret_in(token)
    if not isinstance(token.get("id_token"), str) or not isinstance(token.get("access_token"), str):
        raise _refused("the sign-on gave no token")
    return token


def _claims(sign_on: SignOn, metadata: Json, token: Json, nonce: str) -> Json:
    """Return what the token says, once its signature and its terms hold."""
    offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    algorithms = sorted(_SIGNED_BY.intersection(offered))
    provider = sign_on.provider
    keys = provider.keys()
    try:
        try:
            found = jwt.decode(token["id_token"], keys, algorithms=algorithms)
        except (JoseError, ValueError):
            anew: KeySet = provider.keys(other_than=keys)  # it may have changed its keys
            found = jwt.decode(token["id_token"], anew, algorithms=algorithms)
        claims = CodeIDToken(
            found.claims,
            found.header,
            {"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True}},
            {"nonce": nonce, "client_id": sign_on.client_id, "access_token": token["access_token"]},
        )
        claims.validate(leeway=_LEEWAY_S)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _refused("its token does not hold") from error
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if sign_on.client_id not in audience:
        raise _refused("its token is for another service")
    return dict(claims)


def _told_on_asking(sign_on: SignOn, metadata: Json, token: Json, subject: str) -> object:
    """Return the claim that is the account's name, where the provider tells it on asking alone."""
    if "userinfo_endpoint" not in metadata:
        return None
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    told = sign_on.provider.ask("GET", metadata["userinfo_endpoint"], headers=bearer)
    if told.get("sub") != subject:
        raise _refused("it tells of somebody else")
    return told.get(sign_on.claim)


def _refused(reason: str) -> SignOnRefused:
    return SignOnRefused(f"Signing in by the single sign-on failed: {reason}.", hint="Begin anew.")
