package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/credit"
	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
	"github.com/seed-8fdceacd/wagraph/graph"
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
		{name: "check", what: "show whether your line is shared with a WABA and pays for it", do: (*actions).check,
			needs: []string{target.Token, target.CreditLine}, wants: []string{"waba"}},
		{name: "share", what: "make your line pay for a WABA: look, post once, confirm", do: (*actions).share, acts: true,
			needs: []string{target.Token, target.CreditLine}, wants: []string{"waba", "currency"}},
		{name: "verify", what: "report whether an allocation pays for a WABA; exit 1 if not", do: (*actions).verify,
			needs: []string{target.Token}, wants: []string{"waba", "allocation"}},
		{name: "revoke", what: "take the line back from every WABA of a client", do: (*actions).revoke, acts: true,
			needs: []string{target.Token}, wants: []string{"allocation", "every-waba"}},
	}
}

// options are the verb and its flags.
type options struct {
	verb        verb
	waba        graph.WABAID
	allocation  graph.AllocationID
	currency    string
	everyWABA   bool
	dryRun, yes bool
}

const exits = "\nExit: 0 done, 1 stopped by an error that says what to do, 2 wrong flags or\nenvironment.\n"

func parse(p cli.Process) (options, error) {
	o := options{verb: verb{name: "", do: (*actions).all, needs: []string{target.Token, target.CreditLine}}}
	args, err := o.readVerb(p.Args)
	if err != nil {
		return o, err
	}
	var wabaID, allocation string
	f := cli.NewFlags("share-credit", usage(), target.Help(target.Token, target.CreditLine+" for check and share", target.BusinessID+" for lines")+exits)
	f.StringVar(&wabaID, "waba", "", "`id` of the client's WABA")
	f.StringVar(&allocation, "allocation", "", "`id` of the allocation, as share and check print it")
	f.StringVar(&o.currency, "currency", "", "ISO `code` of the currency in which the WABA is invoiced, such as EUR; it can never be changed")
	f.BoolVar(&o.everyWABA, "every-waba", false, "needed for revoke, because it takes the line from every WABA of the client")
	f.BoolVar(&o.dryRun, "dry-run", false, "only read, and say what would be done")
	f.BoolVar(&o.yes, "yes", false, "do not ask before billing and revoking")
	if err := f.Read(args, p.Out); err != nil {
		return o, o.verb.explain(err)
	}
	o.waba, o.allocation = graph.WABAID(wabaID), graph.AllocationID(allocation)
	switch {
	case o.verb.name == "" && o.dryRun:
		return o, cli.Usagef("-dry-run needs a verb")
	case wabaID != "" && graph.CheckID("-waba", wabaID) != nil:
		return o, cli.Usagef("-waba must be digits only, as in 102290181217432")
	case allocation != "" && graph.CheckID("-allocation", allocation) != nil:
		return o, cli.Usagef("-allocation must be digits only, as in 5854328480471457")
	case o.currency != "" && credit.CheckCurrency(o.currency) != nil:
		return o, cli.Usagef("-currency must look like EUR: three capital letters")
	}
	return o, nil
}

// readVerb takes the verb from the beginning of the arguments, and returns the
// others.
func (o *options) readVerb(args []string) ([]string, error) {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return args, nil
	}
	at := slices.IndexFunc(verbs(), func(v verb) bool { return v.name == args[0] })
	if at < 0 {
		return nil, cli.Usagef("there is no verb %.20q: it is lines, check, share, verify or revoke", args[0])
	}
	o.verb = verbs()[at]
	return args[1:], nil
}

// explain says where the verb belongs, if an argument is not a flag.
func (v verb) explain(err error) error {
	argument, ok := errors.AsType[*cli.ArgumentError](err)
	switch {
	case !ok:
		return err
	case v.name == "":
		return cli.Usagef("the verb comes first, and the flags after it; argument %d is not a flag. Usage: %s", argument.At, synopsis)
	}
	return cli.Usagef("only flags come after the verb; argument %d is not a flag. Usage: %s", argument.At+1, synopsis)
}

const synopsis = "go run ./examples/share-credit [verb] [flags]"

func usage() string {
	var b strings.Builder
	b.WriteString(`share-credit shows, makes, verifies and revokes shares of a credit line.

Usage:
  ` + synopsis + `

Verbs:
`)
	for _, v := range verbs() {
		fmt.Fprintf(&b, "  %-7s %s\n", v.name, v.what)
		for _, name := range v.wants {
			fmt.Fprintf(&b, "  %-7s   -%s\n", "", name)
		}
	}
	b.WriteString("  Without a verb, all of them run on the simulator, one after another.\n")
	return b.String()
}

// complete fills in what the simulator knows, and refuses what is missing.
func (o *options) complete(ctx context.Context, to *target.Target) error {
	if to.Simulator != nil {
		return o.fromSimulator(ctx, to)
	}
	if o.verb.name == "" {
		return cli.Usagef("a verb is needed: lines, check, share, verify or revoke")
	}
	missing := map[string]bool{
		"waba": o.waba == "", "allocation": o.allocation == "", "every-waba": !o.everyWABA,
		"currency": o.currency == "" && !o.dryRun,
	}
	for _, name := range o.verb.wants {
		if missing[name] {
			return cli.Usagef("-%s must be given for %s", name, o.verb.name)
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
	for account, err := range waba.New(to.Client).Clients(to.Business, waba.Query{}).All(ctx) {
		if err != nil {
			return err
		}
		if account.OwnerBusiness.ID == owner {
			o.waba = account.ID
		}
	}
	return nil
}
