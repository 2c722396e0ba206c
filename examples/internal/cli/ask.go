package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Errors of asking.
var (
	// ErrNoTerminal means that a question is needed, and that stdin is not a
	// terminal where a person could answer it.
	ErrNoTerminal = errors.New("this would act on a real server, and there is no terminal to ask on; -yes acts without asking")
	// ErrDeclined means that the person did not type yes.
	ErrDeclined = errors.New("stopped: it was not confirmed")
)

// Asker asks the person at the terminal before something that cannot be undone.
type Asker struct {
	// Needed is false where nothing can be lost: see target.Target.Real.
	Needed bool
	// Yes is the answer from a flag.
	Yes bool
	In  io.Reader
	Out io.Writer
}

// Check reports whether it is possible to ask. Programs call it before they do
// anything: a signup code that was exchanged first would be lost.
func (a Asker) Check() error {
	if !a.Needed || a.Yes || IsTerminal(a.In) {
		return nil
	}
	return ErrNoTerminal
}

// Confirm returns nil if the person types yes.
func (a Asker) Confirm(ctx context.Context, question string) error {
	if !a.Needed || a.Yes {
		return nil
	}
	if err := a.Check(); err != nil {
		return err
	}
	fmt.Fprint(a.Out, "\n", Wrap("", "", question), "Type yes to go ahead: ")
	answer := make(chan string, 1)
	go func() { // a terminal's read cannot be interrupted: it ends with the process
		answer <- readLine(a.In)
	}()
	select {
	case line := <-answer:
		if strings.EqualFold(strings.TrimSpace(line), "yes") {
			return nil
		}
		return ErrDeclined
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readLine reads a line and nothing after it, because the rest is for the next
// question. The end of the input is the end of the line.
func readLine(r io.Reader) string {
	var line []byte
	for b := make([]byte, 1); ; {
		n, err := r.Read(b)
		if n > 0 && b[0] != '\n' {
			line = append(line, b[0])
			continue
		}
		if n > 0 || err != nil {
			return string(line)
		}
	}
}
