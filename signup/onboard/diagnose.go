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

// Health is what a WABA's findings come to.
type Health string

// The healths.
const (
	// Live: it can send, it is paid for, and its webhooks arrive.
	Live Health = "live"
	// Degraded: it can send, and something is or will soon be wrong.
	Degraded Health = "degraded"
	// NotLive: it cannot send.
	NotLive Health = "not_live"
)

// Diagnosis is how a WABA stands.
type Diagnosis struct {
	Health   Health
	Findings []Finding
	Account  waba.Account
	Numbers  []phonenumbers.Number
}

// Finding is something wrong, or about to be.
type Finding struct {
	// Code is for programs.
	Code FindingCode
	// Subject is the id of the WABA or number that it is about.
	Subject string
	// Health is what the finding alone makes of the WABA.
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

// DiagnoseRequest says what to look at. Client and WABA are needed.
type DiagnoseRequest struct {
	// Client calls with the partner's system user token.
	Client *graph.Client
	WABA   graph.WABAID
	// App is ours: its subscription is looked for, and with Token its
	// credentials ask what that is still good for.
	App signup.App
	// Token is the client's business token, if it is known.
	Token graph.Secret
	// Line is the credit line that should pay; empty if the client pays.
	Line graph.CreditLineID
}

// expiresSoon is how long before its end a token is worth a finding.
const expiresSoon = 14 * 24 * time.Hour

// Diagnose reads a WABA from all sides at once and says whether it is live, and
// if not, why, and what to do. It changes nothing and can be run for any WABA at
// any time. An error is about the looking: what is wrong with the WABA is in
// the report.
func Diagnose(ctx context.Context, d DiagnoseRequest) (Diagnosis, error) {
	if d.Client == nil {
		return Diagnosis{}, &graph.InputError{Field: "graph client", Reason: "is missing"}
	}
	if err := graph.CheckID("waba-id", d.WABA); err != nil {
		return Diagnosis{}, err
	}
	e := &examination{DiagnoseRequest: d}
	var wg sync.WaitGroup
	for _, look := range []func(context.Context) error{e.account, e.numbers, e.subscriptions, e.token} {
		wg.Go(func() { e.failed(look(ctx)) })
	}
	wg.Wait()
	if e.err == nil && e.readable() {
		e.failed(e.funding(ctx))
	}
	if e.err != nil {
		return Diagnosis{}, e.err
	}
	return e.report(), nil
}

// examination collects what the looks find.
type examination struct {
	DiagnoseRequest
	mu       sync.Mutex
	err      error
	findings []Finding
	read     healthy
	list     []phonenumbers.Number
}

// healthy is an account with Meta's own opinion of whether it can send.
type healthy struct {
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

func (e *examination) failed(err error) {
	if err != nil {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.err = errors.Join(e.err, err)
	}
}

func (e *examination) find(code FindingCode, subject string, health Health, text, action string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.findings = append(e.findings, Finding{Code: code, Subject: subject, Health: health, Text: text, Action: action})
}

// missing takes an object that cannot be seen for a finding of account's.
func missing(err error) error {
	if errors.Is(err, graph.ErrNotFound) || errors.Is(err, graph.ErrPermission) {
		return nil
	}
	return err
}

func (e *examination) account(ctx context.Context) error {
	fields := append(waba.DefaultFields(), "health_status")
	var err error
	e.read, err = graph.Send(ctx, e.Client, graph.Op[healthy]{Request: waba.GetOp(e.WABA, fields...).Request})
	if err != nil {
		if missing(err) == nil {
			e.find(FindingNotShared, string(e.WABA), NotLive, "the account cannot be read with the partner's token",
				"If the client stopped sharing it, offboard the client: the credit line is billed until it is revoked")
		}
		return missing(err)
	}
	subject := string(e.WABA)
	if status := e.read.ReviewStatus; status != "" && status != waba.ReviewApproved {
		health := Degraded
		if status == waba.ReviewRejected {
			health = NotLive
		}
		e.find(FindingReview, subject, health, "Meta's review of the account is "+string(status), "Have the client look at the account's quality page in WhatsApp Manager, or appeal")
	}
	if status := e.read.VerificationStatus; status != "" && !status.Is(waba.VerificationVerified) {
		e.find(FindingVerification, subject, Live, "the client's business is "+string(status), "Business verification raises the limits")
	}
	e.opinion()
	return nil
}

// opinion turns Meta's health status into findings.
func (e *examination) opinion() {
	for _, entity := range e.read.Health.Entities {
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
			e.find(FindingHealth, id, health, where+": "+problem.Description, problem.Solution)
		}
		if len(entity.Errors) == 0 {
			e.find(FindingHealth, id, health, where+" is "+strings.ToLower(entity.CanSend)+": "+strings.Join(entity.Info, "; "), "See the account's health in WhatsApp Manager")
		}
	}
}

func (e *examination) numbers(ctx context.Context) error {
	query := phonenumbers.Query{Fields: phonenumbers.StatusFields()}
	list, err := graph.Collect(phonenumbers.New(e.Client).List(e.WABA, query).All(ctx), 0)
	if err != nil {
		return missing(err)
	}
	e.list = list
	connected := slices.ContainsFunc(list, phonenumbers.Number.CanSend)
	if len(list) == 0 {
		e.find(FindingNoNumber, string(e.WABA), NotLive, "the account has no phone number", "Add one, or have the client go through the signup again and add one there")
	}
	for _, n := range list {
		ready := n.Readiness()
		if !n.CanSend() {
			health := Degraded
			if !connected {
				health = NotLive
			}
			e.find(FindingNotConnected, string(n.ID), health, n.DisplayPhoneNumber+" is "+string(n.Status), "Register it: it "+ready.String())
		}
		for _, note := range ready.Notes {
			e.find(FindingNumber, string(n.ID), noteHealth(n), n.DisplayPhoneNumber+": "+note, noteAction(n))
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
		return "Register it again, which takes the new name on: Flow.Reregister does"
	}
	return "See the number in WhatsApp Manager"
}

func (e *examination) subscriptions(ctx context.Context) error {
	if e.App.ID == "" {
		return nil
	}
	var others []string
	for s, err := range waba.New(e.Client).Subscriptions(e.WABA).All(ctx) {
		if err != nil {
			return missing(err)
		}
		if s.App.ID == e.App.ID {
			return nil
		}
		others = append(others, s.App.Name+" ("+string(s.App.ID)+")")
	}
	code, text := FindingNotSubscribed, "no app is subscribed to the account's webhooks"
	if len(others) > 0 {
		code, text = FindingForeignApp, "our app is not subscribed to the account's webhooks, but "+strings.Join(others, ", ")+" is"
	}
	e.find(code, string(e.WABA), Degraded, text, "Subscribe our app: nothing that clients write arrives until then")
	return nil
}

func (e *examination) token(ctx context.Context) error {
	if e.Token.IsZero() || e.App.Secret.IsZero() {
		return nil
	}
	info, err := signup.New(e.Client, e.App).Debug(ctx, e.Token)
	if err != nil {
		return err
	}
	if err := info.Err(); err != nil {
		e.find(FindingTokenDead, string(e.WABA), Degraded, "the client's token is dead: "+err.Error(), "Have the client go through the signup again; do not delete it on that alone, Meta has had outages that look like this")
	} else if at := info.ExpiresAt; !at.IsZero() && time.Until(at.Time) < expiresSoon {
		e.find(FindingTokenExpiring, string(e.WABA), Degraded, "the client's token expires on "+at.Format(time.DateOnly), "Refresh it before that")
	}
	return nil
}

// readable tells whether the account was read.
func (e *examination) readable() bool { return e.read.ID != "" }

func (e *examination) funding(ctx context.Context) error {
	subject := string(e.WABA)
	if e.read.PrimaryFundingID == "" || e.read.PrimaryFundingID == "0" {
		e.find(FindingNoFunding, subject, Degraded, "nothing pays for the account: paid messages fail", "Share the credit line, or have the client add a payment method")
		return nil
	}
	if e.Line == "" || e.read.OwnerBusiness.ID == "" {
		return nil
	}
	allocation, found, err := credit.New(e.Client).FindAllocation(ctx, e.Line, e.read.OwnerBusiness.ID)
	if err != nil {
		return err
	}
	if !found || allocation.Credential.ID != e.read.PrimaryFundingID {
		e.find(FindingLineUnattached, subject, Degraded, "something else than our credit line pays for the account", "Compare with what was agreed with the client")
	}
	return nil
}

// report puts the worst first.
func (e *examination) report() Diagnosis {
	rank := map[Health]int{NotLive: 0, Degraded: 1, Live: 2}
	slices.SortStableFunc(e.findings, func(a, b Finding) int {
		if d := rank[a.Health] - rank[b.Health]; d != 0 {
			return d
		}
		return strings.Compare(string(a.Code)+a.Subject, string(b.Code)+b.Subject)
	})
	report := Diagnosis{Health: Live, Findings: e.findings, Account: e.read.Account, Numbers: e.list}
	if len(e.findings) > 0 {
		report.Health = e.findings[0].Health
	}
	return report
}
