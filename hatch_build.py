"""Puts the built admin UI into wheel and sdist, and into the tree of an editable install."""

import importlib.util
import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AdminUI(BuildHookInterface[Any]):
    """`CMS_SKIP_ADMIN_UI=1` leaves the UI out, for an API-only installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - theirs
        """Build before files are collected; git ignores the result, so it is named here.

        Raises:
            RuntimeError: it could not be built.
        """
        if os.environ.get("CMS_SKIP_ADMIN_UI") == "1":
            return
        path = Path(self.root, "admin_ui", "build.py")
        spec = importlib.util.spec_from_file_location("lontar_admin_build", path)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"{path} is missing")
        tool = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(tool)
        try:
            tool.build()
        except SystemExit as error:
            raise RuntimeError(
                "The admin UI could not be built (the npm registry is needed once). "
                "CMS_SKIP_ADMIN_UI=1 installs the API without it."
            ) from error
        build_data["artifacts"].append("/cms/_admin")
