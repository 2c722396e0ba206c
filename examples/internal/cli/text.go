package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// Columns is the width of everything that the programs print.
const Columns = 80

// Wrap breaks a text between words, so that no line is longer than Columns. The
// first line begins with first, the others with rest. A word that is longer than
// a line, such as a token, has a line for itself. The result ends with a newline.
func Wrap(first, rest, text string) string {
	var b strings.Builder
	b.WriteString(first)
	column, empty := utf8.RuneCountInString(first), true
	for word := range strings.FieldsSeq(text) {
		size := utf8.RuneCountInString(word)
		switch {
		case empty:
		case column+1+size > Columns:
			b.WriteString("\n" + rest)
			column = utf8.RuneCountInString(rest)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column, empty = column+size, false
	}
	b.WriteByte('\n')
	return b.String()
}

// Colour is the colour of a word.
type Colour string

// The colours, by what they are for.
const (
	Heading Colour = "1"
	Good    Colour = "32"
	Bad     Colour = "31"
	Waiting Colour = "33"
	Quoted  Colour = "36" // what a server said
)

// Printer prints text on 80 columns, with colours if the terminal shows them.
type Printer struct {
	w       io.Writer
	colours bool
}

// NewPrinter makes a Printer for a writer.
func NewPrinter(w io.Writer, env Env) *Printer {
	return &Printer{w: w, colours: colours(w, env)}
}

// Line prints an indented text. The lines after the first have the same indent.
func (p *Printer) Line(indent, format string, args ...any) {
	fmt.Fprint(p.w, Wrap(indent, indent, fmt.Sprintf(format, args...)))
}

// Heading prints a line in the colour of headings.
func (p *Printer) Heading(text string) {
	if p.colours && text != "" {
		text = "\x1b[" + string(Heading) + "m" + text + "\x1b[0m"
	}
	fmt.Fprintln(p.w, text)
}

// Hanging prints a text after a head. The lines after the first begin deeper.
func (p *Printer) Hanging(head, format string, args ...any) {
	fmt.Fprint(p.w, Wrap(head, head+"  ", fmt.Sprintf(format, args...)))
}

// Labelled prints a text after a label in colour. The lines after the first
// begin below the text's first word.
func (p *Printer) Labelled(indent string, colour Colour, label, format string, args ...any) {
	head := indent + label + " "
	text := Wrap(head, strings.Repeat(" ", utf8.RuneCountInString(head)), fmt.Sprintf(format, args...))
	if body, ok := strings.CutPrefix(text, indent+label); ok && p.colours {
		text = indent + "\x1b[" + string(colour) + "m" + label + "\x1b[0m" + body
	}
	fmt.Fprint(p.w, text)
}

// Row prints a text after a name, which has a column of its own.
func (p *Printer) Row(indent string, width int, name, format string, args ...any) {
	p.Labelled(indent, Heading, fmt.Sprintf("%-*s", width, name), " "+format, args...)
}

// colours reports whether a writer is a terminal that shows colours, and NO_COLOR
// is not set.
func colours(w io.Writer, env Env) bool {
	if value, _ := env("NO_COLOR"); value != "" {
		return false
	}
	return controllable(w, env)
}

// controllable reports whether a writer is a terminal that obeys escape sequences.
func controllable(w io.Writer, env Env) bool {
	term, _ := env("TERM")
	return IsTerminal(w) && term != "" && term != "dumb"
}

// IsTerminal reports whether a reader or writer is a terminal.
func IsTerminal(stream any) bool {
	file, ok := stream.(interface{ Stat() (os.FileInfo, error) })
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
