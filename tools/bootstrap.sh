# Prepares .venv inside the checkout. Sourced by run, test and .ci/run from the checkout's root.
# Needs git's checkout and python3 >= 3.11 (or a network from which uv can fetch one), nothing else.

# Compiled once here, every later start is fast; without bytecode each process would compile anew.
unset PYTHONDONTWRITEBYTECODE
export UV_COMPILE_BYTECODE=1
# Nothing is left outside the checkout, what uv downloads included.
export UV_CACHE_DIR="$PWD/.tools/cache"

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "$*"
    exit 1
}

python_is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

stop_for_python() {
    found=$(python3 -c 'import platform; print(platform.python_version())' 2>/dev/null || echo none)
    stop "compapp needs Python 3.11 or newer; python3 here is: $found. Install a newer one (for example: apt install python3.12, or brew install python) and try again."
}

sha256_of() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Sets $uv: the one on PATH, else one installed into .tools.
find_uv() {
    if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
        uv=uv
        return
    fi
    for uv in .tools/bin/uv .tools/venv/bin/uv; do
        if "$uv" --version >/dev/null 2>&1; then return; fi
    done
    command -v python3 >/dev/null 2>&1 || stop_for_python
    say "Fetching uv, which installs the libraries ..."
    if python3 -m pip install -q --disable-pip-version-check --target .tools --upgrade uv 2>/dev/null \
        && .tools/bin/uv --version >/dev/null 2>&1; then
        uv=.tools/bin/uv
        return
    fi
    if python3 -m venv .tools/venv 2>/dev/null && .tools/venv/bin/pip install -q --disable-pip-version-check uv; then
        uv=.tools/venv/bin/uv
        return
    fi
    python_is_new_enough python3 || stop_for_python
    stop "uv could not be installed. Install it by hand (on Debian and Ubuntu first: apt install python3-venv) and try again."
}

# Makes .venv where it is missing or does not start.
make_environment() {
    if [ -x .venv/bin/python ] && python_is_new_enough .venv/bin/python; then return; fi
    wanted='>=3.11'
    if command -v python3 >/dev/null 2>&1 && python_is_new_enough python3; then
        wanted=$(python3 -c 'import sys; print(sys.executable)')
    fi
    rm -f .venv/.installed
    if ! "$uv" venv -q --clear --python "$wanted" .venv; then
        stop_for_python
    fi
}

# prepare_environment FILE...: installs exactly what the first FILE pins. Those named after it are contained in it.
prepare_environment() {
    stamp=''
    for file in "$@"; do stamp="$stamp$file $(sha256_of "$file")
"; done
    if [ -x .venv/bin/python ] && python_is_new_enough .venv/bin/python && [ -f .venv/.installed ] &&
        grep -qxF "$1 $(sha256_of "$1")" .venv/.installed; then
        return
    fi
    find_uv
    make_environment
    say "Installing what $1 pins ..."
    "$uv" pip sync -q --python .venv/bin/python --require-hashes "$1" || stop "The libraries could not be installed."
    printf '%s' "$stamp" >.venv/.installed
}

compile_translations() {
    .venv/bin/python -m tools.catalogues compile || stop "The translations could not be compiled."
}
