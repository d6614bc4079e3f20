"""Personal fields are encrypted under their subject's key before they are stored, and read as empty once it is gone."""

import base64
import json
import os
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from followthrough.errors import LedgerError
from followthrough.personal import personal_fields

_NONCE_BYTES = 12
_Model = TypeVar("_Model", bound=BaseModel)


class Unreadable(LedgerError):  # noqa: N818  named like its siblings in errors.py
    """A sealed field does not open under its subject's key in its place: it was altered, moved or sealed by another."""


@dataclass(frozen=True)
class Place:
    """Where a sealed field belongs; the ciphertext opens nowhere else.

    `record` names the record among all of the subject's (an effect's id, an execution).
    """

    tenant: str
    subject: str
    record: str

    def field(self, path: str) -> bytes:
        """Return the associated data of one field; `path` is dotted (`sender.phone`)."""
        return json.dumps([self.tenant, self.subject, self.record, path], ensure_ascii=True).encode()


def encrypt(model: BaseModel, key: bytes | None, place: Place) -> dict[str, Any]:
    """Dump the model as JSON values with each personal field as `{"sealed": base64(nonce + ciphertext)}`.

    AES-256-GCM under the subject's 32-byte `key`. Without a key (the subject was erased) what is personal is dropped.
    """
    cipher = AESGCM(key) if key is not None else None
    return _encrypted(model, model.model_dump(mode="json"), cipher, place, "")


def decrypt(data: dict[str, Any], model: type[_Model], key: bytes | None, place: Place) -> _Model:
    """Load what `encrypt` dumped. Without a key, or if it was dropped, a personal field reads as empty.

    Raises Unreadable when a field was altered, moved to another place or sealed under another key.
    """
    cipher = AESGCM(key) if key is not None else None
    return model.model_validate(_decrypted(data, model, cipher, place, ""))


def _encrypted(
    model: BaseModel, dumped: dict[str, Any], cipher: AESGCM | None, place: Place, path: str
) -> dict[str, Any]:
    personal = set(personal_fields(type(model)))
    for name, value in model:
        if name in personal:
            dumped[name] = {"sealed": _encrypt(dumped[name], cipher, place.field(path + name))}
        elif isinstance(value, BaseModel):
            _encrypted(value, dumped[name], cipher, place, f"{path}{name}.")
        elif isinstance(value, list):
            for index, part in enumerate(value):
                if isinstance(part, BaseModel):
                    _encrypted(part, dumped[name][index], cipher, place, f"{path}{name}.{index}.")
    return dumped


def _decrypted(
    data: dict[str, Any], model: type[BaseModel], cipher: AESGCM | None, place: Place, path: str
) -> dict[str, Any]:
    opened = dict(data)
    personal = set(personal_fields(model))
    for name, field in model.model_fields.items():
        if name not in data:
            continue
        value, inner = data[name], _model_in(field.annotation)
        if name in personal:
            opened[name] = _decrypt(value["sealed"], field, cipher, place.field(path + name))
        elif inner is not None and isinstance(value, dict):
            opened[name] = _decrypted(value, inner, cipher, place, f"{path}{name}.")
        elif inner is not None and isinstance(value, list):
            opened[name] = [
                _decrypted(part, inner, cipher, place, f"{path}{name}.{index}.") for index, part in enumerate(value)
            ]
    return opened


def _encrypt(value: Any, cipher: AESGCM | None, associated: bytes) -> str:
    if cipher is None:
        return ""
    nonce = os.urandom(_NONCE_BYTES)
    text = json.dumps(value, separators=(",", ":")).encode()
    return base64.b64encode(nonce + cipher.encrypt(nonce, text, associated)).decode()


def _decrypt(sealed: str, field: FieldInfo, cipher: AESGCM | None, associated: bytes) -> Any:
    if cipher is None or not sealed:
        return _empty(field)
    try:
        raw = base64.b64decode(sealed, validate=True)
        return json.loads(cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], associated))
    except (InvalidTag, ValueError) as error:
        raise Unreadable("a sealed field does not open here") from error


def _empty(field: FieldInfo) -> Any:
    """Return what an erased field reads as: its default, or the first empty value that fits it."""
    if not field.is_required():
        return field.get_default(call_default_factory=True, validated_data={})
    fits: TypeAdapter[Any] = TypeAdapter(field.annotation or Any)
    empties: tuple[Any, ...] = ("", {}, [], None)
    for empty in empties:
        try:
            fits.validate_python(empty)
        except ValidationError:
            continue
        return empty
    raise TypeError(f"a personal field of type {field.annotation} has no empty value: give it a default")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Find the model in `Model`, `Model | None` or `list[Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part)) is not None), None)
