# shellcheck shell=bash
# Sourced by the commands in this folder: virtual environments beside the code, each equal to its lock file.
#
#   use_environment requirements.txt        what building needs
#   use_environment requirements-test.txt   that, and what testing needs
#   use_environment requirements-spark.txt  that, and what building on Spark needs
#   add_packages requirements-scan.txt      beside any of these, what reading scans needs
#   add_packages requirements-mcp.txt       beside any of these, what the MCP server needs
#   make_environment LOCK FOLDER [NEWEST]   one apart from those, with Python 3.NEWEST at most

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
asked=("$@")

# What a command says of itself where that is asked for, from scripts/help: nothing is installed for it.
help_without_packages() {
    local word language=en spoken=${FINAL_ACCOUNTS_LANGUAGE:-${LC_ALL:-${LC_MESSAGES:-${LANG-}}}}
    [[ ${spoken,,} == zh* ]] && language=zh
    for word in "${asked[@]}"; do
        if [[ $word == -h || $word == --help ]] && cat "$top/scripts/help/$(basename "$0").$language.txt" 2>/dev/null; then
            exit
        fi
    done
}

# The newest Python from 3.11 to 3.13, or to what is given; the one that FINAL_ACCOUNTS_PYTHON names, where it is set.
find_python() {
    local name newest=${1:-13}
    for name in ${FINAL_ACCOUNTS_PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if "$name" -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $newest))" 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "No Python from 3.11 to 3.$newest was found on the PATH; install one and run this again." >&2
    return 1
}

# Whether an environment was made from a lock file as it is now, with the Python that is asked for.
is_made_from() {
    grep -qxF "$2 $(cksum <"$top/$2")" "$1/installed" 2>/dev/null || return 1
    [[ -z ${FINAL_ACCOUNTS_PYTHON-} || $("$1/bin/python" --version) == "$("$FINAL_ACCOUNTS_PYTHON" --version)" ]]
}

# Makes the environment in a folder from a lock file, unless it is there.
make_environment() {
    local lock=$1 environment=$2 newest=${3:-} python
    if is_made_from "$environment" "$lock"; then
        return
    fi
    help_without_packages
    python=$(find_python "$newest") || return 1
    echo "Setting up $environment from $lock …" >&2
    "$python" -m venv --clear "$environment" || {
        echo "Could not make a virtual environment with $python; on Debian and Ubuntu it needs the package python3-venv." >&2
        return 1
    }
    install_packages "$lock" "$environment"
}

install_packages() {
    local lock=$1 environment=$2
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
        --requirement "$top/$lock" || {
        echo "The packages in $lock could not be installed; the reason stands above." >&2
        return 1
    }
    echo "$lock $(cksum <"$top/$lock")" >>"$environment/installed"
}

# Adds the packages of a lock file to .venv, unless they are there.
add_packages() {
    if ! is_made_from "$top/.venv" "$1"; then
        echo "Adding the packages of $1 to $top/.venv …" >&2
        install_packages "$1" "$top/.venv"
    fi
}

use_environment() {
    local lock=$1 held enough='' added more
    added=$(grep -Eo '^requirements-(scan|mcp).txt' "$top/.venv/installed" 2>/dev/null | sort -u) || added=
    # Each lock holds everything of those before it: an environment that has more will do.
    for held in requirements.txt requirements-test.txt requirements-spark.txt; do
        [[ $held == "$lock" ]] && enough=held
        if [[ -n $enough ]] && is_made_from "$top/.venv" "$held"; then
            enough=there
            break
        fi
    done
    if [[ $enough != there ]]; then
        make_environment "$lock" "$top/.venv"
    fi
    # What was added stays when the environment is made anew.
    for more in $added; do
        add_packages "$more"
    done
    export PATH=$top/.venv/bin:$PATH PYTHONPATH=$top/scripts PYTHONUTF8=1
    export DBT_PROFILES_DIR=$top/profiles DBT_PROJECT_DIR=$top
}
