"""Read a template's values as text: `{Ref}` stands for what is known only after deployment."""

import json
from typing import Any


def text(value: Any) -> str:
    match value:
        case str():
            return value
        case {"Ref": name}:
            return f"{{{name}}}"
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{{{name}.{attribute}}}"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(text(part) for part in parts)
        case {"Fn::Sub": str(pattern)}:
            return pattern.replace("${", "{")
    raise AssertionError(f"not read: {json.dumps(value)}")


def texts(value: Any) -> list[str]:
    return [text(part) for part in (value if isinstance(value, list) else [value])]


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: found for name, found in template["Resources"].items() if found["Type"] == kind}
