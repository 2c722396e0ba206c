package main

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// document is what -json prints, and what the summary is made from.
type document struct {
	Target     string       `json:"target"`
	Simulated  bool         `json:"simulated"`
	Version    string       `json:"version"`
	Fault      string       `json:"fault,omitempty"`
	DryRun     bool         `json:"dry_run"`
	Done       bool         `json:"done"`
	Records    []*recordDoc `json:"records"`
	Calls      int          `json:"calls"`
	RoundTrips int          `json:"round_trips"`
	Error      *errorDoc    `json:"error,omitempty"`
}

// recordDoc is one onboarding: the steps of this run, and what is there now.
type recordDoc struct {
	ID       string           `json:"record_id,omitempty"`
	Tenant   signup.Tenant    `json:"tenant"`
	State    onboard.State    `json:"state,omitempty"`
	Steps    []stepDoc        `json:"steps"`
	Due      time.Time        `json:"due,omitzero"`
	Business graph.BusinessID `json:"client_business_id,omitempty"`
	Accounts []wabaDoc        `json:"accounts"`
}

type stepDoc struct {
	Name      onboard.StepName  `json:"name"`
	Subject   string            `json:"subject,omitempty"`
	State     onboard.StepState `json:"state"`
	Attempts  int               `json:"attempts"`
	NotBefore time.Time         `json:"not_before,omitzero"`
	Reason    string            `json:"reason,omitempty"`
	Kind      graph.Kind        `json:"kind,omitempty"`
	Did       []string          `json:"did,omitempty"`
	Answers   []string          `json:"answers,omitempty"`
	Calls     []callDoc         `json:"calls,omitempty"`
}

type callDoc struct {
	Method  string     `json:"method"`
	Path    string     `json:"path"`
	Attempt int        `json:"attempt"`
	Status  int        `json:"status"`
	Kind    graph.Kind `json:"kind,omitempty"`
	Code    int        `json:"code,omitempty"`
	Subcode int        `json:"subcode,omitempty"`
	Again   bool       `json:"again,omitempty"`

	verdict string // the same in words
}

// wabaDoc is a WABA as it was read last.
type wabaDoc struct {
	ID           graph.WABAID       `json:"waba_id"`
	Name         string             `json:"name"`
	BusinessID   graph.BusinessID   `json:"client_business_id"`
	BusinessName string             `json:"client_business_name"`
	Currency     string             `json:"currency"`
	Line         graph.CreditLineID `json:"credit_line_id"`
	Allocation   graph.AllocationID `json:"allocation_config_id,omitempty"`
	Attached     bool               `json:"attached"`
	Health       onboard.Health     `json:"health"` // live, degraded or not_live
	Findings     []findingDoc       `json:"findings"`
	Numbers      []numberDoc        `json:"numbers"`
}

type findingDoc struct {
	Code    onboard.FindingCode `json:"code"`
	Subject string              `json:"subject"`
	Health  onboard.Health      `json:"health"`
	Text    string              `json:"text"`
	Action  string              `json:"action,omitempty"`
}

type numberDoc struct {
	ID                graph.PhoneNumberID     `json:"phone_number_id"`
	Display           string                  `json:"display_phone_number"`
	Status            phonenumbers.Status     `json:"status"`
	Name              string                  `json:"verified_name"`
	NameStatus        phonenumbers.NameStatus `json:"name_status"`
	Certificate       string                  `json:"certificate_state"`
	CertificateLength int                     `json:"certificate_length"`
	CanSend           bool                    `json:"can_send"`
}

type errorDoc struct {
	Message string     `json:"message"`
	Kind    graph.Kind `json:"kind,omitempty"`
	Later   bool       `json:"later,omitempty"` // not an error: something has to wait
	Next    string     `json:"next"`
}

// record finds or makes the document of a record.
func (a *account) record(record onboard.Record) *recordDoc {
	for _, doc := range a.doc.Records {
		if doc.ID == record.ID {
			doc.State, doc.Business = record.State, record.Business
			return doc
		}
	}
	doc := &recordDoc{
		ID: record.ID, Tenant: record.Tenant, State: record.State, Business: record.Business,
		Steps: []stepDoc{}, Accounts: []wabaDoc{},
	}
	a.doc.Records = append(a.doc.Records, doc)
	return doc
}

// inspectResult reads everything about the WABAs of a finished record. It may be
// done for any WABA, at any time.
func (b *backend) inspectResult(ctx context.Context, record onboard.Record, doc *recordDoc) error {
	token, err := b.state.vault.Get(ctx, vault.Ref{Tenant: record.Tenant, Record: record.ID, Kind: vault.SecretToken})
	if err != nil {
		return err
	}
	for _, waba := range record.Accounts {
		read, err := b.inspect(ctx, waba.ID, token)
		if err != nil {
			return err
		}
		read.Allocation = waba.Allocation
		read.Attached = waba.Allocation != "" && waba.Funding != ""
		doc.Accounts = append(doc.Accounts, read)
	}
	return nil
}

// inspect diagnoses a WABA, and reads its numbers' certificates with the
// partner's token: Meta does not return them to the client's token.
func (b *backend) inspect(ctx context.Context, id graph.WABAID, token graph.Secret) (wabaDoc, error) {
	report, err := onboard.Diagnose(ctx, onboard.DiagnoseRequest{
		Client: b.to.Client, WABA: id, App: b.to.App, Token: token, Line: b.to.CreditLine,
	})
	if err != nil {
		return wabaDoc{}, err
	}
	numbers, err := graph.Collect(phonenumbers.New(b.to.Client).List(id, phonenumbers.Query{}).All(ctx), 0)
	if err != nil {
		return wabaDoc{}, err
	}
	waba := report.Account
	doc := wabaDoc{
		ID: id, Name: waba.Name, BusinessID: waba.OwnerBusiness.ID, BusinessName: waba.OwnerBusiness.Name, Currency: waba.Currency,
		Line: b.to.CreditLine, Health: report.Health, Findings: []findingDoc{}, Numbers: []numberDoc{},
	}
	for _, f := range report.Findings {
		doc.Findings = append(doc.Findings, findingDoc(f))
	}
	for _, n := range numbers {
		doc.Numbers = append(doc.Numbers, numberDoc{
			ID: n.ID, Display: n.DisplayPhoneNumber, Status: n.Status, Name: n.VerifiedName, NameStatus: n.NameStatus,
			Certificate: certificate(n), CertificateLength: len(n.Certificate),
			CanSend: n.CanSend() && report.Health != onboard.NotLive,
		})
	}
	return doc, nil
}

// certificate says what is known about the number's certificate.
func certificate(n phonenumbers.Number) string {
	switch {
	case n.NewCertificate != "":
		return "a new one waits for a registration"
	case n.Certificate != "":
		return "ready"
	}
	return "none"
}

func writeJSON(w io.Writer, doc document) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(doc)
}
