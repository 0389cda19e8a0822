"""How the documentation is built: `make docs`, warnings are errors."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "src")]

from holdfast import __version__  # noqa: E402

project = "Holdfast"
author = "the Holdfast contributors"
copyright = "2026, the Holdfast contributors"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
nitpicky = False

myst_enable_extensions = ["colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "undoc-members": False, "show-inheritance": False}

# Modules stand in the contents, not each of their two thousand names: the contents are copied for every page.
toc_object_entries = False

html_theme = "furo"
html_title = f"Holdfast {version}"
html_show_sphinx = False
html_copy_source = False
pygments_style = "friendly"


def leave_out_foreign(app, what, name, obj, skip, options):
    """What other packages graft onto our classes is documented by them."""
    return True if str(getattr(obj, "__module__", "holdfast")).partition(".")[0] != "holdfast" else None


def setup(app):
    """Write the generated pages before they are read."""
    import reference

    app.connect("autodoc-skip-member", leave_out_foreign)
    reference.write_all(Path(app.srcdir) / "reference" / "generated")


# Annotations name classes without their module; where two modules have one of a name, either will do.
suppress_warnings = ["ref.python"]
