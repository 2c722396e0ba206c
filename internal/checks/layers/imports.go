package layers

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Layer is a group of packages that never import each other. A package imports
// only packages of the layers below its own.
type Layer struct {
	Name     string
	Packages []Package
}

// Package is one package, with the packages of this module that it may import.
type Package struct {
	Path    string
	Imports []string
	// Standard: the package imports only the standard library.
	Standard bool
}

// Layers is the plan, from the top down. Tests may import more than their package.
var Layers = []Layer{
	{"stores and test suites of the onboarding", []Package{
		{Path: "signup/sqlstore", Imports: []string{"graph", "signup", "signup/vault", "signup/onboard"}},
		{Path: "signup/storetest", Imports: []string{"graph", "signup", "signup/vault", "signup/onboard"}},
		{Path: "internal/crash", Imports: []string{"graph", "graphtest", "waba", "signup", "signup/vault", "signup/onboard"}},
		{Path: "internal/pairs", Imports: []string{"graph", "graphtest", "waba", "phonenumbers", "signup", "signup/popup", "signup/vault", "signup/onboard"}},
	}},
	{"the durable onboarding", []Package{
		{Path: "signup/onboard", Imports: []string{"graph", "waba", "phonenumbers", "credit", "signup", "signup/popup", "signup/vault", "internal/apicall", "internal/guard", "internal/chain", "signup/internal/parallel", "signup/internal/names", "signup/internal/sortedmap"}},
	}},
	{"the browser side, and secrets at rest", []Package{
		{Path: "signup/popup", Imports: []string{"graph", "signup"}},
		{Path: "signup/vault", Imports: []string{"graph", "signup", "internal/guard", "signup/internal/parallel", "signup/internal/names", "signup/internal/sortedmap"}},
	}},
	{"what Embedded Signup gives", []Package{
		{Path: "signup", Imports: []string{"graph", "waba", "phonenumbers", "credit", "internal/apicall", "internal/guard", "internal/redact", "signup/internal/parallel", "signup/internal/names", "signup/internal/sortedmap"}},
	}},
	{"WhatsApp's objects", []Package{
		{Path: "waba", Imports: []string{"graph", "internal/apicall", "internal/guard"}},
		{Path: "phonenumbers", Imports: []string{"graph", "internal/apicall", "internal/guard"}},
		{Path: "credit", Imports: []string{"graph", "internal/apicall", "internal/guard", "internal/chain"}},
		{Path: "internal/sdktest", Imports: []string{"graph", "graphtest"}},
	}},
	{"helpers of the core", []Package{
		{Path: "graph/pacing", Imports: []string{"graph", "internal/guard"}},
		{Path: "graphtest", Imports: []string{"graph", "internal/graphsim"}},
		{Path: "internal/apicall", Imports: []string{"graph"}},
		{Path: "signup/internal/names", Imports: []string{"graph"}},
		{Path: "signup/internal/parallel", Imports: []string{"graph", "internal/guard"}},
	}},
	{"the core: what Graph means", []Package{
		{Path: "graph", Imports: []string{"internal/transport", "internal/fields", "internal/guard", "internal/chain", "internal/redact"}},
	}},
	{"HTTP, without knowledge of Graph", []Package{
		{Path: "internal/transport", Imports: []string{"internal/guard"}},
	}},
	{"helpers without knowledge of Graph, and the simulator", []Package{
		{Path: "internal/fields"},
		{Path: "internal/guard", Imports: []string{"internal/chain"}},
		{Path: "internal/redact", Standard: true},

		{Path: "signup/internal/sortedmap"},
		{Path: "internal/graphsim", Standard: true},
		{Path: "internal/checks/contract"},
		{Path: "internal/checks/layers", Standard: true},
	}},
	{"chains of errors", []Package{
		{Path: "internal/chain", Standard: true},
	}},
}

// unrestricted packages show, test or measure the others. They may import every
// package, and none of those may import them.
var unrestricted = []string{"examples", "internal/bench", "internal/checks/promises", "internal/checks/readme", "internal/checks/zero"}

// CheckImports compares the imports of the main module's packages with a plan.
func CheckImports(tree *Tree, plan []Layer) []string {
	problems := checkPlan(plan)
	packages := map[string]Package{}
	for _, layer := range plan {
		for _, p := range layer.Packages {
			packages[p.Path] = p
		}
	}
	for _, f := range tree.Files {
		dir := f.Dir()
		if f.IsTest() || tree.ModuleOf(f.Path) != "." || isBelow(dir, unrestricted) {
			continue
		}
		p, known := packages[dir]
		if !known {
			problems = append(problems, fmt.Sprintf("%s: the package %s is not in the plan: add it to Layers", f.Path, dir))
			continue
		}
		for imported := range f.imports() {
			first, _, _ := strings.Cut(imported, "/")
			inside := imported == Module || strings.HasPrefix(imported, Module+"/")
			switch {
			case inside:
				below := path.Clean("./" + strings.TrimPrefix(imported, Module))
				if !slices.Contains(p.Imports, below) {
					problems = append(problems, fmt.Sprintf("%s: %s must not import %s", f.Path, dir, below))
				}
			case p.Standard && strings.Contains(first, "."):
				problems = append(problems, fmt.Sprintf("%s: %s must import only the standard library, and imports %s", f.Path, dir, imported))
			}
		}
	}
	slices.Sort(problems)
	return slices.Compact(problems)
}

// checkPlan requires that a package may import only packages of lower layers.
func checkPlan(plan []Layer) []string {
	var problems []string
	level := map[string]int{}
	for i, layer := range plan {
		for _, p := range layer.Packages {
			level[p.Path] = i
		}
	}
	for i, layer := range plan {
		for _, p := range layer.Packages {
			for _, imported := range p.Imports {
				if below, known := level[imported]; !known || below <= i {
					problems = append(problems, fmt.Sprintf("the plan lets %s import %s, which is not in a lower layer", p.Path, imported))
				}
			}
		}
	}
	return problems
}

// isBelow reports whether dir is one of the given directories or in one of them.
func isBelow(dir string, tops []string) bool {
	return slices.ContainsFunc(tops, func(top string) bool { return dir == top || strings.HasPrefix(dir, top+"/") })
}

// Picture returns the plan as text, from the top layer down.
func Picture(plan []Layer) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, which may import every package\n", strings.Join(unrestricted, ", "))
	for _, layer := range plan {
		fmt.Fprintf(&text, "\n%s\n", layer.Name)
		for _, p := range layer.Packages {
			imports := strings.Join(p.Imports, ", ")
			switch {
			case p.Standard:
				imports = "the standard library only"
			case imports == "":
				imports = "no package of this module"
			}
			fmt.Fprintf(&text, "    %-24s -> %s\n", p.Path, imports)
		}
	}
	return text.String()
}
