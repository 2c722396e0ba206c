// Package layers checks the plan of the module's tree: which package may import
// which, how files and variables are named, and how large things are.
//
// Each check is a function on a [Tree]. It returns what it found, one problem a
// string, so that its test can also show on a small bad tree that it can fail:
//
//   - [CheckImports]: a package imports only the packages that [Layers] allows.
//   - [CheckDrawing]: DESIGN.md draws the layers of this plan.
//   - [CheckDependencies]: the direct dependencies are those of [Dependencies].
//   - [CheckNames]: no variable has the name of a package of this module.
//   - [CheckLines] and [CheckComplexity]: no long file, and no complex function
//     without a reason.
//   - [CheckDocLines]: go doc -short fits on a screen.
//   - [CheckWords]: the plain words of this project are used.
//   - [CheckTestFiles] and [CheckPackageFiles]: files have the names that a reader
//     looks for.
//   - [CheckTop]: only the planned names stand at the top of the repository.
//
// The tests that run the checks on this repository are in repository_test.go.
package layers
