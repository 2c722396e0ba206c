package sdktest

import (
	"context"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// CheckZeroClients calls every method of *C, with zero arguments, on clients
// that cannot call: a nil pointer, a zero value, and newClient(nil). Each has to
// end with an InputError that names the constructor. It then calls each with a
// nil context, and with zero arguments, on a client that can call: those are
// InputErrors too, and nothing is sent. It returns how many calls it made.
func CheckZeroClients[C any](t *testing.T, newClient func(*graph.Client) *C, constructor string) int {
	t.Helper()
	server := graphtest.New(t)
	calls := 0
	for name, client := range map[string]*C{"nil": nil, "zero": new(C), "of nil": newClient(nil)} {
		eachMethod(client, func(method string, call func(context.Context) error, _ bool) {
			calls++
			err := call(t.Context())
			require.Error(t, err, "%s of a client that is %s", method, name)
			RequireInputError(t, err, "client")
			require.ErrorContains(t, err, "make one with "+constructor, method)
		})
	}
	eachMethod(newClient(server.Client()), func(method string, call func(context.Context) error, takesContext bool) {
		calls++
		require.ErrorIs(t, call(t.Context()), graph.ErrInput, method)
		if takesContext {
			calls++
			var none context.Context
			RequireInputError(t, call(none), "context")
		}
	})
	require.Empty(t, server.Calls())
	return calls
}

// eachMethod visits the exported methods of a client. The call passes a context
// and zero values, and returns the error of the method or of the list that it
// returned.
func eachMethod(client any, visit func(name string, call func(context.Context) error, takesContext bool)) {
	value := reflect.ValueOf(client)
	for i := range value.NumMethod() {
		method := value.Method(i)
		takesContext := method.Type().NumIn() > 0 && method.Type().In(0) == reflect.TypeFor[context.Context]()
		visit(value.Type().Method(i).Name, func(ctx context.Context) error {
			args := make([]reflect.Value, method.Type().NumIn())
			for at := range args {
				args[at] = reflect.New(method.Type().In(at)).Elem()
				if at == 0 && takesContext && ctx != nil {
					args[at].Set(reflect.ValueOf(ctx))
				}
			}
			results := method.Call
			if method.Type().IsVariadic() {
				results = method.CallSlice
			}
			return errorOf(ctx, results(args))
		}, takesContext)
	}
}

// errorOf returns the error among the results of a method, or the first error
// of a list.
func errorOf(ctx context.Context, results []reflect.Value) error {
	for _, result := range results {
		if err, ok := reflect.TypeAssert[error](result); ok {
			return err
		}
		all := result.MethodByName("All")
		if !all.IsValid() {
			continue
		}
		for _, err := range all.Call([]reflect.Value{reflect.ValueOf(ctx)})[0].Seq2() {
			if err, ok := reflect.TypeAssert[error](err); ok {
				return err
			}
		}
	}
	return nil
}
