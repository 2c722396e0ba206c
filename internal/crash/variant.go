package crash

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// Tenant is whose clients these are.
const Tenant signup.Tenant = "acme"

// preVerifiedPhone is the simulator's number that the partner verified in
// advance, as a person would write it.
const preVerifiedPhone = "+1 (555) 010-4477"

// Callback is where the variants send webhooks.
func Callback() waba.Callback {
	return waba.Callback{URI: "https://hooks.example.test/wa", VerifyToken: graph.NewSecret("canary-verify-token-71")}
}

// Client is a client that went through the signup, and what the partner has of it.
type Client struct {
	graphtest.SignupResult
	// Token is in the old database of a client who is adopted.
	Token graph.Secret
}

// Variant is a kind of signup, with the partner's configuration for it.
type Variant struct {
	Name   string
	Signup graphtest.SignupOptions
	// Begin takes the signup in. It is called again after a crash if Again is
	// set, or if nothing of the first time is there.
	Begin func(context.Context, *onboard.Flow, Client) (onboard.Record, error)
	Again bool
	// Code is true if Begin has a code: the page posts it again after a crash.
	Code bool
	// Employee has the partner call with a token that may not fetch a client's.
	Employee bool
	// NoCredit, NoRegister and OnPremises say what is not to be done.
	NoCredit, NoRegister, OnPremises bool
	// Lost is the state in which the onboarding ends if the token was lost
	// before it was sealed.
	Lost onboard.State
}

// Variants are the kinds of signups, the base one first.
func Variants() []Variant {
	code := func(variant signup.Variant, claim func(Client) signup.Claim) func(context.Context, *onboard.Flow, Client) (onboard.Record, error) {
		return func(ctx context.Context, flow *onboard.Flow, c Client) (onboard.Record, error) {
			return flow.Begin(ctx, onboard.BeginRequest{Tenant: Tenant, Callback: signup.Callback{Code: c.Code}, Variant: variant, Claim: claim(c)})
		}
	}
	all := func(c Client) signup.Claim {
		return signup.Claim{Business: c.Business, WABAs: c.WABAs, Numbers: c.Numbers}
	}
	// What the event of a coexistence signup names.
	onlyWABAs := func(c Client) signup.Claim { return signup.Claim{WABAs: c.WABAs} }
	return []Variant{
		{Name: "cloud", Code: true, Begin: code(signup.VariantCloud, all), Lost: onboard.StateDone},
		{Name: "older callback", Again: true, Lost: onboard.StateDone, Begin: func(ctx context.Context, flow *onboard.Flow, c Client) (onboard.Record, error) {
			return flow.Begin(ctx, onboard.BeginRequest{Tenant: Tenant, Callback: signup.Callback{AccessToken: c.AccessToken}, Claim: all(c)})
		}},
		{Name: "coexistence", Signup: graphtest.SignupOptions{Variant: graphtest.Coexistence}, NoRegister: true,
			Code: true, Begin: code(signup.VariantCoexistence, onlyWABAs), Lost: onboard.StateDone},
		{Name: "only a WABA", Signup: graphtest.SignupOptions{Variant: graphtest.OnlyWABA},
			Code: true, Begin: code(signup.VariantOnlyWABA, onlyWABAs), Lost: onboard.StateDone},
		{Name: "pre-verified", Signup: graphtest.SignupOptions{Variant: graphtest.PreVerified}, Lost: onboard.StateDone,
			Code: true, Begin: code(signup.VariantPreVerified, func(c Client) signup.Claim {
				return signup.Claim{Business: c.Business, WABAs: c.WABAs, PreVerified: []string{preVerifiedPhone}}
			})},
		{Name: "hosted", Signup: graphtest.SignupOptions{Variant: graphtest.Hosted}, Lost: onboard.StateDone, Begin: shared},
		{Name: "solution", Signup: graphtest.SignupOptions{Variant: graphtest.Hosted}, NoRegister: true, Lost: onboard.StateDone, Begin: shared},
		{Name: "tech provider", Employee: true, NoCredit: true, Code: true, Begin: code(signup.VariantCloud, all), Lost: onboard.StateNeedsNewSignup},
		{Name: "on-premises", Signup: graphtest.SignupOptions{NameStatus: "APPROVED"}, NoRegister: true, OnPremises: true,
			Code: true, Begin: code(signup.VariantOnPremises, all), Lost: onboard.StateDone},
		{Name: "adopted", NoRegister: true, Again: true, Lost: onboard.StateDone, Begin: func(ctx context.Context, flow *onboard.Flow, c Client) (onboard.Record, error) {
			return flow.Adopt(ctx, onboard.AdoptRequest{Tenant: Tenant, Token: c.Token, WABAs: c.WABAs, Business: c.Business})
		}},
		{Name: "several WABAs", Signup: graphtest.SignupOptions{WABAs: 2, Numbers: 2}, Code: true, Begin: code(signup.VariantCloud, all), Lost: onboard.StateDone},
	}
}

func shared(ctx context.Context, flow *onboard.Flow, c Client) (onboard.Record, error) {
	return flow.BeginShared(ctx, onboard.BeginSharedRequest{
		Tenant: Tenant, Business: c.Business, WABA: c.WABAs[0], Solution: "774485461512160",
		At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	})
}

// Find returns the variant of that name.
func Find(name string) (Variant, error) {
	for _, v := range Variants() {
		if v.Name == name {
			return v, nil
		}
	}
	return Variant{}, fmt.Errorf("crash: no variant %q", name)
}

// Prepare has a client go through the signup.
func (v Variant) Prepare(server *graphtest.Server) (Client, error) {
	done, err := server.Signup(v.Signup)
	if err != nil || v.Name != "adopted" {
		return Client{SignupResult: done}, err
	}
	token, err := server.BusinessToken(done.Business)
	return Client{SignupResult: done, Token: token}, err
}

// Caller is the partner's system user whose token a Flow has.
func (v Variant) Caller(w graphtest.World) graphtest.SystemUser {
	if v.Employee {
		return w.Employee
	}
	return w.Admin
}

// Config is the partner's. Graph, Store and Vault are the test's to add.
func (v Variant) Config(w graphtest.World) onboard.Config {
	callback := Callback()
	cfg := onboard.Config{
		App: signup.App{ID: w.App, Secret: w.AppSecret}, Business: w.Business, Currency: "EUR",
		Callback: &callback, SystemUser: w.Employee.ID, Line: w.CreditLine, NoRegister: v.Name == "solution",
	}
	if v.NoCredit {
		cfg.Line, cfg.SystemUser = "", ""
	}
	return cfg
}

// LosesToken reports whether a process that dies at the point had noted that it sends
// the code, or had a token, and had not sealed the token yet. points are all of its
// points, in order.
func (v Variant) LosesToken(point string, points []string) bool {
	from := "insert #1 after"
	if v.Code {
		from = "update #2 after"
	}
	at := slices.Index(points, point)
	return at >= slices.Index(points, from) && at < slices.Index(points, "put token #1 after")
}

// LostState is the state in which an onboarding ends that lost its token at the point.
// Meta has a token to fetch only if the code arrived there.
func (v Variant) LostState(point string, points []string) onboard.State {
	if v.Code && slices.Index(points, point) < slices.IndexFunc(points, func(name string) bool { return strings.HasSuffix(name, "/oauth/access_token #1 lost") }) {
		return onboard.StateNeedsNewSignup
	}
	return v.Lost
}
