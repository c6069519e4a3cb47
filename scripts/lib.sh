# Shared by the scripts of this folder; sourced, never run.

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

# die MESSAGE [HINT]: what went wrong, and what would be right.
die() {
  printf '\033[31merror:\033[0m %s\n' "$1" >&2
  [[ -z ${2:-} ]] || printf '       %s\n' "$2" >&2
  exit 1
}

need() { command -v "$1" >/dev/null 2>&1 || die "$1 is not installed." "$2"; }

sha256_of() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$1" | cut -d' ' -f1
  else shasum -a 256 "$1" | cut -d' ' -f1; fi
}

free_megabytes() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }

cores() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# build_tandem [tandem-train]: installs what it needs and builds the program in release mode, with the trainer if it is
# named; sets `tandem` to its path. TANDEM=PATH names one that is there already.
build_tandem() {
  local product
  source scripts/env
  tandem=${TANDEM:-}
  [[ -z $tandem ]] || return 0
  ./scripts/deps --no-models
  say "Building tandem (2 to 4 minutes the first time) …"
  for product in tandem "$@"; do
    swift build -c release --product "$product" --quiet 2>&1 ||
      die "The build failed." "Run it again without --quiet: source scripts/env; swift build -c release"
  done
  tandem=.build/release/tandem
}
