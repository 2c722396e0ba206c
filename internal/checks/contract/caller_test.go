package contract

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// caller calls every method of a client with generated arguments, so that
// everything that the SDK can send is sent. It calls a method several times: with
// options that are zero, that are all set, and that are set one at a time, and with
// every value of its enums.
type caller struct {
	*pkgSource
	rec   *recorder
	ctx   context.Context
	round int // which value of each enum
	only  int // which field of the options is set: everyField, noField, or its index
}

const (
	everyField = -1
	noField    = -2
)

var (
	tokenSource = reflect.TypeFor[graph.TokenSource]()
	contextType = reflect.TypeFor[context.Context]()
)

// callAll calls each method of a client. It fails for a new method whose arguments
// cannot be generated: add them to [caller.text].
func (c *caller) callAll(t *testing.T, client any) {
	t.Helper()
	of := reflect.TypeOf(client)
	for method := range of.Methods() {
		if !makesCalls(method.Type) {
			continue
		}
		c.rec.latest = nil
		var refused error
		accepted := false
		for only := noField; only < c.optionFields(method.Type); only++ {
			for round := range c.rounds() {
				c.only, c.round = only, round
				err := c.call(reflect.ValueOf(client), method)
				if input := new(graph.InputError); errors.As(err, &input) {
					refused = err
					continue
				}
				accepted = true
			}
		}
		require.True(t, accepted, "%v.%s refuses every set of arguments: %v", of, method.Name, refused)
		if len(c.rec.latest) == 1 {
			c.result(method.Type, c.rec.latest[0])
		}
	}
}

// makesCalls reports whether a method makes calls, because it takes a context or
// returns a list.
func makesCalls(method reflect.Type) bool {
	return method.NumIn() > 1 && method.In(1) == contextType || listOf(method) != nil
}

// listOf returns T of a method that returns *graph.List[T].
func listOf(method reflect.Type) reflect.Type {
	if method.NumOut() != 1 {
		return nil
	}
	all, ok := method.Out(0).MethodByName("All")
	if !ok {
		return nil
	}
	return all.Type.Out(0).In(0).In(0)
}

func (c *caller) rounds() int {
	most := 1
	for _, values := range c.values {
		most = max(most, len(values))
	}
	return most
}

func (c *caller) optionFields(method reflect.Type) int {
	most := 0
	for in := range method.Ins() {
		if in.Kind() == reflect.Struct {
			most = max(most, in.NumField())
		}
	}
	return most
}

func (c *caller) call(client reflect.Value, method reflect.Method) error {
	names := c.params[strings.TrimPrefix(fmt.Sprintf("%s.%s", structOf(method.Type.In(0)).Name(), method.Name), "*")]
	args := []reflect.Value{client}
	for i := 1; i < method.Type.NumIn(); i++ {
		name, in := names[i-1], method.Type.In(i)
		if method.Type.IsVariadic() && i == method.Type.NumIn()-1 {
			if in.Elem().Name() == "string" {
				break // names of fields: use the default ones
			}
			in = in.Elem()
		}
		args = append(args, c.make(name, in))
	}
	out := method.Func.Call(args)
	if listOf(method.Type) != nil {
		return readList(out[0].MethodByName("All").Call([]reflect.Value{reflect.ValueOf(c.ctx)})[0])
	}
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	return err
}

// readList reads a list to its end and returns its error.
func readList(seq reflect.Value) error {
	for _, value := range seq.Seq2() {
		if err, _ := reflect.TypeAssert[error](value); err != nil {
			return err
		}
	}
	return nil
}

func structOf(of reflect.Type) reflect.Type {
	if of.Kind() == reflect.Pointer {
		return of.Elem()
	}
	return of
}

// make returns a generated argument.
func (c *caller) make(name string, of reflect.Type) reflect.Value {
	v := reflect.New(of).Elem()
	switch of {
	case contextType:
		return reflect.ValueOf(c.ctx)
	case tokenSource:
		return reflect.ValueOf(graph.StaticToken("canary-of-a-client"))
	case reflect.TypeFor[graph.Secret]():
		return reflect.ValueOf(graph.NewSecret(sixDigits))
	case reflect.TypeFor[time.Time]():
		return reflect.ValueOf(time.Unix(1_700_000_000, 0))
	case reflect.TypeFor[graph.Fields]():
		return v // the default ones
	}
	switch of.Kind() {
	case reflect.String:
		v.SetString(c.text(name, of))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(10)
	case reflect.Slice:
		return reflect.Append(v, c.make(name, of.Elem()))
	case reflect.Struct:
		for i := range of.NumField() {
			if field := of.Field(i); field.IsExported() && (c.only == everyField || c.only == i) {
				v.Field(i).Set(c.make(field.Name, field.Type))
			}
		}
	}
	return v
}

const sixDigits = "123456"

// text returns a generated string for a type and a parameter's name.
func (c *caller) text(name string, of reflect.Type) string {
	if values := c.values[of.Name()]; len(values) > 0 {
		return values[c.round%len(values)]
	}
	if reflect.PointerTo(of).Implements(decoder) {
		return "102290129340398" // an id type of the core
	}
	switch name = strings.ToLower(name); {
	case strings.Contains(name, "currency"):
		return "EUR"
	case strings.Contains(name, "uri"), strings.Contains(name, "url"):
		return "https://bsp.example/callback"
	case strings.Contains(name, "number"):
		return "4930555010"
	}
	return sixDigits
}

// result adds to a call the fields that its answer is decoded into.
func (c *caller) result(method reflect.Type, key string) {
	of, prefix := method.Out(0), ""
	if item := listOf(method); item != nil {
		of, prefix = item, "data[]"
	}
	if !isWire(of) {
		return
	}
	typed := Fields{}
	c.describe(of, prefix, nil, typed)
	delete(typed, prefix)
	call := c.rec.source.Calls[key]
	for name, asked := range call.Response {
		if _, ok := typed[name]; !ok {
			typed[name] = asked
		}
	}
	call.Response = typed
	c.rec.source.Calls[key] = call
}
