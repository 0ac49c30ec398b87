# Sourced by ./run and ./test: finds Python 3.11 and makes the environment in .venv, once.
# Nothing is installed while the requirements files are the ones that were installed last, and nothing is written.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="$root/.venv"
case "$OSTYPE" in
msys* | cygwin*) # Git Bash on Windows
    python="$venv/Scripts/python.exe" packages="$venv/Lib/site-packages" ;;
*)
    python="$venv/bin/python" packages="$venv/lib/python3.11/site-packages" ;;
esac

# The environment's libraries are used, whatever PYTHON... variables and the user's own site-packages hold; text is UTF-8.
unset "${!PYTHON@}"
export PYTHONNOUSERSITE=1
isolated=(-I -X utf8)

# find_python: print the path of a Python 3.11; fails, saying what to do, where there is none.
find_python() {
    local candidate
    for candidate in "${CLIP_HEAD_PYTHON:-}" python3.11 python3 python; do
        if [ -n "$candidate" ] && "$candidate" -I -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    # Windows: its launcher knows every Python, and none needs to be on the path.
    if py -3.11 -I -c 'import sys; print(sys.executable)' 2>/dev/null; then return; fi
    echo "CLIP-Head needs Python 3.11, the version inside Blender 4.2 to 5.0, and found none." >&2
    echo "Install it and try again, or name it: CLIP_HEAD_PYTHON=/path/to/python3.11 $0" >&2
    return 1
}

# make_venv PYTHON: an empty environment in .venv.
make_venv() {
    local parent
    case "$root" in
    *:*) # venv refuses a path with a colon, which it could not put on PATH; nothing here does that
        parent="$(mktemp -d)" && ln -s "$root" "$parent/clone" && "$1" -I -m venv "$parent/clone/.venv"
        local code=$?
        rm -f "$parent/clone" && rmdir "$parent"
        return "$code"
        ;;
    esac
    "$1" -I -m venv "$venv"
}

# link_folder TARGET LINK: LINK leads to the folder TARGET, named as seen from LINK's folder.
link_folder() {
    if [ "$(readlink "$2" 2>/dev/null)" = "$1" ]; then return; fi
    mkdir -p "$(dirname "$2")" || return 1
    case "$OSTYPE" in
    msys* | cygwin*) # ln would copy the folder; a junction needs no rights, and an absolute path
        if [ ! -e "$2" ]; then
            cmd //c mklink //J "$(cygpath -w "$2")" "$(cygpath -w "$(cd "$(dirname "$2")/$1" && pwd)")" >/dev/null
        fi
        ;;
    *) ln -sfn "$1" "$2" ;;
    esac
}

# prepare_environment FILE...: install these requirements files into .venv unless that was done before.
prepare_environment() {
    local file base installed=yes arguments=()
    # Of two first calls at the same time the second waits (where flock exists), and then finds everything installed.
    exec 9<"$root/environment.sh"
    if command -v flock >/dev/null; then flock 9; fi
    for file in "$@"; do
        arguments+=(--requirement "$root/$file")
        if [ "$(cat "$root/$file")" != "$(cat "$venv/installed-$file" 2>/dev/null)" ]; then installed=no; fi
    done
    if [ "$installed" = no ]; then
        base="$(find_python)" || return 1
        echo "Making the environment in .venv (once; takes minutes and about 3.5 GB) ..." >&2
        # An interrupted first call leaves a .venv without a working pip, which is made anew.
        if ! "$python" -I -m pip --version >/dev/null 2>&1; then
            rm -rf "$venv"
            make_venv "$base" || return 1
        fi
        "$python" -I -m pip install --disable-pip-version-check "${arguments[@]}" >&2 || {
            echo "The environment could not be finished; run the same command again to go on from here." >&2
            return 1
        }
        for file in "$@"; do cat "$root/$file" >"$venv/installed-$file"; done
    fi
    # The folder is the package clip_head, whatever its own name; relative, so that the clone can be moved.
    link_folder ../../../.. "$packages/clip_head" || return 1
    link_folder ../.. "$venv/types/clip_head" || return 1
    exec 9<&-
}
