package layers

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// suites are test files that are not named after one source file, with the reason.
// A key is a pattern of path.Match, for a path or for a file name in any directory.
var suites = map[string]string{
	"export_test.go":  "gives external tests what the package does not export",
	"fuzz_test.go":    "the fuzz targets of the package",
	"harness_test.go": "what the tests of the package share",
	"main_test.go":    "TestMain",
	"zero_test.go":    "nil and zero values of all types of the package",
	"bench_test.go":   "the benchmarks of the package",

	"graph/overrule_test.go":                    "the defaults of net/http and go-retryablehttp that the core overrules",
	"graph/overrule_oauth2_test.go":             "the defaults of oauth2 that the core overrules",
	"graph/overrule_once_test.go":               "the repeats of net/http that the core overrules",
	"graph/panic_test.go":                       "panics of code of the application, in all calls",
	"graph/pacing/hours_test.go":                "hours of calls against the quotas of the simulator",
	"graph/pacing/filebudget/processes_test.go": "several processes with one budget",
	"internal/transport/overrule_test.go":       "the defaults of go-retryablehttp that the transport overrules",
	"internal/transport/replay_test.go":         "the requests that net/http sends again by itself",
	"signup/onboard/crash_test.go":              "onboardings that stop at every write",
	"signup/onboard/scenario_test.go":           "whole signups, one test a kind",
	"signup/onboard/speed_test.go":              "the calls and the time of whole onboardings",
	"signup/sqlstore/statements_test.go":        "the statements of records.go and secrets.go",
	"signup/storetest/defects_*test.go":         "the suites find each planted defect of a store",
	"internal/pairs/pairs_test.go":              "every kind of pair, in memory",
	"internal/pairs/database_test.go":           "a database and a network that take their time, for all tests of the package",

	"internal/checks/contract/caller_test.go":    "calls the methods of the SDK for contract_test.go",
	"internal/checks/contract/contract_test.go":  "compares the whole SDK with Meta's facts",
	"internal/checks/contract/gosource_test.go":  "reads the SDK's source for contract_test.go",
	"internal/checks/contract/gotypes_test.go":   "reads the SDK's types for contract_test.go",
	"internal/checks/contract/recorder_test.go":  "records the SDK's requests for contract_test.go",
	"internal/checks/contract/simulator_test.go": "compares the whole simulator with Meta's facts",
	"internal/checks/zero/process_test.go":       "runs the walk in a process of its own",
	"internal/checks/zero/context_test.go":       "values that work refuse a nil context",
	"internal/checks/zero/walk_test.go":          "calls the functions for zero_test.go",
	"internal/checks/layers/repository_test.go":  "runs all checks on this repository",
	"internal/checks/contract/extract/*_test.go": "both readers of specifications, on one small API",

	"internal/integration/stores/clock_test.go":       "workers whose clocks are wrong, with both databases",
	"internal/integration/stores/conformance_test.go": "the suites of storetest with both databases",
	"internal/integration/stores/due_plan_test.go":    "the plan of the query of AcquireDue",
	"internal/integration/stores/migration_test.go":   "Migrate of package sqlstore with both databases",
	"internal/integration/stores/processes_test.go":   "several processes with one database",
	"internal/integration/stores/query_plan_test.go":  "the queries of package sqlstore use an index",
}

// CheckTestFiles refuses a test file that a reader of the source would not look for.
// A test file is named after a source file beside it (share_test.go, and
// share_faults_test.go for a part of its tests), is an example, or is a suite of the
// list. A package without code is a suite as a whole.
func CheckTestFiles(tree *Tree, suites map[string]string) []string {
	var problems []string
	for _, dir := range tree.dirs() {
		sources := map[string]bool{}
		for _, f := range tree.filesOf(dir) {
			name := path.Base(f.Path)
			if !f.IsTest() && name != "doc.go" {
				sources[strings.TrimSuffix(name, ".go")] = true
			}
		}
		if len(sources) == 0 {
			continue
		}
		for _, f := range tree.filesOf(dir) {
			name := path.Base(f.Path)
			if f.IsTest() && !isListed(suites, f) && !testsSource(name, sources) {
				problems = append(problems, fmt.Sprintf("%s: no source file beside it has this name, and it is not a listed suite", f.Path))
			}
		}
	}
	return problems
}

