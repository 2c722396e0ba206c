// Command generate writes the registry of package zero, next to its other tests.
package main

import (
	"fmt"
	"os"

	"github.com/seed-8fdceacd/wagraph/internal/checks/layers"
	"github.com/seed-8fdceacd/wagraph/internal/checks/zero"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	tree, err := layers.LoadRepository()
	if err != nil {
		return err
	}
	text, err := zero.Registry(tree)
	if err != nil {
		return err
	}
	return os.WriteFile("registry_test.go", text, 0o644)
}
