package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
)

// totals are what the last line counts.
type totals struct{ accounts, numbers, certificates, waiting int }

func (t *totals) add(r row) {
	t.accounts++
	for _, n := range r.Numbers.Data {
		t.numbers++
		if n.Certificate != "" {
			t.certificates++
		}
		if n.NewCertificate != "" {
			t.waiting++
		}
	}
}

func (t totals) write(w io.Writer, called fmt.Stringer) error {
	_, err := fmt.Fprintf(w, "%s, %s, %s, %s waiting\n%s\n",
		cli.Plural(t.accounts, "account"), cli.Plural(t.numbers, "number"), cli.Plural(t.certificates, "certificate"),
		cli.Plural(t.waiting, "new certificate"), called)
	return err
}

// table prints an account, and a line for each of its numbers. The columns are of
// fixed width, so that the first page can be printed before the last one is read.
type table struct {
	*cli.Printer
	w        io.Writer
	progress *cli.Progress
	totals
}

func newTable(p cli.Process, progress *cli.Progress) *table {
	return &table{Printer: cli.NewPrinter(p.Out, p.Env), w: p.Out, progress: progress}
}

const columns = "  %-17s %-12s %-24s %s"

func (t *table) account(r row) error {
	t.progress.Clear()
	if t.accounts == 0 {
		t.Heading(fmt.Sprintf(columns, "NUMBER", "STATUS", "NAME STATUS", "CERTIFICATE"))
	}
	t.add(r)
	t.Hanging("", "%s, %s", r.ID, r.Name)
	if len(r.Numbers.Data) == 0 {
		t.Hanging("  ", "no number yet")
	}
	for _, n := range r.Numbers.Data {
		_, err := fmt.Fprintf(t.w, columns+"\n", n.DisplayPhoneNumber, n.Status, n.NameStatus, fingerprint(n.Certificate))
		if err != nil {
			return err
		}
		if n.NewCertificate != "" {
			fmt.Fprintf(t.w, columns+"\n", "", "", "new certificate:", fingerprint(n.NewCertificate))
		}
		text := n.VerifiedName
		if more := readiness(n); more != "" {
			text += ": " + more
		}
		t.Line("      ", "%s", text)
	}
	return nil
}

func (t *table) end(called fmt.Stringer) error {
	fmt.Fprintln(t.w)
	return t.write(t.w, called)
}

// fingerprint stands for a certificate in a table: the beginning of its SHA-256,
// and its length in Base64.
func fingerprint(certificate string) string {
	if certificate == "" {
		return "-"
	}
	sum := sha256.Sum256([]byte(certificate))
	return fmt.Sprintf("%x (%d)", sum[:6], len(certificate))
}

// readiness says why the number cannot send under its right name, and what else
// is worth knowing. It is empty for a number that can send and has no notes.
func readiness(n phonenumbers.Number) string {
	ready := n.Readiness()
	if n.CanSend() {
		return strings.Join(ready.Notes, "; ")
	}
	return ready.String()
}

// lines prints an account per line, certificates in full.
type lines struct {
	encoder  *json.Encoder
	counts   io.Writer // stdout holds nothing but JSON
	progress *cli.Progress
	totals
}

func newLines(w, counts io.Writer, progress *cli.Progress) *lines {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return &lines{encoder: encoder, counts: counts, progress: progress}
}

type lineDoc struct {
	ID      graph.WABAID   `json:"waba_id"`
	Name    string         `json:"name"`
	Owner   graph.Business `json:"client_business"`
	Numbers []numberDoc    `json:"phone_numbers"`
}

type numberDoc struct {
	phonenumbers.Number
	CanSend   bool   `json:"can_send"`
	Readiness string `json:"readiness"`
}

func (l *lines) account(r row) error {
	l.progress.Clear()
	l.add(r)
	doc := lineDoc{ID: r.ID, Name: r.Name, Owner: r.Owner, Numbers: []numberDoc{}}
	for _, n := range r.Numbers.Data {
		doc.Numbers = append(doc.Numbers, numberDoc{Number: n, CanSend: n.CanSend(), Readiness: n.Readiness().String()})
	}
	return l.encoder.Encode(doc)
}

func (l *lines) end(called fmt.Stringer) error { return l.write(l.counts, called) }
