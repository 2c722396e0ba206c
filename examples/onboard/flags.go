package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// options are the flags.
type options struct {
	code, accessToken, pin wagraph.Secret
	currency               string
	waba                   wagraph.WABAID
	phone                  wagraph.PhoneNumberID
	fault                  string
	dryRun, yes            bool
	json, verbose          bool
}

// needs are the variables that this program cannot do without.
func needs() []string {
	return []string{target.Token, target.AppID, target.AppSecret, target.BusinessID, target.SystemUser, target.CreditLine}
}

func parse(args []string, help io.Writer) (options, error) {
	var o options
	var code, token, pin, waba, phone string
	flags := flag.NewFlagSet("onboard", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&code, "code", "", "`code` of the signup's callback: lives 30 seconds, works once")
	flags.StringVar(&token, "access-token", "", "`token` of the older callback, instead of a code")
	flags.StringVar(&waba, "waba", "", "`id` of the WABA that the browser's session event names; alone, it goes on where an earlier run ended")
	flags.StringVar(&phone, "phone", "", "`id` of the one number to register; otherwise all of the WABA")
	flags.StringVar(&o.currency, "currency", "", "`ISO code` in which the WABA is invoiced, such as EUR. "+
		"It can never be changed, so there is no default but in the simulator")
	flags.StringVar(&pin, "pin", "", "`6 digits`: the number's two-step PIN if it has one, otherwise it becomes that. "+
		"Keep it: without it the number cannot be registered again. No default but in the simulator")
	flags.StringVar(&o.fault, "fault", "", "run the simulator into a fault: one of the `names` below, or list")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only read, and say what would be done; a code is not exchanged, since that uses it up")
	flags.BoolVar(&o.yes, "yes", false, "do not ask before billing and registering")
	flags.BoolVar(&o.json, "json", false, "print one JSON document instead; progress goes to stderr")
	flags.BoolVar(&o.verbose, "v", false, "show every call")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		writeHelp(help, flags)
		return o, err
	}
	if err == nil && flags.NArg() > 0 {
		err = errors.New("there are no arguments, only flags")
	}
	o.code, o.accessToken, o.pin = wagraph.NewSecret(code), wagraph.NewSecret(token), wagraph.NewSecret(pin)
	o.waba, o.phone = wagraph.WABAID(waba), wagraph.PhoneNumberID(phone)
	return o, err
}

func writeHelp(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprint(w, `onboard takes a client from the callback of Embedded Signup to a number that can send.

Usage:
  go run ./examples/onboard                      a client of the embedded simulator
  go run ./examples/onboard -fault lost-share    the same, through a fault
  go run ./examples/onboard -code CODE -currency EUR -pin 123456
                                                 a real signup, with the environment set

Steps that are done already are seen and skipped, so a run may be repeated.
Against a server that is not on this machine it asks before it bills and before
it registers, and refuses to run where it cannot ask, unless -yes is given.

Flags:
`)
	flags.SetOutput(w)
	flags.PrintDefaults()
	fmt.Fprint(w, "\nFaults:\n")
	writeFaults(w)
	fmt.Fprintf(w, "\n%s", target.Help(needs()...))
	fmt.Fprint(w, "\nExit: 0 done, 1 stopped by an error that says what to do, 2 wrong flags or environment.\n")
}

// The simulator's own answers to what has no default elsewhere.
const (
	simulatedCurrency = "EUR"
	simulatedPIN      = "195842"
)

// check completes the options, and refuses what is wrong with them before a
// code is used up over it.
func (o *options) check(to *target.Target) error {
	simulated := to.Simulator != nil
	signedUp := !o.code.IsZero() || !o.accessToken.IsZero()
	switch {
	case simulated && (signedUp || o.waba != "" || o.phone != ""):
		return errors.New("the embedded simulator plays a signup of its own; -code, -access-token, -waba and -phone are for a server that the environment names")
	case !simulated && o.fault != "":
		return errors.New("-fault needs the embedded simulator; the environment names a server")
	case !simulated && !signedUp && o.waba == "":
		return errors.New("nothing to onboard: give the -code (or -access-token) of a signup, or the -waba of an earlier run")
	case o.dryRun && !simulated && o.accessToken.IsZero() && o.waba == "":
		return errors.New("a dry run does not exchange the -code, so it cannot learn what was shared: name it with -waba")
	}
	if _, known := findFault(o.fault); o.fault != "" && !known {
		return fmt.Errorf("there is no fault %.40q; -fault list names them", o.fault)
	}
	if simulated {
		o.currency = cmp.Or(o.currency, simulatedCurrency)
		if o.pin.IsZero() {
			o.pin = wagraph.NewSecret(simulatedPIN)
		}
	}
	return errors.Join(o.checkIDs(), o.checkActs())
}

func (o *options) checkIDs() error {
	var errs []error
	if o.waba != "" && wagraph.CheckID("-waba", o.waba) != nil {
		errs = append(errs, errors.New("-waba must be digits only, as in 102290181217432"))
	}
	if o.phone != "" && wagraph.CheckID("-phone", o.phone) != nil {
		errs = append(errs, errors.New("-phone must be digits only, the id of the number and not the number, as in 106540406030958"))
	}
	return errors.Join(errs...)
}

// checkActs wants what cannot be taken back to be said, not guessed.
func (o *options) checkActs() error {
	if o.dryRun {
		return nil
	}
	var errs []error
	switch {
	case o.currency == "":
		errs = append(errs, errors.New("-currency must be given, as in EUR: what a WABA is invoiced in can never be changed"))
	case len(o.currency) != 3 || strings.Trim(o.currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		errs = append(errs, fmt.Errorf("-currency must look like EUR, got %.10q", o.currency))
	}
	switch pin := o.pin.Reveal(); {
	case pin == "":
		errs = append(errs, errors.New("-pin must be given, 6 digits: it is, or becomes, the number's two-step PIN; keep it"))
	case len(pin) != 6:
		errs = append(errs, fmt.Errorf("-pin must be 6 digits, got %d characters", utf8.RuneCountInString(pin)))
	case strings.Trim(pin, "0123456789") != "":
		errs = append(errs, errors.New("-pin must be 6 digits, got something else among them"))
	}
	return errors.Join(errs...)
}

// begin has the simulator's client sign up, and arranges the fault.
func (o *options) begin(ctx context.Context, to *target.Target) error {
	if to.Simulator == nil {
		return nil
	}
	trouble, _ := findFault(o.fault)
	spec := graphtest.SignupOptions{Name: "Lindenhof Apotheke", Country: "DE", Currency: simulatedCurrency}
	if trouble.before != nil {
		trouble.before(&spec)
	}
	client, err := to.Simulator.Signup(spec)
	if err != nil {
		return err
	}
	o.code = client.Code
	if o.dryRun {
		o.waba = client.WABAs[0]
	}
	if trouble.after == nil {
		return nil
	}
	return trouble.after(ctx, to, client)
}
