package layers

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is the path of the main module.
const Module = "github.com/seed-8fdceacd/wagraph"

// Tree holds the Go files and the Markdown files of a repository, of all its
// modules. It has no testdata and no hidden directories but .github.
type Tree struct {
	FS      fs.FS
	Files   []*File
	Docs    []Doc
	Modules []string // directories with a go.mod, "." for the main one
}

// File is one Go file.
type File struct {
	Path string // relative to the tree, with slashes
	Src  []byte
	AST  *ast.File
	fset *token.FileSet
}

// Doc is one Markdown file.
type Doc struct {
	Path string
	Text string
}

// Load reads a tree.
func Load(fsys fs.FS) (*Tree, error) {
	tree := &Tree{FS: fsys}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if skippedDir(name) {
				return fs.SkipDir
			}
			return nil
		}
		return tree.add(name)
	})
	if err != nil {
		return nil, err
	}
	return tree, nil
}

func skippedDir(name string) bool {
	base := path.Base(name)
	hidden := strings.HasPrefix(base, ".") && base != "." && base != ".github"
	return hidden || base == "testdata" || base == "node_modules" || name == "bin"
}

func (t *Tree) add(name string) error {
	switch {
	case path.Base(name) == "go.mod":
		t.Modules = append(t.Modules, path.Dir(name))
	case strings.HasSuffix(name, ".md"):
		text, err := fs.ReadFile(t.FS, name)
		if err != nil {
			return err
		}
		t.Docs = append(t.Docs, Doc{Path: name, Text: string(text)})
	case strings.HasSuffix(name, ".go"):
		src, err := fs.ReadFile(t.FS, name)
		if err != nil {
			return err
		}
		file, err := parseFile(name, src)
		if err != nil {
			return err
		}
		t.Files = append(t.Files, file)
	}
	return nil
}

func parseFile(name string, src []byte) (*File, error) {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &File{Path: name, Src: src, AST: syntax, fset: fset}, nil
}

// ParsePackage reads the Go files of one directory of the disk, without its tests.
func ParsePackage(dir string) ([]*File, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*File
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parseFile(filepath.ToSlash(name), src)
		if err != nil {
			return nil, err
		}
		if !file.IsTest() {
			files = append(files, file)
		}
	}
	return files, nil
}

// Root returns the directory of the main module, from the working directory of a
// test in it.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && bytes.HasPrefix(text, []byte("module "+Module+"\n")) {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("layers: no directory above has the go.mod of %s", Module)
		}
		dir = parent
	}
}

// LoadRepository reads the tree of this repository.
func LoadRepository() (*Tree, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	return Load(os.DirFS(root))
}

// Dir returns the directory of a file, "." for the top.
func (f *File) Dir() string { return path.Dir(f.Path) }

// IsTest reports whether the file is a test.
func (f *File) IsTest() bool { return strings.HasSuffix(f.Path, "_test.go") }

// IsGenerated reports whether the file says that a program wrote it.
func (f *File) IsGenerated() bool { return ast.IsGenerated(f.AST) }

// at returns a problem at a place of the file.
func (f *File) at(pos token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", f.Path, f.fset.Position(pos).Line, fmt.Sprintf(format, args...))
}

// imports returns the paths of a file's imports, with their local names. A name is
// "" if the file gives none.
func (f *File) imports() map[string]string {
	found := map[string]string{}
	for _, spec := range f.AST.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		found[imported] = ""
		if spec.Name != nil {
			found[imported] = spec.Name.Name
		}
	}
	return found
}

// ModuleOf returns the directory of the module that has a file or directory.
func (t *Tree) ModuleOf(name string) string {
	found := "."
	for _, dir := range t.Modules {
		if (name == dir || strings.HasPrefix(name, dir+"/")) && len(dir) > len(found) {
			found = dir
		}
	}
	return found
}

// dirs returns the directories with Go files, sorted.
func (t *Tree) dirs() []string {
	var found []string
	for _, f := range t.Files {
		found = append(found, f.Dir())
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// filesOf returns the files of a directory.
func (t *Tree) filesOf(dir string) []*File {
	var found []*File
	for _, f := range t.Files {
		if f.Dir() == dir {
			found = append(found, f)
		}
	}
	return found
}

// PackageName returns the name of the package in a directory, without that of its
// external tests; "" if there is none.
func (t *Tree) PackageName(dir string) string {
	for _, f := range t.filesOf(dir) {
		if !f.IsTest() {
			return f.AST.Name.Name
		}
	}
	return ""
}

// PublicPackages returns the directories of the packages that users can import,
// sorted. They are in the main module, or in a nested module that is published.
func (t *Tree) PublicPackages() []string {
	var found []string
	for _, dir := range t.dirs() {
		name := t.PackageName(dir)
		if name == "" || name == "main" || isPrivate(dir) {
			continue
		}
		found = append(found, dir)
	}
	return found
}

// isPrivate reports whether users cannot import a directory, or are not meant to.
func isPrivate(dir string) bool {
	return slices.Contains(strings.Split(dir, "/"), "internal") || strings.HasPrefix(dir, "examples/") || dir == "examples"
}
