# Sourced by the commands in this folder: Superset's own virtual environment and everything that it keeps, in one folder.

. "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
superset=${FINAL_ACCOUNTS_SUPERSET:-$top/warehouse/superset}

# Takes the arguments of the command: who only asks for help need not install all of it (1 GB, a few minutes).
use_superset() {
    if [[ " $* " == *" --help "* || " $* " == *" -h "* ]]; then
        use_environment requirements.txt
        return
    fi
    make_environment scripts/superset/requirements.txt "$superset/environment" 12
    export PATH=$superset/environment/bin:$PATH PYTHONPATH=$top/scripts PYTHONUTF8=1
    export FINAL_ACCOUNTS_SUPERSET=$superset SUPERSET_CONFIG_PATH=$top/scripts/superset/superset_config.py
}
