# Sourced by ./run and ./test: finds Python 3.11 and makes the environment in .venv, once.
# Nothing is installed while the requirements files are the ones that were installed last.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$root/.venv"

find_python() {
    local candidate
    for candidate in "${CLIP_HEAD_PYTHON:-}" python3.11 python3 python; do
        if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "CLIP-Head needs Python 3.11, the version inside Blender 4.2 to 5.0, and found none." >&2
    echo "Install it and try again, or name it: CLIP_HEAD_PYTHON=/path/to/python3.11 $0" >&2
    return 1
}

# prepare_environment FILE...: install these requirements files into .venv unless that was done before.
prepare_environment() {
    local file python installed=yes arguments=()
    # Two first calls at once: the second waits (where flock exists) and then finds everything done.
    exec 9<"$root/environment.sh"
    if command -v flock >/dev/null; then flock 9; fi
    for file in "$@"; do
        arguments+=(--requirement "$root/$file")
        if [ "$(cat "$root/$file")" != "$(cat "$venv/installed-$file" 2>/dev/null)" ]; then installed=no; fi
    done
    if [ "$installed" = no ]; then
        python="$(find_python)" || return 1
        echo "Making the environment in .venv (once; takes minutes and about 3.5 GB) ..." >&2
        # An interrupted start leaves a .venv without a working pip: begin again.
        if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
            rm -rf "$venv"
            "$python" -m venv "$venv" || return 1
        fi
        "$venv/bin/python" -m pip install --disable-pip-version-check "${arguments[@]}" >&2 || {
            echo "The environment could not be finished; run the same command again to go on from here." >&2
            return 1
        }
        for file in "$@"; do cat "$root/$file" >"$venv/installed-$file"; done
    fi
    # The folder is the package clip_head, whatever its own name; relative, so that the clone can be moved.
    mkdir -p "$venv/lib/python3.11/site-packages" "$venv/types"
    ln -sfn ../../../.. "$venv/lib/python3.11/site-packages/clip_head"
    ln -sfn ../.. "$venv/types/clip_head"
    exec 9<&-
}
