package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/internal/checks/contract"
)

// specNode is one file of the codegen schema: a node type with its edges.
type specNode struct {
	APIs []struct {
		Name     string // of calls on the node itself: "#get"
		Method   string
		Endpoint string // of calls on its edges
		Return   string
		Params   []specParam
	}
	Fields []specParam
}

type specParam struct {
	Name     string
	Type     string
	Required bool
}

type specEnum struct {
	Name   string
	Values []string
}

// readCodegen returns the facts of the selected nodes. An edge that returns "Object"
// has no type for its answer, so that its Returns stays empty.
func readCodegen(dir string, selected map[string][]string) (*contract.Source, error) {
	var enums []specEnum
	if err := readJSON(filepath.Join(dir, "enum_types.json"), &enums); err != nil {
		return nil, err
	}
	values := make(map[string][]string)
	for _, enum := range enums {
		slices.Sort(enum.Values)
		values[enum.Name] = enum.Values
	}

	source := &contract.Source{Calls: map[string]contract.Call{}, Nodes: map[string]contract.Fields{}}
	for name, edges := range selected {
		var node specNode
		if err := readJSON(filepath.Join(dir, name+".json"), &node); err != nil {
			return nil, err
		}
		source.Nodes[name] = fields(node.Fields, values)
		if narrow, ok := nodeFields[name]; ok {
			maps.DeleteFunc(source.Nodes[name], func(field string, _ contract.Type) bool {
				return !slices.Contains(narrow, field)
			})
		}
		missing := slices.Clone(edges)
		for _, api := range node.APIs {
			edge := cmp.Or(api.Endpoint, api.Name)
			picked := func(entry string) bool { return entry == edge || entry == own && strings.HasPrefix(edge, own) }
			missing = slices.DeleteFunc(missing, picked)
			if !slices.ContainsFunc(edges, picked) {
				continue
			}
			route := "/{" + name + "}"
			if api.Endpoint != "" {
				route += "/" + api.Endpoint
			}
			call := contract.Call{Params: fields(api.Params, values)}
			if api.Return != "Object" {
				call.Returns = api.Return
			}
			source.Calls[api.Method+" "+route] = call
		}
		if len(missing) > 0 {
			return nil, fmt.Errorf("%s no longer has the edges %v", name, missing)
		}
	}
	return source, nil
}

// word finds the names inside a type such as list<map<string, some_enum>>.
var word = regexp.MustCompile(`\w+`)

// fields returns the facts of the schema's parameters or fields. The name of an enum
// has no meaning outside the schema, so that its values replace it.
func fields(params []specParam, enums map[string][]string) contract.Fields {
	out := contract.Fields{}
	for _, param := range params {
		fact := contract.Type{Required: param.Required}
		fact.Name = word.ReplaceAllStringFunc(param.Type, func(name string) string {
			if values, ok := enums[name]; ok {
				fact.Values = values
				return "string"
			}
			return name
		})
		out[param.Name] = fact
	}
	return out
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
