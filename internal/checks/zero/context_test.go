package zero_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graph/pacing"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// The walk calls zero values, which refuse a call before they look at its context. So
// the methods of values that work are called with a nil context here.

// withoutContext are the types and methods that take a context and are not called
// with zero arguments, with the reason.
var withoutContext = map[string]string{
	"sqlstore.Store":     "it needs a database: signup/sqlstore tests it",
	"vault.Keyring.Open": "it works in memory, and has a context because it is an AEAD",
	"vault.Keyring.Seal": "it works in memory, and has a context because it is an AEAD",
}

// workingValues returns a value that works of each type with a method that takes a
// context.
func workingValues(t *testing.T, server *graphtest.Server) map[string]any {
	t.Helper()
	world, client := server.World(), server.Client()
	app := signup.App{ID: world.App, Secret: world.AppSecret}
	keys, err := vault.NewKeyring("a", map[string][]byte{"a": []byte(strings.Repeat("k", vault.KeySize))})
	require.NoError(t, err)
	storage := vault.NewMemoryStorage()
	sealed, err := vault.NewSealedVault(storage, keys)
	require.NoError(t, err)
	flow, err := onboard.New(onboard.Config{Client: client, App: app, Business: world.Business, Store: onboard.NewMemoryStore(), Vault: sealed})
	require.NoError(t, err)
	batch := graph.NewBatch(client)
	graph.Add(batch, waba.GetOp(world.ClientWABAs[0]))
	return map[string]any{
		"credit.Client": credit.New(client), "phonenumbers.Client": phonenumbers.New(client), "waba.Client": waba.New(client),
		"signup.Client": signup.New(client, app), "signup.App": &app, "signup.Token": &signup.Token{Access: world.Admin.Token},
		"graph.Client": client, "graph.Batch": batch,
		"graph.List":    graph.NewList[struct{}](client, graph.Request{Route: "/me"}, graph.ListOptions{}),
		"pacing.Memory": pacing.NewMemory(10), "pacing.Pacer": pacing.New(pacing.Config{}),
		"onboard.Flow": flow, "onboard.MemoryStore": onboard.NewMemoryStore(), "onboard.MemoryLeases": onboard.NewMemoryLeases(),
		"vault.Keyring": keys, "vault.MemoryStorage": storage, "vault.SealedVault": sealed,
	}
}

func takesContext(function reflect.Type) bool {
	for in := range function.Ins() {
		if in == contextType {
			return true
		}
	}
	return false
}

// TestNilContext_IsRefusedByValuesThatWork calls each method that takes a context with
// nil and with zero arguments. It returns an InputError about the context, sends
// nothing, and the value answers afterwards.
func TestNilContext_IsRefusedByValuesThatWork(t *testing.T) {
	server := graphtest.New(t)
	values := workingValues(t, server)
	for _, e := range registry {
		if e.of == nil || e.of.Kind() == reflect.Interface || withoutContext[e.name] != "" {
			continue
		}
		of := reflect.PointerTo(e.of)
		for of := range of.Methods() {
			name := e.name + "." + of.Name
			if !takesContext(of.Type) || withoutContext[name] != "" {
				continue
			}
			require.Contains(t, values, e.name, "%s takes a context: give a value that works", name)
			method := reflect.ValueOf(values[e.name]).MethodByName(of.Name)
			requireNilContextRefused(t, name, method)
			_, problem := callWith(t.Context(), method)
			require.NotEqual(t, "blocks", problem, "%s, after the call with a nil context", name)
		}
	}
	before := len(server.Calls())
	client, id := server.Client(), server.World().ClientWABAs[0]
	var none context.Context
	_, err := graph.Send(none, client, waba.GetOp(id))
	requireAboutContext(t, "graph.Send", err)
	requireAboutContext(t, "graph.SendByIDs", graph.SendByIDs(none, client, []graph.Op[waba.Account]{waba.GetOp(id)})[0].Err)
	for _, err := range waba.New(client).Subscriptions(id).All(none) {
		requireAboutContext(t, "a list", err)
	}
	for name, source := range map[string]graph.TokenSource{
		"graph.StaticToken": graph.StaticToken("x"), "graph.SecretToken": graph.SecretToken(graph.NewSecret("x")), "graph.Anonymous": graph.Anonymous(),
	} {
		_, err := source.Token(none)
		requireAboutContext(t, name, err)
	}
	require.Len(t, server.Calls(), before)
}

// requireNilContextRefused calls a method with nil as its context.
func requireNilContextRefused(t *testing.T, name string, method reflect.Value) {
	t.Helper()
	var none context.Context
	results, problem := callWith(none, method)
	require.Empty(t, problem, name)
	if last := results[len(results)-1]; last.Type().CanSeq2() && last.Kind() == reflect.Func {
		for value, err := range last.Seq2() {
			requireAboutContext(t, name, errorOf([]reflect.Value{value, err}))
			return
		}
		require.Fail(t, name+": its iterator yields no error")
	}
	requireAboutContext(t, name, errorOf(results))
}

func requireAboutContext(t *testing.T, name string, err error) {
	t.Helper()
	input, ok := errors.AsType[*graph.InputError](err)
	require.True(t, ok, "%s: %v", name, err)
	require.Equal(t, "context", input.Field, name)
}

// callWith calls a method with a context and zero arguments.
func callWith(ctx context.Context, method reflect.Value) (results []reflect.Value, problem string) {
	args := make([]reflect.Value, method.Type().NumIn())
	for i := range args {
		args[i] = reflect.New(method.Type().In(i)).Elem()
		if args[i].Type() == contextType && ctx != nil {
			args[i].Set(reflect.ValueOf(ctx))
		}
	}
	return protected(func() []reflect.Value {
		if method.Type().IsVariadic() {
			return method.CallSlice(args)
		}
		return method.Call(args)
	})
}

// TestWithoutContext_IsNeeded fails when a type was removed, or is called by now.
func TestWithoutContext_IsNeeded(t *testing.T) {
	for name, reason := range withoutContext {
		require.NotEmpty(t, reason)
		require.True(t, slices.ContainsFunc(registry, func(e entry) bool { return name == e.name || strings.HasPrefix(name, e.name+".") }), name)
	}
}
