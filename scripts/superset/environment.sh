# Sourced by the commands in this folder: Superset's own virtual environment and everything that it keeps, in one folder.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
superset=${FINAL_ACCOUNTS_SUPERSET:-$top/warehouse/superset}

# Takes the arguments of the command: who only asks for help need not install all of it.
use_superset() {
    local environment=$superset/environment lock=$top/scripts/superset/requirements.txt
    if [[ " $* " == *" --help "* || " $* " == *" -h "* ]]; then
        . "$top/scripts/environment.sh"
        use_environment requirements.txt
        return
    fi
    if ! cksum <"$lock" | cmp --silent - "$environment/installed"; then
        local python=
        for python in python3.11 python3.12 ''; do
            "${python:-false}" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null && break
        done
        if [[ -z $python ]]; then
            echo "Superset needs Python 3.11 or 3.12, and neither was found on the PATH." >&2
            return 1
        fi
        echo "Setting up $environment: 1 GB, a few minutes …" >&2
        "$python" -m venv --clear "$environment" &&
            "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
                --requirement "$lock" || {
            echo "Superset could not be installed; the reason stands above." >&2
            return 1
        }
        cksum <"$lock" >"$environment/installed"
    fi
    export PATH=$environment/bin:$PATH PYTHONPATH=$top/scripts PYTHONUTF8=1
    export FINAL_ACCOUNTS_SUPERSET=$superset SUPERSET_CONFIG_PATH=$top/scripts/superset/superset_config.py
}
