// Command modproxy writes modules into a directory that the go command reads as a
// module proxy: with it, a checkout can be got under a version that no server has.
//
//	modproxy -out DIR -version v0.1.0 . graph/pacing/filebudget
//	GOPROXY=file://DIR go get MODULE@v0.1.0
//
// Each argument is the directory of a module. The archives are made by the code
// that the go command itself uses, so they hold what a user of a tag would get:
// no nested modules, and no file of a name that the go command refuses.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	out := flag.String("out", "", "directory of the proxy")
	version := flag.String("version", "", "version of all modules, for instance v0.1.0")
	flag.Parse()
	for _, dir := range flag.Args() {
		if err := add(*out, dir, *version); err != nil {
			fmt.Fprintf(os.Stderr, "modproxy: %s: %v\n", dir, err)
			os.Exit(1)
		}
	}
}

// add writes the module of dir into the proxy: the list of its versions, and
// the description, go.mod and archive of this one.
func add(out, dir, version string) (err error) {
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return err
	}
	m := module.Version{Path: modfile.ModulePath(mod), Version: version}
	if err := module.Check(m.Path, m.Version); err != nil {
		return err
	}
	path, err := module.EscapePath(m.Path)
	if err != nil {
		return err
	}
	versions := filepath.Join(out, filepath.FromSlash(path), "@v")
	if err := os.MkdirAll(versions, 0o750); err != nil {
		return err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{version, time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{
		"list":            []byte(version + "\n"),
		version + ".info": info,
		version + ".mod":  mod,
	} {
		if err := os.WriteFile(filepath.Join(versions, name), content, 0o600); err != nil {
			return err
		}
	}
	archive, err := os.Create(filepath.Join(versions, version+".zip"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	return zip.CreateFromDir(archive, m, dir)
}
