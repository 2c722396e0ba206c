# shellcheck shell=bash
# What the scripts of .ci share. Sourced from the root of the repository.

# The module that users get, and the nested modules that they get too. A line in
# a go.mod marks those, so that the mark moves with the module.
module=github.com/seed-8fdceacd/wagraph
published_mark='// Published module'

# The package whose coverage by the nested modules' tests is in the summary.
covered_package=$module/signup/sqlstore

# Log lines that are printed although their test passed: how much was tested.
counts='[0-9,]+ (combinations|walks|calls|crashes|kills|values|requests|points|answered|allocations|accounts|times)\b|^[a-z_]+\.go:[0-9]+: [^ ]+: (killed|[0-9]+ calls)'

# A go.work would add its modules to every command, and so hide what the go.mod
# files of a clean clone do.
export GOWORK=off

started=$SECONDS
section_started=$SECONDS
section_name=
notes=()
skipped=()
covering=() # nested modules whose tests reach $covered_package
scratch=    # a directory that the script removes at its end
bin=        # where the tools are

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

# note keeps a text for the end of the run.
note() {
	echo "NOTE: $*"
	notes+=("$*")
}

# skip says what did not run and why. --no-skip turns it into a failure.
skip() {
	echo "SKIPPED: $*"
	skipped+=("$*")
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
	# shellcheck disable=SC2001 # bash has no replacement that repeats what it found
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

# debian_install PACKAGE... installs packages where that needs no question: on
# Debian, as root or with a sudo that wants no password, and without --no-install.
debian_install() {
	local sudo=
	[[ -z ${no_install:-} ]] || return 1
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

shell_check() {
	command -v shellcheck > /dev/null || debian_install shellcheck
}

# nested_modules prints the directories of every module but the root.
nested_modules() {
	find . -mindepth 2 -name go.mod -not -path '*/testdata/*' -not -path '*/node_modules/*' -exec dirname {} \; | sort
}

# published_modules prints the directories of the modules that users import.
published_modules() {
	local dir
	echo .
	for dir in $(nested_modules); do
		! grep -q "^$published_mark" "$dir/go.mod" || echo "$dir"
	done
}

# module_path DIR prints the import path of the module in DIR.
module_path() {
	awk '$1 == "module" { print $2; exit }' "$1/go.mod"
}

# has_packages reports whether a module holds code, or only a list of tools.
has_packages() {
	[[ -n $(find "$1" -name '*.go' -not -path '*/testdata/*' -print -quit) ]]
}

# run_tests NAME DIR ARGUMENT... runs go test in a module and adds its counts to
# the file of NAME: tests, or another one for a run that repeats tests.
run_tests() {
	local file=$scratch/$1 dir=$2
	shift 2
	go -C "$dir" test -json "$@" | "$scratch/testsum" -name "$dir" -totals "$file" -show "$counts"
}

# totals NAME prints the sums of a file of run_tests. A test that failed in a run
# that repeats tests is added to the failures of the first run.
totals() {
	local repeated=/dev/null
	[[ -s $scratch/$1 ]] || return 0
	[[ $1 != tests || ! -s $scratch/race ]] || repeated=$scratch/race
	awk -F '\t' '
		NR == FNR { passed += $1; skipped += $3 }
		{ failed += $2 }
		END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }
	' "$scratch/$1" "$repeated"
}

check_module() {
	local coverage=()
	go -C "$1" mod tidy -diff
	has_packages "$1" || return 0
	go -C "$1" build -buildvcs=false -o /dev/null ./...
	go -C "$1" vet ./...
	if go -C "$1" list -deps -test ./... | grep -qxF "$covered_package"; then
		coverage=(-coverpkg "$covered_package" -coverprofile "$scratch/cover.${1//\//_}")
		covering+=("$1")
	fi
	run_tests tests "$1" "${coverage[@]+"${coverage[@]}"}" ./...
}

# coverage prints which share of covered_package the nested modules' tests reach.
coverage() {
	[[ ${#covering[@]} -gt 0 ]] || return 0
	{
		echo "mode: set"
		cat "$scratch"/cover.* | grep -v '^mode:'
	} > "$scratch/coverage"
	go -C "${covering[0]}" tool cover -func "$scratch/coverage" |
		awk -v package="${covered_package#"$module"/}" -v by="${covering[*]#./}" \
			'$1 == "total:" { print "Statements of " package " covered by the tests of " by ": " $NF }'
}

# cross_check compiles for systems that this one cannot run: everything a user
# imports, and the test programs of the systems that the workflow tests on.
cross_check() {
	local system dir
	for system in darwin/arm64 windows/amd64 freebsd/amd64; do
		for dir in $(published_modules); do
			echo "$system $dir"
			GOOS=${system%/*} GOARCH=${system#*/} CGO_ENABLED=0 go -C "$dir" vet ./...
			[[ $system != freebsd/* ]] || continue
			GOOS=${system%/*} GOARCH=${system#*/} CGO_ENABLED=0 \
				go -C "$dir" test -c -ldflags='-s -w' -o /dev/null ./... > "$scratch/cross.out" 2>&1 ||
				fail "the tests do not compile for $system:"$'\n'"$(cat "$scratch/cross.out")"
		done
	done
}

# vulnerabilities looks for known ones in everything a user imports. The list of
# them is on the internet; where it cannot be read, that is a skip.
vulnerabilities() {
	local dir status
	for dir in $(published_modules); do
		status=0
		(cd "$dir" && "$bin/govulncheck" -test ./...) > "$scratch/vuln" 2>&1 || status=$?
		if [[ $status == 1 ]] && grep -q 'fetching vulnerabilities' "$scratch/vuln"; then
			skip "govulncheck: the list of vulnerabilities cannot be reached"
			return
		fi
		cat "$scratch/vuln"
		[[ $status == 0 ]] || fail "govulncheck in $dir"
	done
}

in_git() {
	git rev-parse --git-dir > /dev/null 2>&1
}

# no_workspace makes sure that no go.work is committed: it would be part of the
# checkout, and README's first command would get the requirements of all modules.
no_workspace() {
	local found
	found=$(git ls-files | grep -E '(^|/)go\.work(\.sum)?$' || true)
	[[ -z $found ]] || fail "committed, and must not be: $found"
	echo "none"
}

# run_example runs an example against the simulator that it starts itself, without
# a terminal. A server is started, asked for its first line, and stopped; any
# other must end by itself. Directories without a program are passed over.
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
