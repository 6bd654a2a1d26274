"""What the folder of a site holds: the list of its files, and whether they are all there and of one release."""

from pathlib import Path

PAGES = "pages.txt"
# Where the pages of reports with tables are, as pictures.
PICTURES = "printed"


def listed(site: Path) -> set[str]:
    """The files that belong to a site, as it lists them; none where it has no list."""
    file = site / PAGES
    return set(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else set()


def write_whole(file: Path, data: bytes) -> None:
    """Puts a file in its place whole: who reads it sees the old one or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(file.name + ".half")
    half.write_bytes(data)
    half.replace(file)


def _unreadable(name: str, error: OSError) -> str:
    return f"site/{name} cannot be read: {error.strerror}"


def problems_of_site(site: Path, release_id: str) -> list[str]:
    """What is missing, unreadable or strange in the pages of a release, a sentence each."""
    try:
        wanted = listed(site) | {PAGES}
    except OSError as error:
        return [_unreadable(PAGES, error)]
    found = {str(file.relative_to(site)) for file in site.rglob("*") if file.is_file()}
    problems = [f"site/{name} is missing" for name in sorted(wanted - found)]
    problems += [f"site/{name} is no page of the release" for name in sorted(found - wanted)]
    told = f'<meta name="release-id" content="{release_id}">'.encode()
    for name in sorted(wanted & found):
        try:
            with (site / name).open("rb") as file:
                begin = file.read(4096)
        except OSError as error:
            problems.append(_unreadable(name, error))
            continue
        if name.endswith(".html") and told not in begin:
            problems.append(f"site/{name} does not say that it is of release {release_id}")
        if name.startswith(f"{PICTURES}/") and not begin.startswith(b"\x89PNG"):
            problems.append(f"site/{name} is no picture")
    return problems
