package onboard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

const routeRegister = "POST /{phone-number-id}/register"

func registration(record onboard.Record, id graph.PhoneNumberID) *onboard.StepRecord {
	return record.Step(onboard.StepRegister, string(id))
}

// The PIN is random, and the vault has it before it is used.
func TestRegister_EachNumberHasItsOwnPIN(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		pins := map[string]bool{}
		b.server.Control(routeRegister, func(call graphtest.Call) *graphtest.Fault {
			for kept, err := range b.vault.List(t.Context(), vault.Ref{}) {
				require.NoError(t, err)
				if kept.Kind == vault.SecretPIN && kept.Subject == call.IDs[0] {
					return nil
				}
			}
			t.Errorf("number %s is registered with a PIN that is not in the vault", call.IDs[0])
			return nil
		})
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{WABAs: 2, Numbers: 4})
		require.Len(t, done.Numbers, 8)
		for _, id := range done.Numbers {
			pin, err := b.vault.Get(t.Context(), vault.Ref{Tenant: "acme", Kind: vault.SecretPIN, Subject: string(id)})
			require.NoError(t, err)
			require.Regexp(t, `^\d{6}$`, pin.Reveal())
			pins[pin.Reveal()] = true
			require.Len(t, record.Number(id).Registrations, 1)
			require.Equal(t, 1, b.server.Registrations(id))
		}
		require.Greater(t, len(pins), 6, "never one for all")
		b.requireLive(t, done)
	})
}

// After nine registrations the flow waits until the first is 72 hours old. The tenth is
// left to people, and the eleventh would lock the number.
func TestRegister_StopsAfterNineRegistrations(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		id := done.Numbers[0]
		remove := b.server.Control(routeRegister, func(graphtest.Call) *graphtest.Fault {
			return &graphtest.Fault{Code: 131000, Message: "Something went wrong", After: false, Status: 500}
		})
		record := begin(t, flow, start)
		first := time.Now()
		var err error
		for range 30 {
			record, err = flow.Resume(t.Context(), record.ID)
			require.NoError(t, err)
			if len(record.Number(id).Registrations) == 9 && registration(record, id).NotBefore.After(time.Now().Add(time.Hour)) {
				break
			}
			time.Sleep(time.Second)
		}
		sent := 0
		for _, call := range b.server.Calls() {
			if call.Route == "/{phone-number-id}/register" {
				sent++
			}
		}
		require.Equal(t, 9, sent)
		step := registration(record, id)
		require.Equal(t, onboard.StepOpen, step.State)
		require.Contains(t, step.Reason, "as often as is safe")
		require.Equal(t, record.Number(id).Registrations[0].Add(72*time.Hour), step.NotBefore)
		require.WithinDuration(t, first, record.Number(id).Registrations[0], time.Second)

		remove()
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.GreaterOrEqual(t, time.Since(first), 72*time.Hour)
		require.LessOrEqual(t, len(record.Number(id).Registrations), 9, "what is older than the window is forgotten")
	})
}

// Whether the Business app has a number is what Meta says, whatever the browser said.
func TestRegister_SkipsCoexistence(t *testing.T) {
	for _, claimed := range []signup.Variant{signup.VariantCoexistence, signup.VariantCloud} {
		t.Run(string(claimed), func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				flow := b.flow(t)
				done, start := b.client(t, graphtest.SignupOptions{Variant: graphtest.Coexistence})
				start.Variant = claimed
				record := runToEnd(t, flow, begin(t, flow, start))
				require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
				require.Equal(t, signup.VariantCoexistence, record.Variant)
				require.Equal(t, onboard.StepSkipped, registration(record, done.Numbers[0]).State)
				require.Zero(t, b.server.Registrations(done.Numbers[0]))
				for _, call := range b.server.Calls() {
					require.NotContains(t, call.Route, "register")
				}
			})
		})
	}
}

// A browser that names a coexistence signup for an ordinary number does not leave the
// number unregistered.
func TestRegister_AClaimDoesNotOutweighMeta(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		start.Variant = signup.VariantCoexistence
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, 1, b.server.Registrations(done.Numbers[0]))
		require.False(t, record.Number(done.Numbers[0]).OnBusinessApp)
		b.requireLive(t, done)
	})
}

// In a Multi-Partner Solution, one of the partners registers the numbers.
func TestRegister_SkipsWithNoRegister(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t, func(c *onboard.Config) { c.NoRegister = true })
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		require.Equal(t, onboard.StepSkipped, registration(record, done.Numbers[0]).State)
		require.Zero(t, b.server.Registrations(done.Numbers[0]))
		require.False(t, record.Number(done.Numbers[0]).PINKept)
		_, err := flow.Reregister(t.Context(), record.ID)
		require.NoError(t, err)
		require.Zero(t, b.server.Registrations(done.Numbers[0]))
	})
}

// The step waits for as long as Meta reviews the name.
func TestCertificate_WaitsForTheNameReview(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{NameStatus: "PENDING_REVIEW"})
		start.Variant = signup.VariantOnPremises
		record := begin(t, flow, start)
		for range 40 { // hours: more often than a step may fail
			next, err := flow.Run(t.Context(), record.ID)
			require.NoError(t, err)
			record = next
			time.Sleep(time.Hour)
		}
		require.Equal(t, onboard.StateRunning, record.State, "%+v", record.Steps)
		require.Contains(t, registration(record, done.Numbers[0]).Reason, "certificate is not ready")
		require.NoError(t, b.server.ApproveName(done.Numbers[0]))
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Zero(t, b.server.Registrations(done.Numbers[0]), "its own client registers it")
	})
}

