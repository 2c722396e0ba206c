// Command extract reads Meta's two published specifications and writes the
// facts that package contract compares the module with.
//
//	go run . -specs DIR -out ../testdata
//
// DIR holds the directory api_specs/specs of facebook-business-sdk-codegen as
// "codegen", and business-messaging-api_v23.0.yaml of facebook/openapi. The facts
// are names, types, values, and which parameters are required. No sentence is
// copied.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/seed-8fdceacd/wagraph/internal/checks/contract"
)

func main() {
	specs := flag.String("specs", "", "directory with Meta's specifications")
	out := flag.String("out", filepath.Join("..", "testdata"), "directory to write the facts to")
	flag.Parse()
	if err := run(*specs, *out); err != nil {
		fmt.Fprintln(os.Stderr, "extract:", err)
		os.Exit(1)
	}
}

func run(specs, out string) error {
	if specs == "" {
		return errors.New("name the directory with the specifications: -specs DIR")
	}
	schema, err := readCodegen(filepath.Join(specs, "codegen"), nodes)
	if err != nil {
		return err
	}
	document, err := readOpenAPI(filepath.Join(specs, "business-messaging-api_v23.0.yaml"), routes)
	if err != nil {
		return err
	}
	if err := save(filepath.Join(out, "codegen.json"), schema); err != nil {
		return err
	}
	return save(filepath.Join(out, "openapi.json"), document)
}

func save(file string, source *contract.Source) error {
	var text bytes.Buffer
	if err := source.Encode(&text); err != nil {
		return err
	}
	fmt.Printf("%s: %d calls, %d node types\n", file, len(source.Calls), len(source.Nodes))
	return os.WriteFile(file, text.Bytes(), 0o644)
}