// isListed reports whether a list has the path or the name of a file.
func isListed(list map[string]string, f *File) bool {
	full := path.Join(f.Dir(), path.Base(f.Path))
	for pattern := range list {
		byPath, _ := path.Match(pattern, full)
		byName, _ := path.Match(pattern, path.Base(full))
		if byPath || byName {
			return true
		}
	}
	return false
}

// testsSource reports whether a test file is an example, or named after one of the
// sources.
func testsSource(name string, sources map[string]bool) bool {
	stem := strings.TrimSuffix(strings.TrimSuffix(name, "_test.go"), "_internal")
	if stem == "example" || strings.HasPrefix(stem, "example_") {
		return true
	}
	for at := stem; at != ""; {
		if sources[at] {
			return true
		}
		cut := strings.LastIndexByte(at, '_')
		if cut < 0 {
			return false
		}
		at = at[:cut]
	}
	return false
}

// clientPackages are the packages with a Client that makes calls.
var clientPackages = []string{"waba", "phonenumbers", "credit", "signup"}

// clientFiles are the files that each of them has.
var clientFiles = []string{"client.go", "types.go", "routes.go"}

// CheckPackageFiles requires doc.go in each package, with the package's comment and
// only there, and the files of a client in client packages. Commands have their
// comment in main.go.
func CheckPackageFiles(tree *Tree, clients []string) []string {
	var problems []string
	for _, dir := range tree.dirs() {
		names := map[string]bool{}
		commented := ""
		for _, f := range tree.filesOf(dir) {
			names[path.Base(f.Path)] = true
			if !f.IsTest() && f.AST.Doc != nil {
				commented = path.Base(f.Path)
			}
		}
		switch name := tree.PackageName(dir); {
		case name == "":
			problems = append(problems, dir+": only tests, and no doc.go that says what they test")
		case name == "main":
			if commented == "" {
				problems = append(problems, dir+": no comment says what the command does")
			}
		case !names["doc.go"]:
			problems = append(problems, dir+": no doc.go")
		case commented != "doc.go":
			problems = append(problems, fmt.Sprintf("%s: the package comment is in %q and not in doc.go", dir, commented))
		}
		if slices.Contains(clients, dir) {
			for _, name := range clientFiles {
				if !names[name] {
					problems = append(problems, fmt.Sprintf("%s: no %s", dir, name))
				}
			}
		}
	}
	return problems
}

// topNames are the names that may stand at the top of the repository.
var topNames = []string{
	"graph", "waba", "phonenumbers", "credit", "signup", "graphtest", "internal", "examples",
	"go.mod", "go.sum", "Makefile", "LICENSE",
	"README.md", "DESIGN.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md",
	".ci", ".github", ".gitattributes", ".gitignore", ".golangci.yml",
}

// ignoredTop are names at the top that are not in the repository.
var ignoredTop = []string{".git", "bin", "go.work", "go.work.sum", ".idea", ".vscode", ".DS_Store"}

// CheckTop refuses other names at the top, and so each Go file.
func CheckTop(tree *Tree, names []string) []string {
	entries, err := fs.ReadDir(tree.FS, ".")
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	for _, entry := range entries {
		name := entry.Name()
		built := strings.HasSuffix(name, ".test") || strings.HasSuffix(name, ".out") || strings.HasSuffix(name, ".prof")
		if !built && !slices.Contains(names, name) && !slices.Contains(ignoredTop, name) {
			problems = append(problems, name+" stands at the top, and is not in the plan")
		}
	}
	return problems
}
