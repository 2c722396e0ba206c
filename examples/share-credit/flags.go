package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// verb is something that the program does.
type verb struct {
	name, what string
	do         func(*actions, context.Context) error
	// needs are environment variables, wants are flags.
	needs, wants []string
	acts         bool // changes something
}

func verbs() []verb {
	return []verb{
		{name: "lines", what: "list the credit lines of your portfolio", do: (*actions).lines,
			needs: []string{target.Token, target.BusinessID}},
		{name: "check", what: "show how a WABA stands with your line", do: (*actions).check,
			needs: []string{target.Token, target.CreditLine}, wants: []string{"waba"}},
		{name: "share", what: "make your line pay for a WABA: look, post once, confirm", do: (*actions).share, acts: true,
			needs: []string{target.Token, target.CreditLine}, wants: []string{"waba", "currency"}},
		{name: "verify", what: "tell whether an allocation pays for a WABA; exit 1 if not", do: (*actions).verify,
			needs: []string{target.Token}, wants: []string{"waba", "allocation"}},
		{name: "revoke", what: "take the line back from every WABA of a client", do: (*actions).revoke, acts: true,
			needs: []string{target.Token}, wants: []string{"allocation", "every-waba"}},
	}
}

// options are the verb and its flags.
type options struct {
	verb        verb
	waba        wagraph.WABAID
	allocation  wagraph.AllocationID
	currency    string
	everyWABA   bool
	dryRun, yes bool
}

func parse(args []string, help io.Writer) (options, error) {
	o := options{verb: verb{name: "", do: (*actions).all, needs: []string{target.Token, target.CreditLine}}}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		found := false
		for _, v := range verbs() {
			if v.name == args[0] {
				o.verb, found = v, true
			}
		}
		if !found {
			return o, fmt.Errorf("there is no verb %.20q", args[0])
		}
		args = args[1:]
	}
	var waba, allocation string
	flags := flag.NewFlagSet("share-credit", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&waba, "waba", "", "`id` of the client's WABA")
	flags.StringVar(&allocation, "allocation", "", "`id` of the allocation, as share and check print it")
	flags.StringVar(&o.currency, "currency", "", "`ISO code` in which the WABA is invoiced, such as EUR; it can never be changed")
	flags.BoolVar(&o.everyWABA, "every-waba", false, "revoke takes the line from every WABA of the client: say that you know")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only read, and say what would be done")
	flags.BoolVar(&o.yes, "yes", false, "do not ask before billing and revoking")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		writeHelp(help, flags)
		return o, err
	}
	if err == nil && flags.NArg() > 0 {
		err = errors.New("flags come behind the verb, and nothing behind them")
	}
	if err == nil && o.verb.name == "" && o.dryRun {
		err = errors.New("-dry-run needs a verb")
	}
	o.waba, o.allocation = wagraph.WABAID(waba), wagraph.AllocationID(allocation)
	return o, err
}

func writeHelp(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprint(w, `share-credit shows, makes, verifies and revokes shares of a credit line.

Usage:
  go run ./examples/share-credit [verb] [flags]

Verbs:
`)
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-7s %s\n", v.name, v.what)
		for _, name := range v.wants {
			fmt.Fprintf(w, "  %-7s   -%s\n", "", name)
		}
	}
	fmt.Fprint(w, "  Without a verb, all of them are played through on the simulator.\n\nFlags:\n")
	flags.SetOutput(w)
	flags.PrintDefaults()
	fmt.Fprintf(w, "\n%s", target.Help(target.Token, target.CreditLine+" for check and share", target.BusinessID+" for lines"))
	fmt.Fprint(w, "\nExit: 0 done, 1 stopped by an error that says what to do, 2 wrong flags or environment.\n")
}

// complete fills in what the simulator knows, and refuses what is missing.
func (o *options) complete(ctx context.Context, to *target.Target) error {
	if to.Simulator != nil {
		return o.fromSimulator(ctx, to)
	}
	if o.verb.name == "" {
		return errors.New("a verb is needed: lines, check, share, verify or revoke")
	}
	missing := map[string]bool{
		"waba": o.waba == "", "allocation": o.allocation == "", "every-waba": !o.everyWABA,
		"currency": o.currency == "" && !o.dryRun,
	}
	for _, name := range o.verb.wants {
		if missing[name] {
			return fmt.Errorf("-%s must be given for %s", name, o.verb.name)
		}
	}
	return nil
}

// fromSimulator takes a client without credit for share and check, and one with
// an allocation for verify and revoke.
func (o *options) fromSimulator(ctx context.Context, to *target.Target) error {
	world := to.Simulator.World()
	owner := world.WithoutCredit
	if o.verb.name == "verify" || o.verb.name == "revoke" {
		owner, o.everyWABA = world.WithCredit, true
		if o.allocation == "" {
			o.allocation = world.Allocation
		}
	}
	if o.currency == "" {
		o.currency = "GBP"
	}
	if o.waba != "" {
		return nil
	}
	for account, err := range waba.New(to.Graph).Clients(to.Business, waba.Query{}).All(ctx) {
		if err != nil {
			return err
		}
		if account.OwnerBusiness.ID == owner {
			o.waba = account.ID
		}
	}
	return nil
}
