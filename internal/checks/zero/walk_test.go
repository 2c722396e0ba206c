package zero_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// entry is one exported function or type of a public package.
type entry struct {
	name  string       // "waba.New"
	value any          // the function
	of    reflect.Type // the type
}

// finding is a call that panics, blocks, or returns an error of another kind.
type finding struct {
	name string // "waba.New", or "waba.Client.Get"
	how  string // the receiver and the context
	what string
}

var contextType = reflect.TypeFor[context.Context]()

// walker calls functions and methods with zero arguments.
type walker struct {
	ctx      context.Context // nil in the first round
	how      string
	ignore   func(name, how string) bool
	start    func(name, how string) // is called before each call
	calls    int
	findings []finding
	seen     map[string]bool // what was called, with its receiver
}

// walk visits all entries, with nil contexts and with context.Background.
func walk(entries []entry, ignore func(name, how string) bool, start func(name, how string)) (findings []finding, calls int) {
	for _, ctx := range []context.Context{nil, context.Background()} {
		w := &walker{ctx: ctx, how: "nil context", ignore: ignore, start: start, seen: map[string]bool{}}
		if ctx != nil {
			w.how = "context"
		}
		for _, e := range entries {
			if e.of == nil {
				w.call(e.name, "", reflect.ValueOf(e.value), 0)
				continue
			}
			if e.of.Kind() == reflect.Interface {
				continue
			}
			w.methods(reflect.New(e.of), "zero value", 0)
			w.methods(reflect.Zero(reflect.PointerTo(e.of)), "nil pointer", 0)
		}
		findings, calls = append(findings, w.findings...), calls+w.calls
	}
	return findings, calls
}

// maxDepth is how many results of results are visited: a client, its list, the
// iterator of the list.
const maxDepth = 3

// methods calls the methods of a value, if its type is of a public package. A method
// with a value receiver cannot be called on a nil pointer.
func (w *walker) methods(value reflect.Value, receiver string, depth int) {
	of := value.Type()
	base := of
	if of.Kind() == reflect.Pointer {
		base = of.Elem()
	}
	public := strings.HasPrefix(base.PkgPath(), module) && !strings.Contains(base.PkgPath(), "/internal/")
	if !public || depth > maxDepth {
		return
	}
	null := of.Kind() == reflect.Pointer && value.IsNil()
	for i := range value.NumMethod() {
		method := of.Method(i)
		if _, byValue := base.MethodByName(method.Name); byValue && null {
			continue
		}
		w.call(typeName(base)+"."+method.Name, receiver, value.Method(i), depth)
	}
}

// typeName returns "graph.List" for graph.List[struct {}].
func typeName(of reflect.Type) string {
	name, _, _ := strings.Cut(of.String(), "[")
	return name
}

// call calls one function, and then the methods of its results.
func (w *walker) call(name, receiver string, function reflect.Value, depth int) {
	how := strings.TrimPrefix(receiver+", "+w.how, ", ")
	if w.seen[name+how] || w.ignore(name, how) {
		return
	}
	w.seen[name+how] = true
	w.calls++
	w.start(name, how)
	args := make([]reflect.Value, function.Type().NumIn())
	for i := range args {
		args[i] = reflect.New(function.Type().In(i)).Elem()
		if w.ctx != nil && args[i].Type() == contextType {
			args[i].Set(reflect.ValueOf(w.ctx))
		}
	}
	results, problem := protected(func() []reflect.Value {
		if function.Type().IsVariadic() {
			return function.CallSlice(args)
		}
		return function.Call(args)
	})
	if problem != "" {
		w.findings = append(w.findings, finding{name, how, problem})
		return
	}
	if err := errorOf(results); err != nil {
		if !isDataMethod(name) {
			w.require(name, how, err)
		}
		return
	}
	for _, result := range results {
		w.result(name, result, depth+1)
	}
}

// require notes an error that is not about the input.
func (w *walker) require(name, how string, err error) {
	if graph.KindOf(err) != graph.ErrInput {
		w.findings = append(w.findings, finding{name, how, fmt.Sprintf("%T of kind %q: %.100s", err, graph.KindOf(err), err.Error())})
	}
}

// result visits what a call returned: the elements of an iterator, or the methods of
// a value.
func (w *walker) result(name string, result reflect.Value, depth int) {
	if result.Kind() == reflect.Interface && !result.IsNil() {
		result = result.Elem()
	}
	switch {
	case !result.IsValid(), result.Kind() == reflect.Interface:
	case result.Type().CanSeq2() && result.Kind() == reflect.Func && !result.IsNil():
		w.sequence(name, result, depth)
	default:
		w.methods(result, "of "+name, depth)
	}
}

// sequence takes the first element of an iterator of values and errors.
func (w *walker) sequence(name string, seq reflect.Value, depth int) {
	how := "its iterator, " + w.how
	if w.ignore(name, how) {
		return
	}
	w.start(name, how)
	elements, problem := protected(func() []reflect.Value {
		for value, err := range seq.Seq2() {
			return []reflect.Value{value, err}
		}
		return nil
	})
	if problem != "" {
		w.findings = append(w.findings, finding{name, how, problem})
		return
	}
	if err := errorOf(elements); err != nil {
		w.require(name, how, err)
		return
	}
	for _, element := range elements {
		w.result(name, element, depth+1)
	}
}

// errorOf returns the last result if its type is error.
func errorOf(results []reflect.Value) error {
	if len(results) == 0 || results[len(results)-1].Type() != reflect.TypeFor[error]() {
		return nil
	}
	err, _ := reflect.TypeAssert[error](results[len(results)-1])
	return err
}

// maxDuration is how long a call with zero arguments may take.
const maxDuration = 5 * time.Second

// protected runs a call, and returns what is wrong if it panics or blocks.
func protected(call func() []reflect.Value) (results []reflect.Value, problem string) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				problem = fmt.Sprintf("panics: %.100v", p)
			}
		}()
		results = call()
	}()
	select {
	case <-done:
		return results, problem
	case <-time.After(maxDuration):
		return nil, "blocks"
	}
}

func TestWalk_FindsPanicsBlockedCallsAndOtherErrors(t *testing.T) {
	findings, calls := walk([]entry{
		{name: "zero.Good", value: func(context.Context, int) error { return &graph.InputError{Field: "x", Reason: "is missing"} }},
		{name: "zero.Panics", value: func(ctx context.Context) { ctx.Done() }},
		{name: "zero.Fails", value: func(...string) (int, error) { return 0, context.Canceled }},
		{name: "zero.Lists", value: func() func(func(int, error) bool) {
			return func(yield func(int, error) bool) { yield(0, context.Canceled) }
		}},
		{name: "zero.Ignored", value: func() { panic("ignored") }},
	}, func(name, _ string) bool { return name == "zero.Ignored" }, func(string, string) {})
	var got []string
	for _, f := range findings {
		got = append(got, f.name+" "+f.how+" "+f.what)
	}
	text := strings.Join(got, "\n")
	if calls != 8 || len(findings) != 5 || strings.Count(text, "zero.Panics nil context panics") != 1 ||
		strings.Count(text, "zero.Fails") != 2 || strings.Count(text, "zero.Lists its iterator") != 2 {
		t.Errorf("%d calls:\n%s", calls, text)
	}
}
