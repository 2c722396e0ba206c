package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes of the programs.
const (
	ExitDone   = 0
	ExitFailed = 1 // stopped by an error that says what to do
	ExitUsage  = 2 // wrong flags or a wrong environment; nothing was called
	ExitLater  = 3 // not finished: the rest has to wait
)

// Process is a program's view of its process. Tests make their own.
type Process struct {
	Args     []string
	Env      Env
	In       io.Reader
	Out, Err io.Writer
}

// Main runs a program until it ends or is interrupted, and exits.
func Main(name string, run func(context.Context, Process) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := Process{Args: os.Args[1:], Env: os.LookupEnv, In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	code := Run(ctx, name, p, run)
	stop()
	os.Exit(code)
}

// Run runs a program, prints the error that it ends with, and returns the exit
// code.
func Run(ctx context.Context, name string, p Process, run func(context.Context, Process) error) int {
	err := run(ctx, p)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return ExitDone
	}
	if usage, ok := errors.AsType[*UsageError](err); ok {
		fmt.Fprint(p.Err, Wrap(name+": ", "  ", usage.Error()))
		fmt.Fprintf(p.Err, "%s -h explains.\n", name)
		return ExitUsage
	}
	stop, ok := errors.AsType[*StopError](err)
	if !ok {
		stop = &StopError{Err: err}
	}
	fmt.Fprint(p.Err, "\n", Wrap("", "", stop.Error()))
	if stop.Next != "" {
		fmt.Fprint(p.Err, "\n", Wrap("Next: ", "", stop.Next))
	}
	if stop.Exit == ExitDone {
		return ExitFailed
	}
	return stop.Exit
}

// StopError is an error with the next thing to do about it.
type StopError struct {
	Err  error
	Next string
	// Exit is the exit code; zero means ExitFailed.
	Exit int
}

// Error returns the text of Err.
func (e *StopError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *StopError) Unwrap() error { return e.Err }

// UsageError is a mistake in the flags or in the environment. Its text names the
// flag or the variable, and never shows the value of a secret.
type UsageError struct{ err error }

// Usagef makes a UsageError.
func Usagef(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}

// Usage makes an error a UsageError. Usage of nil is nil.
func Usage(err error) error {
	if err == nil {
		return nil
	}
	return &UsageError{err}
}

// Error returns the text.
func (e *UsageError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.err }
