package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Errors of asking.
var (
	// ErrNoTerminal: there is nobody to ask.
	ErrNoTerminal = errors.New("this would act on a real server, and there is no terminal to ask on; -yes goes ahead without asking")
	// ErrDeclined: the answer was no.
	ErrDeclined = errors.New("stopped: it was not confirmed")
)

// Asker asks the person at the terminal before something that cannot be undone.
type Asker struct {
	// Needed is false where nothing is at stake: see Target.Real.
	Needed bool
	// Yes is the answer given beforehand, with a flag.
	Yes bool
	In  io.Reader
	Out io.Writer
}

// Check tells at once, before anything is done, whether asking will be possible:
// a signup code that was exchanged only to find nobody at the terminal is lost.
func (a Asker) Check() error {
	if !a.Needed || a.Yes {
		return nil
	}
	if file, ok := a.In.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&fs.ModeCharDevice != 0 {
			return nil
		}
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
	fmt.Fprintf(a.Out, "\n%s\nType yes to go ahead: ", question)
	answer := make(chan string, 1)
	go func() { // a terminal's read cannot be interrupted: it is left to the end of the process
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

// readLine reads a line and nothing behind it, which is for the next question.
// An end of the input is an end of the line.
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
