package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/waba"
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
	_, err := fmt.Fprintf(w, "%d accounts, %d numbers, %d certificates, %d new ones waiting: %s\n",
		t.accounts, t.numbers, t.certificates, t.waiting, called)
	return err
}

// table prints a line per number. The columns are of fixed width: nothing waits
// for the longest name.
type table struct {
	w io.Writer
	totals
}

const columns = "%-16s %-20.20s %-17s %-24s %-19s %-19s %-12s %s\n"

func (t *table) account(r row) error {
	if t.accounts == 0 {
		fmt.Fprintf(t.w, columns, "WABA", "NAME", "NUMBER", "NAME STATUS", "CERTIFICATE", "NEW CERTIFICATE", "STATUS", "READINESS")
	}
	t.add(r)
	if len(r.Numbers.Data) == 0 {
		_, err := fmt.Fprintf(t.w, columns, r.ID, r.Name, "none yet", "", "", "", "", "")
		return err
	}
	for _, n := range r.Numbers.Data {
		_, err := fmt.Fprintf(t.w, columns, r.ID, n.VerifiedName, n.DisplayPhoneNumber, n.NameStatus,
			fingerprint(n.Certificate), fingerprint(n.NewCertificate), n.Status, readiness(n))
		if err != nil {
			return err
		}
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

// readiness is what keeps the number from sending under its right name, and
// what else is worth knowing; nothing for a number that simply works.
func readiness(n phonenumbers.Number) string {
	ready := n.Readiness()
	if n.CanSend() {
		return strings.Join(ready.Notes, "; ")
	}
	return ready.String()
}

// lines prints an account per line, certificates in full.
type lines struct {
	encoder *json.Encoder
	counts  io.Writer // stdout holds nothing but JSON
	totals
}

func newLines(w, progress io.Writer) *lines {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return &lines{encoder: encoder, counts: progress}
}

type lineDoc struct {
	ID      wagraph.WABAID `json:"waba_id"`
	Name    string         `json:"name"`
	Owner   waba.Business  `json:"client_business"`
	Numbers []numberDoc    `json:"phone_numbers"`
}

type numberDoc struct {
	phonenumbers.Number
	CanSend   bool   `json:"can_send"`
	Readiness string `json:"readiness"`
}

func (l *lines) account(r row) error {
	l.add(r)
	doc := lineDoc{ID: r.ID, Name: r.Name, Owner: r.Owner, Numbers: []numberDoc{}}
	for _, n := range r.Numbers.Data {
		doc.Numbers = append(doc.Numbers, numberDoc{Number: n, CanSend: n.CanSend(), Readiness: n.Readiness().String()})
	}
	return l.encoder.Encode(doc)
}

func (l *lines) end(called fmt.Stringer) error { return l.write(l.counts, called) }
