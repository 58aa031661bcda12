# Installs the programs that some tests run, where that is possible without asking.
missing=""
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
command -v valgrind >/dev/null 2>&1 || missing="$missing valgrind"
if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; } \
    >/dev/null 2>&1 && missing=""
fi
[ -z "$missing" ] || echo "Some tests will be skipped. To run them, too: sudo apt-get install$missing"

# ical.js, the parser inside Thunderbird, for tests/test_calendar_programs.py.
cd "$(dirname "$0")/calendar" || exit 1
if command -v npm >/dev/null 2>&1 && ! [ -d node_modules/ical.js ]; then
  npm ci --no-audit --no-fund >/dev/null 2>&1 ||
    echo "Some tests will be skipped. To run them, too: (cd tests/calendar && npm ci)"
fi
