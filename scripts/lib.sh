# Shared by the scripts of this folder; sourced, never run.

ROOT=$PWD
DEPS=$ROOT/.deps

# A program that was interrupted may end with a status like any failure; the script then ends without calling it one.
trap 'exit 130' INT
trap 'exit 143' TERM

# Colours only on a terminal.
if [[ -t 2 ]]; then BOLD=$'\e[1m' RED=$'\e[31m' PLAIN=$'\e[0m'; else BOLD='' RED='' PLAIN=''; fi

say() { echo "$BOLD==>$PLAIN $*" >&2; }

# die MESSAGE [HINT]: what went wrong, and what would be right.
die() {
  echo "${RED}error:$PLAIN $1" >&2
  [[ -z ${2:-} ]] || echo "       $2" >&2
  exit 1
}

# usage: prints the comment at the head of the script, and exits.
usage() {
  awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$ROOT/scripts/${0##*scripts/}"
  exit 0
}

need() { command -v "$1" >/dev/null 2>&1 || die "$1 is not installed." "$2"; }

need_swift() { need swift "Install Swift 6.2 or later: https://www.swift.org/install"; }

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1" | cut -d' ' -f1
  else shasum -a 256 "$1" | cut -d' ' -f1; fi
}

# need_room MEGABYTES REASON
need_room() {
  local free
  free=$(df -Pm "$DEPS" | awk 'NR == 2 { print $4 }')
  ((free > $1)) || die "Only $free MB are free under $DEPS, and $1 MB are needed." "Make room: $2."
}

cores() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# Python of a virtual environment (.deps/venv, or .deps/$venv) runs in an empty folder and without the user's PYTHONPATH, so
# that it takes no file that happens to be there for a module.
python() {
  mkdir -p "$DEPS/empty" "$DEPS/tmp"
  (cd "$DEPS/empty" && exec "$DEPS/${venv:-venv}/bin/python" -I "$@")
}

# pip COMMAND LIST ARGUMENTS…: runs pip for the packages of scripts/packages/LIST.txt. With --require-hashes, pip verifies
# every file before it opens it.
pip() {
  TMPDIR=$DEPS/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$ROOT/scripts/packages/stub \
    python -m pip "$1" -q --disable-pip-version-check --require-hashes -r "$ROOT/scripts/packages/$2.txt" "${@:3}" ||
    die "pip could not $1 the packages of scripts/packages/$2.txt." \
      "If it gives no reason: is the network up, is the disk full, does 'python3 -m pip download six' work?"
}

# make_venv LIST: a virtual environment in .deps/venv, or .deps/$venv, with the packages of scripts/packages/LIST.txt.
make_venv() {
  local folder=$DEPS/${venv:-venv} key
  local stamp=$folder/.$1
  key=$(sha256_of "scripts/packages/$1.txt")
  if [[ -f $stamp && $(cat "$stamp") == "$key" ]] && python -c '' 2>/dev/null; then return; fi
  need python3 "Debian: apt-get install python3 python3-pip python3-venv.  macOS: brew install python."
  if ! python -m pip --version >/dev/null 2>&1; then
    rm -rf "$folder"
    (cd "$DEPS/empty" && python3 -I -m venv "$folder") >/dev/null ||
      die "python3 can't make a virtual environment." "Debian: apt-get install python3-venv.  macOS: brew install python."
  fi
  pip install "$1" --only-binary :all:
  echo "$key" >"$stamp"
}

# swift_build ARGUMENT…: `swift build`, with its progress on a terminal. SwiftPM looks for MLX even if it builds a product
# without it, and warns that there is none; that line is dropped.
swift_build() {
  local quiet=()
  [[ -t 1 ]] || quiet=(--quiet)
  swift build ${quiet[@]+"${quiet[@]}"} "$@" 2> >(grep -v "couldn't find pc file for mlx" >&2)
}

# build_release PRODUCT [DEPS-OPTION…]: installs what it needs and builds a program in release mode, with the options of
# `swift build` in $traits.
build_release() {
  need_swift
  ./scripts/deps "${@:2}"
  source scripts/env
  [[ -x .build/release/$1 ]] || say "Building $1 (5 to 10 minutes on two cores, once) …"
  swift_build -c release --product "$1" ${traits[@]+"${traits[@]}"} || die "The build failed." "Run it again: source scripts/env; swift build -c release --product $1"
}

# build_tandem [--training | --without-servers]: builds `tandem`, and `tandem-train` too if asked, and sets `tandem` to its path.
# TANDEM=PATH names one that is there already. A build that has servers keeps them.
build_tandem() {
  local traits=()
  # Some systems set these, and OpenBLAS then does not choose its code for this processor.
  unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE
  tandem=${TANDEM:-}
  if [[ -n $tandem ]]; then source scripts/env; return; fi
  if [[ ${1:-} == --without-servers && ! -e .build/release/Modules/TandemServer.swiftmodule ]]; then traits=(--disable-default-traits); fi
  build_release tandem
  tandem=.build/release/tandem
  [[ ${1:-} != --training ]] || build_release tandem-train --training
}

# have_model NAME: pulls a model of the catalogue, unless it is there.
have_model() { "$tandem" models info "$1" | grep -q '^file' || "$tandem" models pull "$1" >/dev/null; }
