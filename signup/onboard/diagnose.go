package onboard

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Health says whether a WABA works.
type Health string

// The states of a WABA.
const (
	// Live means that the WABA can send, is paid for, and receives its webhooks.
	Live Health = "live"
	// Degraded means that the WABA can send, but that something is wrong, or will
	// be soon.
	Degraded Health = "degraded"
	// NotLive means that the WABA cannot send.
	NotLive Health = "not_live"
)

// Diagnosis is the state of a WABA. Health is that of the worst finding.
type Diagnosis struct {
	Health   Health
	Findings []Finding
	Account  waba.Account
	Numbers  []phonenumbers.Number
}

// Finding is a problem of a WABA, or one that will come soon.
type Finding struct {
	// Code is for programs.
	Code FindingCode
	// Subject is the id of the WABA, the number or the other object.
	Subject string
	// Health is the WABA's health if this is its only finding.
	Health Health
	// Text says what is wrong, Action what to do about it.
	Text, Action string
}

// FindingCode names a kind of finding.
type FindingCode string

// The kinds of findings.
const (
	FindingNotShared      FindingCode = "not_shared"
	FindingTokenDead      FindingCode = "token_dead"
	FindingTokenExpiring  FindingCode = "token_expiring"
	FindingReview         FindingCode = "account_review"
	FindingNoNumber       FindingCode = "no_number"
	FindingNotConnected   FindingCode = "number_not_connected"
	FindingNumber         FindingCode = "number_note"
	FindingNotSubscribed  FindingCode = "not_subscribed"
	FindingForeignApp     FindingCode = "foreign_app_subscribed"
	FindingNoFunding      FindingCode = "no_funding"
	FindingLineUnattached FindingCode = "credit_line_not_attached"
	FindingVerification   FindingCode = "business_not_verified"
	FindingHealth         FindingCode = "meta_health"
)

// DiagnoseRequest says what to diagnose. Client and WABA are required.
type DiagnoseRequest struct {
	// Client calls with the partner's system user token.
	Client *graph.Client
	WABA   graph.WABAID
	// App is the partner's app. Its subscription is read, if there is an App, and
	// its secret is used to ask about the Token.
	App signup.App
	// Token is the client's business token. If it is zero, it is not checked.
	Token graph.Secret
	// Line is the credit line that should pay; empty if the client pays.
	Line graph.CreditLineID
}

// expiresSoon is how long before its end a token is a finding.
const expiresSoon = 14 * 24 * time.Hour

// Diagnose reads a WABA, its numbers, subscriptions, token and funding at the same
// time, and returns whether the WABA is live and, if not, why and what to do. It
// changes nothing, and works for any WABA that the Client can read.
//
// A problem of the WABA is a Finding. An error means that reading failed: an
// InputError without Client or WABA, or the error of a call.
func Diagnose(ctx context.Context, request DiagnoseRequest) (Diagnosis, error) {
	if err := checkContext(ctx); err != nil {
		return Diagnosis{}, err
	}
	if request.Client == nil {
		return Diagnosis{}, badField("client", "is nil: graph.New makes one")
	}
	if err := graph.CheckID("waba-id", request.WABA); err != nil {
		return Diagnosis{}, err
	}
	d := &diagnosis{DiagnoseRequest: request}
	var reads []func() error
	for _, read := range []func(context.Context) error{d.account, d.numbers, d.subscriptions, d.token} {
		reads = append(reads, func() error { return read(ctx) })
	}
	if err := sideBySide("Diagnose", reads...); err != nil {
		return Diagnosis{}, err
	}
	if d.read.ID != "" {
		if err := d.funding(ctx); err != nil {
			return Diagnosis{}, err
		}
	}
	return d.report(), nil
}

// diagnosis collects the findings.
type diagnosis struct {
	DiagnoseRequest
	mu       sync.Mutex
	findings []Finding
	read     accountHealth
	list     []phonenumbers.Number
}

