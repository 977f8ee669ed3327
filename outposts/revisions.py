"""A registry at a revision of the git repository that holds it. Nothing is fetched, nothing is changed."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path, PurePosixPath

from outposts.errors import RevisionError, UnknownName
from outposts.nearest import did_you_mean
from outposts.registry import Registry, default_folder, load

FILES = ("100644", "100755")  # git's modes; a link or a submodule is no file of a registry


def read(text: str, folder: str | os.PathLike[str] | None = None) -> tuple[Registry, str]:
    """Return the registry that a text names, and what it is called in messages.

    Parameters
    ----------
    text
        A folder; or a revision, such as ``HEAD~3`` or ``v1``, of the registry in ``folder``; or
        ``REVISION:PATH``, the path from the top of the repository. What is a folder is taken as one.
    folder
        The registry whose repository is meant; by default that of `outposts.load`.

    Raises
    ------
    UnknownName
        If it is neither a folder nor a revision of the repository.
    RevisionError
        If there is no git, no repository or no such path in that revision.
    RegistryError
        If the registry has faults; they name the revision.
    """
    if Path(text).is_dir():
        return load(text), f"folder {text}"
    home = Path(folder) if folder is not None else default_folder()
    commit, path = _found(text, home)
    name = text if text.endswith(f":{path}") else f"{text}:{path}"
    with tempfile.TemporaryDirectory(prefix="outposts-") as there:
        _unpack(home, commit, path, Path(there))
        return load(there, called=name), f"revision {commit[:10]} ({name})"


def _found(text: str, home: Path) -> tuple[str, str]:
    """Return the commit that a text names, and the registry's path from the top of the repository."""
    if not home.is_dir():
        raise RevisionError(f"{text!r} is no folder, and {str(home)!r}, whose history it might name, is none either")  # fmt: skip
    inside = _git(home, "rev-parse", "--show-prefix")
    if inside.returncode:
        said = _said(inside)
        why = "" if "not a git repository" in said else f" ({said})"
        raise RevisionError(f"{text!r} is no folder, and {str(home)!r} is in no git repository that can be read{why}; give two folders")  # fmt: skip
    commit = _commit(text, home)
    if commit:
        return commit, inside.stdout.decode().strip().rstrip("/") or "."
    revision, colon, path = text.partition(":")
    commit = _commit(revision, home) if colon and revision else None
    if commit:
        return commit, PurePosixPath(path).as_posix()
    wanted = revision if colon else text
    names = _git(home, "for-each-ref", "--format=%(refname:short)").stdout.decode().split()
    hint = did_you_mean(wanted, names)
    if _git(home, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        hint += "; this clone is shallow: `git fetch --unshallow` brings the rest of its history"
    raise UnknownName(f"{wanted!r} is neither a folder nor a revision of the repository of {str(home)!r}{hint}")  # fmt: skip


def _commit(text: str, home: Path) -> str | None:
    # "--end-of-options": what a person types is never taken for an option of git's.
    found = _git(home, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{text}^{{commit}}")
    return None if found.returncode else found.stdout.decode().strip()


def _unpack(home: Path, commit: str, path: str, there: Path) -> None:
    """Write the files under a path of a commit as they were committed, without git's attributes and filters."""
    at = f"{commit}:{'' if path == '.' else path}"
    tree = _git(home, "ls-tree", "-r", "-z", "--full-tree", at)
    if tree.returncode:
        raise RevisionError(f"there is no folder {path!r} in {commit[:10]}")
    files: list[tuple[str, PurePosixPath]] = []
    for line in tree.stdout.decode("utf-8", "surrogateescape").split("\0"):
        if line:
            about, _, name = line.partition("\t")
            mode, _, blob = about.split()
            if mode in FILES and ".." not in PurePosixPath(name).parts:
                files.append((blob, PurePosixPath(name)))
    asked = "".join(f"{blob}\n" for blob, _ in files).encode()
    rest = _git(home, "cat-file", "--batch", stdin=asked)
    if rest.returncode:
        raise RevisionError(f"{commit[:10]} could not be read: {_said(rest)}")
    data = rest.stdout
    for _, file in files:
        head, _, data = data.partition(b"\n")
        if head.endswith(b" missing"):  # a partial clone without a network
            raise RevisionError(f"{file} of {commit[:10]} is not in this clone")
        size = int(head.split()[2])
        target = there / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data[:size])
        data = data[size + 1 :]


def _git(home: Path, *words: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    # A partial clone would else ask its server for what is missing: nobody is asked anything here.
    quiet = {**os.environ, "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        return subprocess.run(
            ["git", "-C", str(home), *words], input=stdin or b"", capture_output=True, env=quiet
        )
    except FileNotFoundError:
        raise RevisionError("git is not installed, and only it can read a revision; give two folders") from None  # fmt: skip


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else "git says nothing"
