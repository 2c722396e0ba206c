package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/ready"
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

const columns = "%-16s %-20.20s %-18s %-24s %-20s %-12s %s\n"

func (t *table) account(r row) error {
	if t.accounts == 0 {
		fmt.Fprintf(t.w, columns, "WABA", "NAME", "NUMBER", "NAME STATUS", "CERTIFICATE", "STATUS", "IN THE WAY")
	}
	t.add(r)
	if len(r.Numbers.Data) == 0 {
		_, err := fmt.Fprintf(t.w, columns, r.ID, r.Name, "none yet", "", "", "", "")
		return err
	}
	for _, n := range r.Numbers.Data {
		status := string(n.NameStatus)
		if n.NewNameStatus != "" {
			status += "+NEW"
		}
		if _, err := fmt.Fprintf(t.w, columns, r.ID, n.VerifiedName, n.DisplayPhoneNumber, status, fingerprint(n.Certificate), n.Status, inTheWay(n)); err != nil {
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
		return "none"
	}
	sum := sha256.Sum256([]byte(certificate))
	return fmt.Sprintf("%x (%d)", sum[:6], len(certificate))
}

// inTheWay is what is to be done before the number sends under its right name.
func inTheWay(n phonenumbers.Number) string {
	if n.NewCertificate != "" {
		return "new certificate " + fingerprint(n.NewCertificate) + ": register again"
	}
	return ready.Number(n)
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
	Ready    bool   `json:"ready"`
	InTheWay string `json:"in_the_way,omitempty"`
}

func (l *lines) account(r row) error {
	l.add(r)
	doc := lineDoc{ID: r.ID, Name: r.Name, Owner: r.Owner, Numbers: []numberDoc{}}
	for _, n := range r.Numbers.Data {
		doc.Numbers = append(doc.Numbers, numberDoc{Number: n, Ready: ready.Number(n) == "", InTheWay: inTheWay(n)})
	}
	return l.encoder.Encode(doc)
}

func (l *lines) end(called fmt.Stringer) error { return l.write(l.counts, called) }
