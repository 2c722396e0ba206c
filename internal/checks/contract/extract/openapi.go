package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/seed-8fdceacd/wagraph/internal/checks/contract"
)

// schema is the part of JSON Schema that the document uses.
type schema struct {
	Ref        string             `yaml:"$ref"`
	Type       string             `yaml:"type"`
	Enum       []any              `yaml:"enum"`
	Const      any                `yaml:"const"`
	Properties map[string]*schema `yaml:"properties"`
	Required   []string           `yaml:"required"`
	Items      *schema            `yaml:"items"`
	AllOf      []*schema          `yaml:"allOf"`
	OneOf      []*schema          `yaml:"oneOf"`
	AnyOf      []*schema          `yaml:"anyOf"`
}

type parameter struct {
	Ref      string  `yaml:"$ref"`
	Name     string  `yaml:"name"`
	In       string  `yaml:"in"`
	Required bool    `yaml:"required"`
	Schema   *schema `yaml:"schema"`
}

type payload struct {
	Ref     string `yaml:"$ref"`
	Content map[string]struct {
		Schema *schema `yaml:"schema"`
	} `yaml:"content"`
}

type operation struct {
	Parameters  []parameter        `yaml:"parameters"`
	RequestBody payload            `yaml:"requestBody"`
	Responses   map[string]payload `yaml:"responses"`
}

// path holds operations by lower-case method, and other keys.
type path map[string]yaml.Node

type document struct {
	Paths      map[string]path `yaml:"paths"`
	Components struct {
		Schemas   map[string]*schema `yaml:"schemas"`
		Responses map[string]payload `yaml:"responses"`
	} `yaml:"components"`
}

const versionSegment = "/{Version}"

// readOpenAPI returns the facts of the selected routes, without path parameters,
// which the route has, and without header parameters, which every call has.
func readOpenAPI(file string, selected []string) (*contract.Source, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var doc document
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	source := &contract.Source{Calls: map[string]contract.Call{}}
	for _, route := range selected {
		operations, ok := doc.Paths[versionSegment+route]
		if !ok {
			return nil, fmt.Errorf("%s no longer has the path %s", file, route)
		}
		for _, method := range []string{"get", "post", "delete"} {
			node, ok := operations[method]
			if !ok {
				continue
			}
			var op operation
			if err := node.Decode(&op); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, route, err)
			}
			source.Calls[strings.ToUpper(method)+" "+route] = doc.call(op)
		}
	}
	return source, nil
}

func (d *document) call(op operation) contract.Call {
	call := contract.Call{Params: contract.Fields{}, Response: contract.Fields{}}
	for _, param := range op.Parameters {
		if param.In != "query" {
			continue
		}
		flat := contract.Fields{}
		d.flatten(param.Schema, param.Name, param.Required, nil, flat)
		add(call.Params, flat)
	}
	for _, content := range op.RequestBody.Content {
		flat := contract.Fields{}
		d.flatten(content.Schema, "", false, nil, flat)
		add(call.Params, flat)
	}
	for status, response := range op.Responses {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		if response.Ref != "" {
			response = d.Components.Responses[target(response.Ref)]
		}
		for _, content := range response.Content {
			flat := contract.Fields{}
			d.flatten(content.Schema, "", false, nil, flat)
			add(call.Response, flat)
		}
	}
	optional(call.Response) // no field of an answer is required
	return call
}

func optional(facts contract.Fields) contract.Fields {
	for name, fact := range facts {
		fact.Required = false
		facts[name] = fact
	}
	return facts
}

// add merges facts into others: one route can have several bodies.
func add(into, more contract.Fields) {
	for name, fact := range more {
		if known, ok := into[name]; ok {
			fact = known.Merge(fact)
		}
		into[name] = fact
	}
}

// flatten adds each property below s to out, under its path. Inside is the chain of
// references that lead to s. A reference that is in its own chain is not followed.
func (d *document) flatten(s *schema, at string, required bool, inside []string, out contract.Fields) {
	if s == nil {
		return
	}
	if s.Ref != "" {
		name := target(s.Ref)
		if slices.Contains(inside, name) {
			add(out, contract.Fields{at: {Name: "object", Required: required}})
			return
		}
		d.flatten(d.Components.Schemas[name], at, required, append(slices.Clip(inside), name), out)
		return
	}
	for _, part := range s.AllOf {
		d.flatten(part, at, required, inside, out)
	}
	for _, alternative := range slices.Concat(s.OneOf, s.AnyOf) {
		flat := contract.Fields{}
		d.flatten(alternative, at, false, inside, flat)
		add(out, optional(flat)) // only one of the alternatives is required
	}
	if at != "" && (s.Type != "" || len(s.Enum) > 0) {
		add(out, contract.Fields{at: d.fact(s, required)})
	}
	if items := d.resolve(s.Items); items != nil && len(items.Properties)+len(items.AllOf)+len(items.OneOf) > 0 {
		d.flatten(s.Items, at+"[]", false, inside, out)
		delete(out, at+"[]") // the list itself is a fact already
	}
	for name, property := range s.Properties {
		below := name
		if at != "" {
			below = at + "." + name
		}
		mandatory := slices.Contains(s.Required, name) && (at == "" || required)
		d.flatten(property, below, mandatory, inside, out)
	}
}

// resolve follows one reference.
func (d *document) resolve(s *schema) *schema {
	if s == nil || s.Ref == "" {
		return s
	}
	return d.Components.Schemas[target(s.Ref)]
}

// target returns the component's name from "#/components/schemas/Name".
func target(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }

func (d *document) fact(s *schema, required bool) contract.Type {
	fact := contract.Type{Name: s.Type, Required: required}
	values := s.Enum
	if s.Const != nil {
		values = append(values, s.Const)
	}
	if items := d.resolve(s.Items); items != nil {
		fact.Name = "array<" + items.Type + ">"
		values = items.Enum
	}
	if fact.Name == "" {
		fact.Name = "string"
	}
	for _, value := range values {
		fact.Values = append(fact.Values, fmt.Sprint(value))
	}
	slices.Sort(fact.Values)
	return fact
}
