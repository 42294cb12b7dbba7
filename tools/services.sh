#!/usr/bin/env bash
# What tests need beside Go, had or made: PostgreSQL, an S3 server, Node for the
# console, Chromium to drive it. Where something cannot be had it says so, and
# the tests that need it are skipped. Whatever is not a system package goes to build/.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p build

updated=
# install takes Debian packages, which asks for apt and root.
install() {
	command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
	if [ -z "$updated" ]; then
		apt-get update >/dev/null 2>&1
		updated=yes
	fi
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1
}

postgres() {
	if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null; then
		echo "PostgreSQL is here."
	elif install postgresql; then
		echo "PostgreSQL was installed."
	else
		echo "PostgreSQL is not here and could not be installed (apt, as root); tests on it are skipped."
	fi
}

s3() {
	if [ -x build/versitygw ]; then
		echo "The S3 server is here."
	elif go build -modfile=services/go.mod -o build/versitygw github.com/versity/versitygw/cmd/versitygw; then
		echo "The S3 server was built."
	else
		echo "The S3 server could not be built; the test on it is skipped."
	fi
}

# new_enough is whether the node on the path can build the console: 20.19 or newer.
new_enough() {
	node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

# Node comes as a package of the npm registry, fetched by whatever npm is here
# or by Debian's, whose own Node is too old.
node_js() {
	export PATH="$PWD/build/node/bin:$PATH"
	if new_enough && command -v npm >/dev/null; then
		echo "Node.js is here ($(node --version))."
		return
	fi
	local machine
	case "$(uname -s)-$(uname -m)" in
	Linux-x86_64) machine=linux-x64 ;;
	Linux-aarch64) machine=linux-arm64 ;;
	*) machine= ;;
	esac
	if [ -n "$machine" ] && { command -v npm >/dev/null || install npm; } &&
		npm install --prefix build/node --no-audit --no-fund --loglevel=error "node-$machine@22" >/dev/null 2>&1; then
		mkdir -p build/node/bin
		ln -sf "../node_modules/node-$machine/bin/node" build/node/bin/node
	fi
	if new_enough; then
		echo "Node.js was fetched ($(node --version), build/node)."
	else
		echo "Node.js 20.19 or newer is not here and could not be fetched; the console is neither built nor tested."
	fi
}

chromium() {
	if [ -n "${CHROMIUM:-}" ] || [ -x /usr/bin/chromium ]; then
		echo "Chromium is here."
	elif install chromium fonts-noto-cjk; then
		echo "Chromium was installed."
	else
		echo "Chromium is not here and could not be installed (apt, as root; or name it in CHROMIUM); the console is not tried in it."
	fi
}

postgres
s3
node_js
chromium
