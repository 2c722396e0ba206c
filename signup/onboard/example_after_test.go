package onboard_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// A changed display name is taken on by registering again.
func ExampleFlow_Reregister() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	if record, err = flow.Run(ctx, record.ID); err != nil {
		fmt.Println(err)
		return
	}
	if err := errors.Join(server.RequestRename(done.Numbers[0], "Alpenglow"), server.ApproveName(done.Numbers[0])); err != nil {
		fmt.Println(err)
		return
	}
	record, err = flow.Reregister(ctx, record.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	number, _ := server.Number(done.Numbers[0])
	fmt.Println(number.VerifiedName, record.Step(onboard.StepReregister, string(number.ID)).State)
	// Output: Alpenglow done
}

// Letting a client go ends what the partner pays for it. It is told apart from a
// WABA that is taken off: every WABA of the client loses the line.
func ExampleFlow_Offboard() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{})
	record, err := flow.Begin(ctx, start)
	if err != nil {
		fmt.Println(err)
		return
	}
	if record, err = flow.Run(ctx, record.ID); err != nil {
		fmt.Println(err)
		return
	}
	_, err = flow.Offboard(ctx, onboard.OffboardRequest{Record: record.ID})
	fmt.Println(err)
	record, err = flow.Offboard(ctx, onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	funding, _ := server.Funding(done.WABAs[0])
	fmt.Printf("%s, revoked %t, funding %q\n", record.State, !record.Revoked.IsZero(), funding)
	// Output:
	// wagraph: every waba must be true: the line is taken from every WABA of the client
	// offboarded, revoked true, funding ""
}

// A line that was revoked stays revoked until the caller asks for it again.
func ExampleFlow_Reinstate() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{})
	first, err := flow.Begin(ctx, start)
	if err == nil {
		first, err = flow.Run(ctx, first.ID)
	}
	if err == nil {
		_, err = flow.Offboard(ctx, onboard.OffboardRequest{Record: first.ID, EveryWABA: true})
	}
	if err != nil {
		fmt.Println(err)
		return
	}

	_, start = newClient(server, graphtest.SignupOptions{Business: done.Business}) // the client is back
	record, err := flow.Begin(ctx, start)
	if err == nil {
		record, err = flow.Run(ctx, record.ID)
	}
	fmt.Println(record.State, err)
	record, err = flow.Reinstate(ctx, record.ID)
	fmt.Println(record.State, err)
	// Output:
	// failed <nil>
	// done <nil>
}

// Why does the client's webhook stay silent?
func ExampleDiagnose() {
	ctx := context.Background()
	server := graphtest.Start()
	flow := partnersFlow(server)
	done, start := newClient(server, graphtest.SignupOptions{CodeVerification: "NOT_VERIFIED"})
	record, err := flow.Begin(ctx, start)
	if err == nil {
		_, err = flow.Run(ctx, record.ID)
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	w := server.World()
	report, err := onboard.Diagnose(ctx, onboard.DiagnoseRequest{
		Client: server.Client(), WABA: done.WABAs[0], App: signup.App{ID: w.App, Secret: w.AppSecret}, Line: w.CreditLine,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Health)
	for _, finding := range report.Findings {
		if finding.Health != onboard.Live {
			fmt.Println(finding.Code, "|", finding.Text, "|", finding.Action)
		}
	}
	// Output:
	// not_live
	// number_not_connected | +1 555-100-0066 is PENDING | Register it: it is not verified: request a code and send it back
}