// accountHealth is an account with Meta's statement whether it can send.
type accountHealth struct {
	waba.Account
	Health struct {
		CanSend  string `json:"can_send_message"`
		Entities []struct {
			Type    string          `json:"entity_type"`
			ID      signup.TargetID `json:"id"`
			CanSend string          `json:"can_send_message"`
			Info    []string        `json:"additional_info"`
			Errors  []struct {
				Code        graph.Int `json:"error_code"`
				Description string    `json:"error_description"`
				Solution    string    `json:"possible_solution"`
			} `json:"errors"`
		} `json:"entities"`
	} `json:"health_status"`
}

func (d *diagnosis) find(code FindingCode, subject string, health Health, text, action string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.findings = append(d.findings, Finding{Code: code, Subject: subject, Health: health, Text: text, Action: action})
}

// missing returns nil for an object that cannot be seen: account has a finding then.
func missing(err error) error {
	if errors.Is(err, graph.ErrNotFound) || errors.Is(err, graph.ErrPermission) {
		return nil
	}
	return err
}

func (d *diagnosis) account(ctx context.Context) error {
	fields := append(waba.DefaultFields(), "health_status")
	var err error
	d.read, err = graph.Send(ctx, d.Client, graph.Op[accountHealth]{Request: waba.GetOp(d.WABA, fields...).Request})
	if err != nil {
		if missing(err) == nil {
			d.find(FindingNotShared, string(d.WABA), NotLive, "the account cannot be read with the partner's token",
				"If the client stopped sharing it, offboard the client: the credit line is billed until it is revoked")
		}
		return missing(err)
	}
	subject := string(d.WABA)
	if status := d.read.ReviewStatus; status != "" && status != waba.ReviewApproved {
		health := Degraded
		if status == waba.ReviewRejected {
			health = NotLive
		}
		d.find(FindingReview, subject, health, "Meta's review of the account is "+string(status), "Have the client look at the account's quality page in WhatsApp Manager, or appeal")
	}
	if status := d.read.VerificationStatus; status != "" && !status.Is(waba.VerificationVerified) {
		d.find(FindingVerification, subject, Live, "the client's business is "+string(status), "Business verification raises the limits")
	}
	d.healthStatus()
	return nil
}

// healthStatus makes findings of Meta's health status.
func (d *diagnosis) healthStatus() {
	for _, entity := range d.read.Health.Entities {
		health := map[string]Health{"BLOCKED": NotLive, "LIMITED": Degraded}[strings.ToUpper(entity.CanSend)]
		if health == "" {
			continue
		}
		if health == Degraded && strings.EqualFold(entity.Type, "BUSINESS") && len(entity.Errors) == 0 {
			// Every business begins unverified, and Meta limits it for that.
			health = Live
		}
		id := string(entity.ID)
		where := strings.ToLower(entity.Type) + " " + id
		for _, problem := range entity.Errors {
			d.find(FindingHealth, id, health, where+": "+problem.Description, problem.Solution)
		}
		if len(entity.Errors) == 0 {
			d.find(FindingHealth, id, health, where+" is "+strings.ToLower(entity.CanSend)+": "+strings.Join(entity.Info, "; "), "See the account's health in WhatsApp Manager")
		}
	}
}

func (d *diagnosis) numbers(ctx context.Context) error {
	query := phonenumbers.Query{Fields: phonenumbers.StatusFields()}
	list, err := graph.Collect(phonenumbers.New(d.Client).List(d.WABA, query).All(ctx), 0)
	if err != nil {
		return missing(err)
	}
	d.list = list
	connected := slices.ContainsFunc(list, phonenumbers.Number.CanSend)
	if len(list) == 0 {
		d.find(FindingNoNumber, string(d.WABA), NotLive, "the account has no phone number", "Add one, or have the client go through the signup again and add one there")
	}
	for _, n := range list {
		ready := n.Readiness()
		if !n.CanSend() {
			health := Degraded
			if !connected {
				health = NotLive
			}
			d.find(FindingNotConnected, string(n.ID), health, n.DisplayPhoneNumber+" is "+string(n.Status), "Register it: it "+ready.String())
		}
		for _, note := range ready.Notes {
			d.find(FindingNumber, string(n.ID), noteHealth(n), n.DisplayPhoneNumber+": "+note, noteAction(n))
		}
	}
	return nil
}

