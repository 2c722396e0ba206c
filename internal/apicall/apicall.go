package apicall

import (
	"cmp"
	"context"
	"fmt"
	"net/url"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// MaxPageSize is the largest page that the edges of WABAs and of portfolios
// give.
const MaxPageSize = 100

// CheckClient refuses a missing client. The constructor, such as "waba.New",
// goes into the error.
func CheckClient(client *graph.Client, constructor string) error {
	if client == nil {
		return &graph.InputError{Field: "client", Reason: fmt.Sprintf("is nil: make one with %s, from a client that graph.New made", constructor)}
	}
	return nil
}

// CheckContext refuses a nil context.
func CheckContext(ctx context.Context) error {
	if ctx == nil {
		return &graph.InputError{Field: "context", Reason: "is nil: pass context.Background() if there is no other"}
	}
	return nil
}

// Check returns the first error of CheckClient and CheckContext.
func Check(ctx context.Context, client *graph.Client, constructor string) error {
	return cmp.Or(CheckClient(client, constructor), CheckContext(ctx))
}

// Send sends op after Check.
func Send[T any](ctx context.Context, client *graph.Client, constructor string, op graph.Op[T]) (T, error) {
	if err := Check(ctx, client, constructor); err != nil {
		var zero T
		return zero, err
	}
	return graph.Send(ctx, client, op)
}

// Op returns the op of a request. If one of the errors is not nil, the op
// carries the first one, and sending it returns that.
func Op[T any](req graph.Request, errs ...error) graph.Op[T] {
	return graph.NewOp[T](req, errs...)
}

// ListOptions is what a Query of every package has.
type ListOptions struct {
	// Fields are the fields that the caller named, Default those to ask for if
	// there are none.
	Fields, Default graph.Fields
	PageSize        int
	Prefetch        bool
	BareObject      bool // Meta may answer with one object in the place of a list
}

// List returns the list of an edge. If the client is nil, the page size is out
// of range, or one of the errors is not nil, ranging over it yields an error.
func List[T any](client *graph.Client, constructor string, req graph.Request, opts ListOptions, errs ...error) *graph.List[T] {
	err := cmp.Or(CheckClient(client, constructor), cmp.Or(errs...), checkPageSize(opts.PageSize))
	return graph.NewList[T](client, req, graph.ListOptions{
		Fields: orDefault(opts.Fields, opts.Default), PageSize: opts.PageSize, Prefetch: opts.Prefetch, BareObject: opts.BareObject,
	}, err)
}

func checkPageSize(size int) error {
	if size < 0 || size > MaxPageSize {
		return &graph.InputError{Field: "page size", Reason: fmt.Sprintf("must be from 1 to %d, or 0 for the default", MaxPageSize)}
	}
	return nil
}

// FieldsParam returns the fields parameter of a single read: the fields that
// the caller named, or those of def.
func FieldsParam(fields, def graph.Fields) url.Values {
	return url.Values{"fields": {orDefault(fields, def).String()}}
}

func orDefault(fields, def graph.Fields) graph.Fields {
	if len(fields) == 0 {
		return def
	}
	return fields
}
