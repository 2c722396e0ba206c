package cli

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// Flags are a program's flags, with a help text of 80 columns.
type Flags struct {
	*flag.FlagSet
	// Usage is the first part of the help text, printed unchanged. Footer is the
	// last part.
	Usage, Footer string
}

// NewFlags makes an empty set.
func NewFlags(name, usage, footer string) *Flags {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard) // Run prints the error
	return &Flags{FlagSet: set, Usage: usage, Footer: footer}
}

// ArgumentError means that an argument is not a flag. It does not show the
// argument, which may be a secret.
type ArgumentError struct {
	// At is the argument's place among those that were read, from 1.
	At int
}

// Error returns the text, for a program that takes only flags.
func (e *ArgumentError) Error() string {
	return fmt.Sprintf("there are no arguments, only flags; the first one that is not a flag is argument %d", e.At)
}

// Read parses the arguments. It returns flag.ErrHelp after -h, when the help has
// been printed to help. Unknown flags and flags with a blank value are a
// UsageError. An argument that is not a flag is one too, with an ArgumentError in
// it.
func (f *Flags) Read(args []string, help io.Writer) error {
	err := f.Parse(args)
	switch {
	case err == flag.ErrHelp: //nolint:errorlint // it is returned unchanged, never wrapped
		f.help(help)
		return err
	case err != nil:
		return Usage(err)
	case f.NArg() > 0:
		return Usage(&ArgumentError{At: len(args) - f.NArg() + 1})
	}
	return f.blank()
}

// blank refuses a flag whose value is blank, as in -code "$CODE" without a CODE.
func (f *Flags) blank() (err error) {
	f.Visit(func(set *flag.Flag) {
		if err == nil && strings.TrimSpace(set.Value.String()) == "" {
			err = Usagef("-%s is blank: give it a value, or leave it out", set.Name)
		}
	})
	return err
}

// Given reports whether the flag was on the command line, even with its default.
func (f *Flags) Given(name string) bool {
	found := false
	f.Visit(func(set *flag.Flag) { found = found || set.Name == name })
	return found
}

// defaultText is the default of a flag.
func defaultText(one *flag.Flag) string {
	if d, err := time.ParseDuration(one.DefValue); err == nil && d > 0 {
		return Duration(d)
	}
	return one.DefValue
}

// help prints every flag with its text.
func (f *Flags) help(w io.Writer) {
	fmt.Fprint(w, f.Usage, "\nFlags:\n")
	f.VisitAll(func(one *flag.Flag) {
		value, text := flag.UnquoteUsage(one)
		head := "  -" + one.Name
		if value != "" {
			head += " " + value
		}
		if d := defaultText(one); d != "" && d != "false" && d != "0" && d != "0s" {
			text += " (default " + d + ")"
		}
		fmt.Fprintln(w, head)
		fmt.Fprint(w, Wrap("      ", "      ", text))
	})
	fmt.Fprint(w, f.Footer)
}