func noteHealth(n phonenumbers.Number) Health {
	if n.NameStatus == phonenumbers.NameDeclined || n.QualityRating == phonenumbers.QualityRed || n.NewNameStatus == phonenumbers.NameApproved {
		return Degraded
	}
	return Live
}

func noteAction(n phonenumbers.Number) string {
	if n.NewNameStatus == phonenumbers.NameApproved {
		return "Register it again, so that it takes the new name: call Flow.Reregister"
	}
	return "See the number in WhatsApp Manager"
}

func (d *diagnosis) subscriptions(ctx context.Context) error {
	if d.App.ID == "" {
		return nil
	}
	var others []string
	for s, err := range waba.New(d.Client).Subscriptions(d.WABA).All(ctx) {
		if err != nil {
			return missing(err)
		}
		if s.App.ID == d.App.ID {
			return nil
		}
		others = append(others, s.App.Name+" ("+string(s.App.ID)+")")
	}
	code, text := FindingNotSubscribed, "no app is subscribed to the account's webhooks"
	if len(others) > 0 {
		code, text = FindingForeignApp, "the app is not subscribed to the account's webhooks, but "+strings.Join(others, ", ")+" is"
	}
	d.find(code, string(d.WABA), Degraded, text, "Subscribe the app: no webhook arrives until then")
	return nil
}

func (d *diagnosis) token(ctx context.Context) error {
	if d.Token.IsZero() || d.App.Secret.IsZero() {
		return nil
	}
	info, err := signup.New(d.Client, d.App).Debug(ctx, d.Token)
	if err != nil {
		return err
	}
	if err := info.Err(); err != nil {
		d.find(FindingTokenDead, string(d.WABA), Degraded, "the client's token is dead: "+err.Error(), "Have the client go through the signup again; do not delete it on that alone, Meta has had outages that look like this")
	} else if at := info.ExpiresAt; !at.IsZero() && time.Until(at.Time) < expiresSoon {
		d.find(FindingTokenExpiring, string(d.WABA), Degraded, "the client's token expires on "+at.Format(time.DateOnly), "Refresh it before that")
	}
	return nil
}

func (d *diagnosis) funding(ctx context.Context) error {
	subject := string(d.WABA)
	if d.read.PrimaryFundingID == "" || d.read.PrimaryFundingID == "0" {
		d.find(FindingNoFunding, subject, Degraded, "nothing pays for the account: paid messages fail", "Share the credit line, or have the client add a payment method")
		return nil
	}
	if d.Line == "" || d.read.OwnerBusiness.ID == "" {
		return nil
	}
	allocation, found, err := credit.New(d.Client).FindAllocation(ctx, d.Line, d.read.OwnerBusiness.ID)
	if err != nil {
		return err
	}
	if !found || allocation.Credential.ID != d.read.PrimaryFundingID {
		d.find(FindingLineUnattached, subject, Degraded, "the credit line does not pay for the account, something else does", "Compare with what was agreed with the client")
	}
	return nil
}

// report returns the findings with the worst first.
func (d *diagnosis) report() Diagnosis {
	rank := map[Health]int{NotLive: 0, Degraded: 1, Live: 2}
	slices.SortStableFunc(d.findings, func(a, b Finding) int {
		if d := rank[a.Health] - rank[b.Health]; d != 0 {
			return d
		}
		return strings.Compare(string(a.Code)+a.Subject, string(b.Code)+b.Subject)
	})
	report := Diagnosis{Health: Live, Findings: d.findings, Account: d.read.Account, Numbers: d.list}
	if len(d.findings) > 0 {
		report.Health = d.findings[0].Health
	}
	return report
}
