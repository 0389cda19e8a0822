"""``holdfast template``: messages carried as files (G2)."""

from __future__ import annotations

import json
from pathlib import Path

from commands import call
from holdfast.settings import Settings

BODY = {
    "variants": {
        "a": {
            "en": {
                "subject": "Hello",
                "preheader": "",
                "blocks": [{"block": "text", "words": "Dear {{ name | you }}"}],
            }
        }
    },
    "fallback": ["en"],
    "campaign": {},
}


def test_g2_a_message_goes_from_one_workspace_to_another(workspace: Settings, tmp_path: Path) -> None:
    here = ("--workspace", workspace.folder)
    file = tmp_path / "hello.json"
    file.write_text(json.dumps({"key": "hello", "title": "Hello", "kind": "message", "body": BODY}))
    made = call("template", "import", "--file", file, *here, "--json")
    assert made.code == 0, made.err
    assert (made.json["key"], made.json["published"]) == ("hello", 0)
    assert call("template", "publish", "hello", *here).code == 0
    assert call("template", "list", *here, "--json").json["templates"][0]["published"] == 1
    out = tmp_path / "out.json"
    assert call("template", "export", "hello", "--file", out, *here).code == 0
    written = json.loads(out.read_text())
    assert written == {"key": "hello", "title": "Hello", "kind": "message", "body": BODY}
    written["title"] = "Hello again"
    out.write_text(json.dumps(written))
    again = call("template", "import", "--file", out, *here, "--json")
    assert (again.json["key"], again.json["title"]) == ("hello", "Hello again")
    assert call("template", "show", "hello", *here, "--json").json["template"]["title"] == "Hello again"


def test_what_is_no_template_is_refused_with_its_place(workspace: Settings, tmp_path: Path) -> None:
    here = ("--workspace", workspace.folder)
    assert call("template", "show", "none", *here).code != 0
    file = tmp_path / "bad.json"
    file.write_text("{")
    assert "There is no template in" in call("template", "import", "--file", file, *here).err
    blocks = [{"block": "text", "words": "{{ name"}]
    wrong = {"variants": {"a": {"en": {"subject": "x", "blocks": blocks}}}}
    file.write_text(json.dumps({"key": "x", "title": "x", "body": wrong}))
    refused = call("template", "import", "--file", file, *here)
    assert refused.code != 0
    assert "variants.a.en.blocks[0].words" in refused.err
    assert call("template", "list", *here, "--json").json["templates"] == []
