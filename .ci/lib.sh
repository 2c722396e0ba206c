# The parts of .ci/run. Sourced; expects $scratch and $notes.

started=$SECONDS
section_started=$SECONDS
section_name=

# section NAME closes the section before it with its time and opens the next.
section() {
	if [[ -n $section_name ]]; then
		echo "   ($((SECONDS - section_started)) s, $((SECONDS - started)) s in all)"
	fi
	section_name=$1
	section_started=$SECONDS
	printf '\n== %s\n' "$1"
}

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# note keeps a text for the end, where it is not overlooked.
note() {
	echo "NOTE: $*"
	notes+=("$*")
}

# readme_block NAME prints the fenced block after <!-- NAME --> in README.md.
readme_block() {
	local block
	block=$(awk -v mark="<!-- $1 -->" '
		inside && /^```/ { exit }
		inside           { print; next }
		$0 == mark       { marked = 1; next }
		marked && /^```/ { inside = 1 }
	' README.md)
	[[ -n $block ]] || fail "README.md has no fenced block after <!-- $1 -->"
	printf '%s\n' "$block"
}

# same_output PROMISED PRINTED compares two files. Trailing blanks do not count,
# and a promised line "..." stands for any lines.
same_output() {
	local line pattern=
	while IFS= read -r line; do
		case $line in
		...) pattern+='*' ;;
		*) pattern+=$(sed 's/[][\\*?]/\\&/g' <<< "$line")$'\n' ;;
		esac
	done < <(sed 's/[[:space:]]*$//' "$1")
	# shellcheck disable=SC2053 # the right side is meant to be a pattern
	if [[ $(sed 's/[[:space:]]*$//' "$2")$'\n' != $pattern ]]; then
		diff -u "$1" "$2" || true
		fail "the output is not what README.md promises"
	fi
	echo "as promised, $(wc -l < "$2") lines"
}

# debian_install PACKAGE... installs packages where that is possible without asking
# anybody: on Debian, as root or with a sudo that wants no password.
debian_install() {
	local sudo=
	command -v apt-get > /dev/null || return
	if [[ $(id -u) != 0 ]]; then
		sudo="sudo -n"
		$sudo true 2> /dev/null || return
	fi
	$sudo apt-get update -qq && $sudo apt-get install -qq -y --no-install-recommends "$@"
}

# c_compiler finds or installs the C compiler that the race detector links with.
c_compiler() {
	local cc
	cc=$(go env CC)
	command -v "${cc%% *}" > /dev/null || debian_install gcc libc6-dev
}

# postgresql finds or installs the server that the stores' tests start themselves.
postgresql() {
	command -v initdb > /dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || debian_install postgresql
}

# node_and_npm finds or installs what Meta's SDK for Node runs on.
node_and_npm() {
	{ command -v node && command -v npm; } > /dev/null || debian_install nodejs npm
}

# nested_modules prints the directories of every module but the root.
nested_modules() {
	find . -mindepth 2 -name go.mod -not -path '*/testdata/*' -not -path '*/node_modules/*' -exec dirname {} \; | sort
}

# has_packages tells whether a module holds code, or only a list of tools.
has_packages() {
	[[ -n $(find "$1" -name '*.go' -not -path '*/testdata/*' -print -quit) ]]
}

check_module() {
	go -C "$1" mod tidy -diff
	has_packages "$1" || return 0
	go -C "$1" build -buildvcs=false -o /dev/null ./...
	go -C "$1" vet ./...
	go -C "$1" test -v ./... > "$scratch/module.out" 2>&1 || {
		cat "$scratch/module.out"
		return 1
	}
	grep -E '^(ok|\?)|killed [0-9]+ times|[0-9]+ (answered|points|kills)' "$scratch/module.out" || true
}

# run_example runs an example against the simulator it brings along, with nobody
# at the keyboard. A server is started, asked for its first line, and stopped;
# any other must end by itself. Directories without a program are passed over.
run_example() {
	local name=${1##*/} pid line
	[[ ! -f $1/go.mod ]] || return 0 # tested with its module
	compgen -G "$1/*.go" > /dev/null || return 0
	go build -buildvcs=false -o "$scratch/$name" "./$1"
	if [[ $name != simulator ]]; then
		"$scratch/$name" < /dev/null > "$scratch/$name.out" || fail "$1 failed"
		echo "$1: exit 0, $(wc -l < "$scratch/$name.out") lines"
		return
	fi
	: > "$scratch/$name.out" # it may be read before the server has opened it
	"$scratch/$name" -addr 127.0.0.1:0 -json > "$scratch/$name.out" &
	pid=$!
	for _ in {1..100}; do
		line=$(head -n 1 "$scratch/$name.out")
		[[ -z $line ]] || break
		kill -0 "$pid" || fail "$1 ended by itself"
		sleep 0.1
	done
	kill "$pid"
	wait "$pid" 2> /dev/null || true
	[[ $line == '{'*'"base_url"'* ]] || fail "$1 -json printed first: $line"
	echo "$1: serves, ${#line} bytes of JSON first"
}
