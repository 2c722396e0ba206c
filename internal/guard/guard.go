package guard

import (
	"fmt"
	"runtime/debug"

	"github.com/seed-8fdceacd/wagraph/internal/chain"
)

// Panic is a recovered panic.
type Panic struct {
	// Name says what panicked, for instance "Store.Update".
	Name string
	// Value is what was passed to panic.
	Value any
	// Stack is the stack of the goroutine that panicked.
	Stack []byte

	kind error
}

// Error names what panicked and the panic's value. The stack is not part of it.
func (p *Panic) Error() string { return fmt.Sprintf("%s panicked: %v", p.Name, p.Value) }

// Unwrap returns the kind, and the value if the code panicked with an error. The kind
// of that error is not found.
func (p *Panic) Unwrap() []error {
	if err, ok := p.Value.(error); ok {
		return []error{p.kind, chain.Without(err, p.kind)}
	}
	return []error{p.kind}
}

// Run calls f and returns its error. If f panics, Run returns a *Panic that
// unwraps to kind.
func Run(name string, kind error, f func() error) (err error) {
	defer Recover(name, kind, &err)
	return f()
}

// Recover stores a panic of the surrounding function in err. It must be
// deferred directly.
func Recover(name string, kind error, err *error) { //nolint:gocritic // it sets a named result
	if value := recover(); value != nil {
		*err = &Panic{Name: name, Value: value, Stack: debug.Stack(), kind: kind}
	}
}
