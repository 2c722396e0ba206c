package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// document is what -json prints, and what the summary is written from.
type document struct {
	Target     string       `json:"target"`
	Simulated  bool         `json:"simulated"`
	Version    string       `json:"version"`
	Fault      string       `json:"fault,omitempty"`
	DryRun     bool         `json:"dry_run"`
	Done       bool         `json:"done"`
	Steps      []stepDoc    `json:"steps"`
	Accounts   []accountDoc `json:"accounts"`
	Calls      int          `json:"calls"`
	RoundTrips int          `json:"round_trips"`
	Error      *errorDoc    `json:"error,omitempty"`
}

type stepDoc struct {
	Name       string    `json:"name"`
	Purpose    string    `json:"purpose"`
	Done       bool      `json:"done"`
	Did        []string  `json:"did,omitempty"`
	Meta       []string  `json:"meta,omitempty"`
	Attempts   []callDoc `json:"attempts,omitempty"`
	Calls      int       `json:"calls"`
	RoundTrips int       `json:"round_trips"`
}

type callDoc struct {
	Method  string       `json:"method"`
	Path    string       `json:"path"`
	Attempt int          `json:"attempt"`
	Status  int          `json:"status"`
	Kind    wagraph.Kind `json:"kind,omitempty"`
	Code    int          `json:"code,omitempty"`
	Subcode int          `json:"subcode,omitempty"`
	Again   bool         `json:"again,omitempty"`

	verdict string // the same in words
}

type accountDoc struct {
	ID           wagraph.WABAID       `json:"waba_id"`
	Name         string               `json:"name"`
	BusinessID   wagraph.BusinessID   `json:"client_business_id"`
	BusinessName string               `json:"client_business_name"`
	Currency     string               `json:"currency"`
	Line         wagraph.CreditLineID `json:"credit_line_id"`
	Allocation   wagraph.AllocationID `json:"allocation_config_id,omitempty"`
	Attached     bool                 `json:"attached"`
	// Health is live, degraded or not_live; empty if the run ended before the check.
	Health   onboard.Health `json:"health,omitempty"`
	Findings []findingDoc   `json:"findings"`
	Numbers  []numberDoc    `json:"numbers"`
}

type findingDoc struct {
	Code    onboard.FindingCode `json:"code"`
	Subject string              `json:"subject"`
	Health  onboard.Health      `json:"health"`
	Text    string              `json:"text"`
	Action  string              `json:"action,omitempty"`
}

type numberDoc struct {
	ID                wagraph.PhoneNumberID   `json:"phone_number_id"`
	Display           string                  `json:"display_phone_number"`
	Status            phonenumbers.Status     `json:"status"`
	Name              string                  `json:"verified_name"`
	NameStatus        phonenumbers.NameStatus `json:"name_status"`
	Certificate       string                  `json:"certificate_state"`
	CertificateLength int                     `json:"certificate_length"`
	CanSend           bool                    `json:"can_send"`
}

type errorDoc struct {
	Message string       `json:"message"`
	Kind    wagraph.Kind `json:"kind,omitempty"`
	Code    int          `json:"code,omitempty"`
	Subcode int          `json:"subcode,omitempty"`
	Next    string       `json:"next"`
}

// report completes the document once the run is over.
func (o *onboarding) report(err error) {
	doc := &o.doc
	count := o.calls.Count()
	doc.Done, doc.Calls, doc.RoundTrips = err == nil, count.Calls, count.RoundTrips
	doc.Accounts = []accountDoc{}
	for _, acc := range o.accounts {
		doc.Accounts = append(doc.Accounts, o.accountDoc(acc))
	}
	if err != nil {
		doc.Error = &errorDoc{Message: err.Error(), Kind: wagraph.KindOf(err), Next: o.next(err)}
		doc.Error.Code, doc.Error.Subcode = codes(err)
	}
}

func (o *onboarding) accountDoc(acc *account) accountDoc {
	doc := accountDoc{
		ID: acc.ID, Name: acc.Name, BusinessID: acc.OwnerBusiness.ID, BusinessName: acc.OwnerBusiness.Name, Currency: acc.Currency,
		Line: o.to.CreditLine, Allocation: acc.share.Allocation.ID, Attached: acc.attached,
		Health: acc.report.Health, Findings: []findingDoc{}, Numbers: []numberDoc{},
	}
	for _, f := range acc.report.Findings {
		doc.Findings = append(doc.Findings, findingDoc(f))
	}
	for _, n := range acc.numbers {
		doc.Numbers = append(doc.Numbers, numberDoc{
			ID: n.ID, Display: n.DisplayPhoneNumber, Status: n.Status, Name: n.VerifiedName, NameStatus: n.NameStatus,
			Certificate: certificate(n), CertificateLength: len(n.Certificate),
			CanSend: n.CanSend() && doc.Health != "" && doc.Health != onboard.NotLive,
		})
	}
	return doc
}

func (s *story) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(s.doc)
}

// summary is the document for people.
func (s *story) summary() {
	row := func(name, format string, args ...any) {
		fmt.Fprintf(s.w, "   %-11s  %s\n", name, fmt.Sprintf(format, args...))
	}
	heads := map[onboard.Health]string{onboard.NotLive: "because", onboard.Degraded: "but", onboard.Live: "note"}
	fmt.Fprintln(s.w, "\nSummary")
	for _, acc := range s.doc.Accounts {
		row("WABA", "%s, %q", acc.ID, acc.Name)
		row("client", "business %s, %q", acc.BusinessID, acc.BusinessName)
		row("credit", "%s", acc.credit())
		for _, n := range acc.Numbers {
			row("number", "%s, %s, %s", n.ID, n.Display, n.Status)
			row("name", "%q, %s", n.Name, n.NameStatus)
			row("certificate", "%s", n.certificate())
		}
		row("can send", "%s", acc.canSend())
		for _, f := range acc.Findings {
			row(heads[f.Health], "%s", f)
		}
	}
	row("calls", "%s", s.spent())
}

func (a accountDoc) credit() string {
	switch {
	case a.Attached:
		return fmt.Sprintf("allocation %s of line %s, attached, in %s", a.Allocation, a.Line, a.Currency)
	case a.Allocation != "":
		return fmt.Sprintf("allocation %s of line %s, not attached", a.Allocation, a.Line)
	}
	return "line " + string(a.Line) + " is not shared with the client"
}

func (n numberDoc) certificate() string {
	if n.CertificateLength == 0 {
		return n.Certificate
	}
	return fmt.Sprintf("%s, %d characters", n.Certificate, n.CertificateLength)
}

// canSend says how many of the numbers can; the findings say why not.
func (a accountDoc) canSend() string {
	sending := 0
	for _, n := range a.Numbers {
		if n.CanSend {
			sending++
		}
	}
	switch sending {
	case 0:
		return "no"
	case len(a.Numbers):
		return "yes"
	}
	return fmt.Sprintf("%d of %d numbers", sending, len(a.Numbers))
}

// String says what was found, and what to do about it.
func (f findingDoc) String() string {
	text := strings.TrimRight(f.Text, ".") + "."
	if f.Action != "" {
		text += " " + strings.TrimRight(f.Action, ".") + "."
	}
	return text
}

// spent says what each step called.
func (s *story) spent() string {
	var parts []string
	for _, step := range s.doc.Steps {
		if step.Calls > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", step.Name, step.Calls))
		}
	}
	all := meter.Count{Calls: s.doc.Calls, RoundTrips: s.doc.RoundTrips}
	return fmt.Sprintf("%s: %s", all, strings.Join(parts, ", "))
}
