package chain

import (
	"errors"
	"reflect"
)

// Without returns an error with the text of err. errors.Is and errors.As find in it
// what they find in err, except errors of the type of kind. A kind that is a pointer
// is one error and no type of errors, and err is returned unchanged.
func Without(err, kind error) error {
	of := reflect.TypeOf(kind)
	if err == nil || of == nil || of.Kind() == reflect.Pointer {
		return err
	}
	return &without{err, of}
}

type without struct {
	err  error
	kind reflect.Type
}

// Error returns the text of the whole error.
func (w *without) Error() string { return w.err.Error() }

// Is does not find a kind. There is no Unwrap, which would lead errors.Is past it.
func (w *without) Is(target error) bool {
	return reflect.TypeOf(target) != w.kind && errors.Is(w.err, target)
}

// As does not find a kind.
func (w *without) As(target any) bool {
	return reflect.TypeOf(target).Elem() != w.kind && errors.As(w.err, target)
}

// Join returns the errors that are not nil, as errors.Join does, with the kind of the
// first of them. It returns a single one unchanged, and nil if there is none.
func Join(kind error, errs ...error) error {
	var all []error
	for _, err := range errs {
		switch {
		case err == nil:
		case len(all) == 0:
			all = append(all, err)
		default:
			all = append(all, Without(err, kind))
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return errors.Join(all...)
}
