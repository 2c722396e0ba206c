// Package zero tests that nil and zero values of the public packages do not panic.
//
// Its test calls each exported function, and each method of each exported type,
// with zero arguments: once with nil contexts, once with context.Background. A
// method is called on the zero value of its type, on a nil pointer, and on what the
// functions returned. No call may panic or block. A call that returns an error has
// to return one of kind ErrInput, which says what makes the value.
//
// Zero values refuse a call before they look at its context. So another test calls each
// method that takes a context with nil, on values that work.
//
// Go cannot list the functions of a package while a program runs. So generate writes
// registry_test.go, which lists them; a test fails when that file is out of date.
package zero

//go:generate go run ./generate
