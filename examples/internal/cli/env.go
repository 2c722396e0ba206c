package cli

import (
	"errors"
	"os"
	"strings"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Env looks up a variable: os.LookupEnv, or a test's own.
type Env func(name string) (value string, set bool)

// FileSuffix ends the name of a variable that names a file with the value in it.
const FileSuffix = "_FILE"

// Set reports whether the variable, or the one with _FILE after its name, is
// there. Its value may be blank.
func (e Env) Set(name string) bool {
	_, direct := e(name)
	_, file := e(name + FileSuffix)
	return direct || file
}

// Text returns the value of a variable, "" if it is not set. A variable that is
// set and blank is a UsageError: it is usually a typing mistake in a script.
func (e Env) Text(name string) (string, error) {
	value, set := e(name)
	if !set {
		return "", nil
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", Usagef("%s is set and blank: give it a value, or unset it", name)
	}
	return value, nil
}

// Secret returns the value of a variable or, if NAME_FILE is set, of the file
// that it names: a secret does not have to be in the environment. It is the zero
// Secret if neither is set. Errors name the variable and show no value.
func (e Env) Secret(name string) (graph.Secret, error) {
	text, err := e.Text(name)
	if err != nil {
		return graph.Secret{}, err
	}
	file, err := e.Text(name + FileSuffix)
	if err != nil {
		return graph.Secret{}, err
	}
	switch {
	case file == "":
		return graph.NewSecret(text), nil
	case text != "":
		return graph.Secret{}, Usagef("%s and %s are both set: unset one of them", name, name+FileSuffix)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		if cause := errors.Unwrap(err); cause != nil {
			err = cause // the path may be a secret by mistake
		}
		return graph.Secret{}, Usagef("%s names a file that cannot be read: %w", name+FileSuffix, err)
	}
	if text = strings.TrimSpace(string(content)); text == "" {
		return graph.Secret{}, Usagef("%s names a file that is blank", name+FileSuffix)
	}
	return graph.NewSecret(text), nil
}