// The flow reads a registered number until it is connected, and does not register it
// again.
func TestRegister_WaitsForTheConnection(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		id := done.Numbers[0]
		connected := false
		b.server.Control("GET /{waba-id}/phone_numbers", func(graphtest.Call) *graphtest.Fault {
			if connected {
				return nil
			}
			return &graphtest.Fault{Body: []byte(`{"data":[{"id":"` + string(id) + `","status":"PENDING","code_verification_status":"VERIFIED"}]}`)}
		})
		record, err := flow.Run(t.Context(), begin(t, flow, start).ID)
		require.NoError(t, err)
		for range 5 {
			require.Equal(t, onboard.StateRunning, record.State)
			due, _ := record.Due()
			require.True(t, due.After(time.Now()), "it is looked at again later")
			time.Sleep(time.Until(due))
			record, err = flow.Run(t.Context(), record.ID)
			require.NoError(t, err)
		}
		connected = true
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State)
		require.Equal(t, 1, b.server.Registrations(id))
	})
}

// A number that comes back is registered with its earlier PIN, and its earlier
// registrations count.
func TestRegister_UsesTheEarlierPIN(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		id := done.Numbers[0]
		_, err := flow.Offboard(t.Context(), onboard.OffboardRequest{Record: record.ID, EveryWABA: true})
		require.NoError(t, err)
		require.NoError(t, b.server.SetNumberStatus(id, "DISCONNECTED"))
		time.Sleep(time.Hour)

		_, start := b.client(t, graphtest.SignupOptions{Business: done.Business, WABA: done.WABAs[0]})
		start.Claim, start.Reinstate = signup.Claim{WABAs: done.WABAs, Numbers: done.Numbers}, true
		back := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, back.State, "%+v", back.Steps)
		require.NotEqual(t, record.ID, back.ID)
		require.Equal(t, 2, b.server.Registrations(id))
		require.Equal(t, record.Number(id).Registrations, back.Number(id).Registrations[:1])
		require.Len(t, back.Number(id).Registrations, 2)
		b.requireLive(t, done)
	})
}

// Meta refuses a registration as long as nothing pays for the WABA. The number waits for
// the credit line.
func TestRegister_WaitsForThePayment(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Delay("POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach", 5*time.Second)
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, onboard.StepShare, registration(record, done.Numbers[0]).Needs)
		require.Equal(t, 2, b.server.Registrations(done.Numbers[0]), "one was refused")
		b.requireLive(t, done)
	}, graphtest.WithPaymentRequired())
}

// Meta does not see that the line pays. The number waits longer and longer, and then a
// person has to act. Not all its registrations are spent.
func TestRegister_FailsIfThePaymentDoesNotCome(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		id := done.Numbers[0]
		b.server.Delay("POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach", 5*time.Second)
		var at []time.Time
		remove := b.server.Control(routeRegister, func(graphtest.Call) *graphtest.Fault {
			at = append(at, time.Now())
			return &graphtest.Fault{Code: 100, Subcode: 2388103, Status: 400, Message: "Cannot migrate phone number"}
		})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State)
		require.Equal(t, onboard.StepFailed, registration(record, id).State)
		require.Len(t, record.Number(id).Registrations, 7)
		require.Len(t, at, 7)
		for i := 2; i < len(at); i++ {
			require.Greater(t, at[i].Sub(at[i-1]), at[i-1].Sub(at[i-2]))
		}
		require.Greater(t, at[len(at)-1].Sub(at[0]), 5*time.Hour)
		remove()
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	})
}

// Without a credit line the client has to pay, and a person has to tell it so.
func TestRegister_FailsWithoutPayment(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t, func(c *onboard.Config) { c.Line = "" })
		done, start := b.client(t, graphtest.SignupOptions{})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateFailed, record.State)
		require.NoError(t, b.server.AddPayment(done.WABAs[0]))
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	}, graphtest.WithPaymentRequired())
}

// The display name is still being processed. The caller need not remember the number.
func TestRegister_TriesAgainForTheName(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		require.NoError(t, b.server.DelayName(done.Numbers[0], 4))
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, 5, b.server.Registrations(done.Numbers[0]))
		b.requireLive(t, done)
	})
}

// Meta answers that the number is registered already, and it is.
func TestRegister_LooksAfterARefusal(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{})
		b.server.Times(routeRegister, 1, graphtest.Fault{
			After: true, Status: 400,
			Body: []byte(`{"error":{"message":"Phone number is already registered","type":"OAuthException","code":100,"fbtrace_id":"A1"}}`),
		})
		record := runToEnd(t, flow, begin(t, flow, start))
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, 1, b.server.Registrations(done.Numbers[0]))
		b.requireLive(t, done)
	})
}

// An earlier version stored the PIN with the record. It moves to the number.
func TestRegister_MovesAnOldPIN(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{PIN: graph.NewSecret("012345")})
		record := begin(t, flow, start)
		old := vault.Ref{Tenant: "acme", Record: record.ID, Kind: vault.SecretPIN, Subject: string(done.Numbers[0])}
		require.NoError(t, b.vault.Put(t.Context(), old, graph.NewSecret("012345"), time.Time{}))
		record = runToEnd(t, flow, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		require.Equal(t, []vault.Ref{{Tenant: "acme", Kind: vault.SecretPIN, Subject: string(done.Numbers[0])}}, b.secrets(t, vault.SecretPIN))
	})
}
