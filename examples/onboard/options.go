package main

import (
	"cmp"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// options are the flags, and the secrets of the environment.
type options struct {
	callback         signup.Callback
	pin              graph.Secret
	claim            signup.Claim
	tenant           signup.Tenant
	currency         string
	state            string
	wait             time.Duration
	resume           bool
	fault            string
	dryRun, yes      bool
	json, verbose    bool
	secretsFromFlags []string
}

// Variables with the secrets of one signup. A flag shows in the process list and
// in the shell's history.
const (
	codeVariable  = "WAGRAPH_CODE"
	tokenVariable = "WAGRAPH_ACCESS_TOKEN"
	pinVariable   = "WAGRAPH_PIN"
)

// needs returns the variables that this program must have.
func needs() []string {
	return []string{target.Token, target.AppID, target.AppSecret, target.BusinessID, target.SystemUser, target.CreditLine}
}

// defaultWait is longer than the lease of a Flow, so that the run after a kill
// goes on in the same command.
const defaultWait = 3 * time.Minute

const usage = `onboard takes a client from the callback of Embedded Signup to a number that
can send.

Usage:
  go run ./examples/onboard
      a client of the embedded simulator
  go run ./examples/onboard -fault lost-share
      the same, with a fault
  go run ./examples/onboard -state FILE -currency EUR -code CODE
      a signup, on the server that the environment names
  go run ./examples/onboard -state FILE
      goes on with everything in FILE that is unfinished

Each step is kept before the next one begins. With -state the program may be
killed at any moment, and the same command goes on. On a server that is not on
this machine it asks before it bills and registers, and refuses to run where it
cannot ask, unless -yes is given.
`

func parse(p cli.Process) (options, error) {
	var (
		o                                        options
		code, token, pin, waba, business, number string
		tenant                                   string
	)
	f := cli.NewFlags("onboard", usage, footer())
	f.StringVar(&o.state, "state", "", "keep the onboarding in this `FILE`, and its secrets sealed. The key of the vault is in "+
		vaultKey+" or, if that is not set, in FILE.key, which is made with the state. Without -state everything is in memory")
	f.StringVar(&code, "code", "", "`code` of the signup's callback: it lives 30 seconds and works once. Only for a server on this machine; otherwise set "+codeVariable)
	f.StringVar(&token, "access-token", "", "`token` of the older callback, instead of a code. Only for a server on this machine; otherwise set "+tokenVariable)
	f.StringVar(&pin, "pin", "", "two-step PIN, 6 `digits`, of a number that has one; other numbers get a PIN of their own. Only for a server on this machine; otherwise set "+pinVariable)
	f.StringVar(&waba, "waba", "", "`id` of the WABA that the page's session event names. It is a claim, which the token's grants confirm")
	f.StringVar(&business, "business", "", "`id` of the client's business that the session event names, a claim too")
	f.StringVar(&number, "phone", "", "`id` of the phone number that the session event names; only that number is registered then")
	f.StringVar(&o.currency, "currency", "", "ISO `code` of the currency in which the WABA is invoiced, such as EUR. It can never be changed, so it must be given with a signup, except with the embedded simulator. A record of an earlier run keeps its own")
	f.StringVar(&tenant, "tenant", "example", "your own `name` for the client")
	f.BoolVar(&o.resume, "resume", false, "open the steps that failed, once the reason is gone")
	f.DurationVar(&o.wait, "wait", defaultWait, "wait at most this `duration`, such as 30m, for a step that is due later. If the wait is longer, the program ends with exit code 3")
	f.StringVar(&o.fault, "fault", "", "make a fault in the simulator: a `name` from the list below, or list")
	f.BoolVar(&o.dryRun, "dry-run", false, "only read, and say what would be done. A code is not exchanged, because that uses it up")
	f.BoolVar(&o.yes, "yes", false, "do not ask before billing and registering")
	f.BoolVar(&o.json, "json", false, "print one JSON document; the text goes to stderr")
	f.BoolVar(&o.verbose, "v", false, "show every call")
	if err := f.Read(p.Args, p.Out); err != nil {
		return o, err
	}
	o.claim.Business, o.tenant = graph.BusinessID(business), signup.Tenant(tenant)
	if waba != "" {
		o.claim.WABAs = []graph.WABAID{graph.WABAID(waba)}
	}
	if number != "" {
		o.claim.Numbers = []graph.PhoneNumberID{graph.PhoneNumberID(number)}
	}
	for _, secret := range []struct {
		into                  *graph.Secret
		flag, given, variable string
	}{
		{&o.callback.Code, "code", code, codeVariable},
		{&o.callback.AccessToken, "access-token", token, tokenVariable},
		{&o.pin, "pin", pin, pinVariable},
	} {
		var err error
		if *secret.into, err = p.Env.Secret(secret.variable); err != nil {
			return o, err
		}
		if secret.given != "" {
			*secret.into = graph.NewSecret(secret.given)
			o.secretsFromFlags = append(o.secretsFromFlags, "-"+secret.flag+" (use "+secret.variable+")")
		}
	}
	return o, nil
}

func footer() string {
	var b strings.Builder
	b.WriteString("\nFaults:\n")
	printFaults(&b)
	b.WriteString(target.Help(needs()...))
	b.WriteString(cli.Wrap("  ", "  ", codeVariable+", "+tokenVariable+", "+pinVariable+" and "+vaultKey+
		" may be set too, or the same names with _FILE at the end, for the file that has the secret."))
	b.WriteString("\nExit: 0 done, 1 stopped by an error that says what to do, 2 wrong flags or\nenvironment, 3 not finished: a step is due later.\n")
	return b.String()
}

// simulatedCurrency is what the simulator's client is invoiced in.
const simulatedCurrency = "EUR"

// check completes the options, and refuses a mistake before a code is lost
// through it. It is long because each combination of flags that makes no sense has
// a case of its own.
func (o *options) check(to *target.Target) error {
	simulated := to.Simulator != nil
	begins := o.begins()
	switch _, known := findFault(o.fault); {
	case simulated && (begins || len(o.claim.WABAs)+len(o.claim.Numbers) > 0 || o.claim.Business != ""):
		return cli.Usagef("-code, -access-token, -waba, -business and -phone are for a server that the environment names: the embedded simulator makes a signup of its own")
	case simulated && (o.state != "" || o.resume):
		return cli.Usagef("-state and -resume need a server that outlives this process: start examples/simulator, and set the variables that it prints")
	case !simulated && o.fault != "":
		return cli.Usagef("-fault needs the embedded simulator; the environment names a server")
	case o.fault != "" && !known:
		return cli.Usagef("-fault: there is no fault %.40q; -fault list names them", o.fault)
	case to.Real() && len(o.secretsFromFlags) > 0:
		return cli.Usagef("a flag shows in the process list, so on a real server no secret comes from one: %s", strings.Join(o.secretsFromFlags, ", "))
	case !o.callback.Code.IsZero() && !o.callback.AccessToken.IsZero():
		return cli.Usagef("-code and -access-token are both given; one signup gives one of them")
	case !simulated && !begins && !o.dryRun && o.state == "":
		return cli.Usagef("nothing to onboard: give the -code (or -access-token) of a signup, or the -state of an earlier run")
	case to.Real() && !o.dryRun && o.state == "":
		return cli.Usagef("-state must be given on a real server: the client's token has to outlive this process")
	case o.dryRun && !simulated && len(o.claim.WABAs) == 0 && o.callback.AccessToken.IsZero():
		return cli.Usagef("a dry run does not exchange the -code, so it cannot learn what was shared: name it with -waba")
	case o.wait < 0:
		return cli.Usagef("-wait cannot be negative")
	}
	if simulated {
		o.currency = cmp.Or(o.currency, simulatedCurrency)
	}
	return cli.Usage(errors.Join(o.checkIDs(), o.checkCurrency(), o.checkPIN()))
}

// begins reports whether there is a callback of a signup.
func (o *options) begins() bool {
	return !o.callback.Code.IsZero() || !o.callback.AccessToken.IsZero()
}

// goesOn reports whether there is no callback, only the state of an earlier run.
func (o *options) goesOn() bool { return !o.begins() && !o.dryRun && o.state != "" }

func (o *options) checkIDs() error {
	var errs []error
	if o.claim.Business != "" && graph.CheckID("-business", o.claim.Business) != nil {
		errs = append(errs, errors.New("-business must be digits only, as in 506914329494580"))
	}
	if len(o.claim.WABAs) > 0 && graph.CheckID("-waba", o.claim.WABAs[0]) != nil {
		errs = append(errs, errors.New("-waba must be digits only, as in 102290181217432"))
	}
	if len(o.claim.Numbers) > 0 && graph.CheckID("-phone", o.claim.Numbers[0]) != nil {
		errs = append(errs, errors.New("-phone must be digits only, the id of the number and not the number, as in 106540406030958"))
	}
	return errors.Join(errs...)
}

var errNoCurrency = errors.New("-currency must be given, as in EUR: the currency of a WABA's invoices can never be changed")

// checkCurrency requires a currency for a new signup, and guesses none. A record of
// an earlier run has its own: see useCurrencyOf.
func (o *options) checkCurrency() error {
	switch {
	case o.currency == "" && o.begins() && !o.dryRun:
		return errNoCurrency
	case o.currency != "" && credit.CheckCurrency(o.currency) != nil:
		return errors.New("-currency must look like EUR: three capital letters")
	}
	return nil
}

// useCurrencyOf takes the currency from the records that the run goes on with, and
// refuses another one in the flag.
func (o *options) useCurrencyOf(records []onboard.Record) error {
	given, advice := o.currency, "leave -currency out"
	if o.begins() {
		advice = "give the currency of the record"
	}
	for _, record := range records {
		switch {
		case record.Currency == "" && given == "":
			return cli.Usage(errNoCurrency)
		case record.Currency != "" && given != "" && given != record.Currency:
			return cli.Usagef("-currency is %s, but record %s has %s: to go on with the record, %s", given, record.ID, record.Currency, advice)
		}
		// The flow wants a currency, and uses it for a record without one.
		o.currency = cmp.Or(o.currency, record.Currency)
	}
	return nil
}

func (o *options) checkPIN() error {
	switch pin := o.pin.Reveal(); {
	case pin == "":
		return nil
	case len(pin) != 6:
		return cli.Usagef("-pin (or %s) must be 6 digits, got %d characters", pinVariable, utf8.RuneCountInString(pin))
	case strings.Trim(pin, "0123456789") != "":
		return cli.Usagef("-pin (or %s) must be 6 digits, got another character among them", pinVariable)
	}
	return nil
}

func trimmed(secret graph.Secret) string { return strings.TrimSpace(secret.Reveal()) }
