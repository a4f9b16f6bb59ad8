# Sourced by ./run and ./check: makes .venv and installs the compiled lock into it.
#
#   bootstrap run|dev     leaves "$venv_python" ready; does nothing while the lock is unchanged
#
# PYTHON names the interpreter to build with. By default it is the system's own python3, if 3.11 or
# newer, before the one on the path: it is built with optimisation, where one that was built by hand
# or by a version manager often is not and takes a third longer.

venv_python=.venv/bin/python
uv_version=0.13.9
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# Dozens of processes are started here: what Python compiles is kept, whatever the caller prefers.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$PWD/var/pycache"

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    exit 1
}

fits() { # new enough, and with venv, which Debian keeps apart
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null 2>&1 || fail "PYTHON names $PYTHON, which is not there."
        fits "$PYTHON" || fail "PYTHON names $PYTHON, which does not start, is older than Python 3.11
or has no venv (Debian: apt install python3-venv)."
        return
    fi
    for PYTHON in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
        if fits "$PYTHON"; then
            return
        fi
    done
    fail "Python 3.11 or newer with venv was not found. Install it (Debian: apt install python3
python3-venv) or say where it is: PYTHON=/path/to/python3 $0"
}

make_venv() {
    find_python
    [ -w . ] || fail "$(pwd) is not writable for $(id -un); run it in a clone of your own."
    echo "Making .venv with $("$PYTHON" --version)"
    if ! complaint=$("$PYTHON" -m venv --clear .venv 2>&1); then
        rm -rf .venv
        fail "$PYTHON could not make a virtual environment
(Debian: apt install python3-venv). It said:
$complaint"
    fi
}

lock_sum() {
    cksum <"requirements/$1.lock"
}

installed() { # is this lock in .venv as it stands now?
    [ -f ".venv/.installed-$1" ] && [ "$(cat ".venv/.installed-$1")" = "$(lock_sum "$1")" ]
}

uv_sync() {
    "$venv_python" -m uv pip sync --quiet --python "$venv_python" --require-hashes "$@" 2>&1
}

pip_install() {
    "$venv_python" -m pip install --quiet --require-hashes --requirement "$1" 2>&1
}

install_lock() {
    lock=requirements/$1.lock
    [ -w .venv ] ||
        fail ".venv is out of date and not writable for $(id -un); use a clone of your own."
    rm -f .venv/.installed-run .venv/.installed-dev
    echo "Installing $lock (first time and after changes only)"
    "$venv_python" -m uv --version >/dev/null 2>&1 ||
        "$venv_python" -m pip install --quiet "uv==$uv_version" >/dev/null 2>&1 || true
    # The second try is for networks with a certificate authority of their own.
    complaint=$(uv_sync "$lock") ||
        complaint=$(uv_sync --system-certs "$lock") ||
        complaint=$(pip_install "$lock") ||
        fail "$lock could not be installed (it needs the network once):
$complaint"
    lock_sum "$1" >".venv/.installed-$1"
}

bootstrap() {
    if ! "$venv_python" -c '' >/dev/null 2>&1; then
        make_venv
    fi
    # The development lock holds all that the other holds: ./run never takes its tools away.
    wanted=$1
    if [ -f .venv/.installed-dev ]; then
        wanted=dev
    fi
    if ! installed "$wanted"; then
        install_lock "$wanted"
    fi
}
