package onboard_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/phonenumbers"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

func TestFlow_SetPIN(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, start := b.client(t, graphtest.SignupOptions{PIN: graph.NewSecret("012345")})
		record := runToEnd(t, flow, begin(t, flow, start))
		for _, pin := range []string{"", "12345", "1234567", "12345a", "١٢٣٤٥٦"} {
			requireField(t, flow.SetPIN(t.Context(), record.ID, done.Numbers[0], graph.NewSecret(pin)), "pin")
		}
		requireField(t, flow.SetPIN(t.Context(), record.ID, "1", graph.NewSecret("012345")), "phone-number-id")
		require.ErrorIs(t, flow.SetPIN(t.Context(), "none", done.Numbers[0], graph.NewSecret("012345")), onboard.ErrNoRecord)
		require.NoError(t, flow.SetPIN(t.Context(), record.ID, done.Numbers[0], graph.NewSecret("012345")))
		record, err := flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
	})
}

const routeSetPIN = "POST /{phone-number-id}"

// Whatever happens to the call, the PIN in the vault is the number's once it is over.
func TestFlow_ChangePIN(t *testing.T) {
	for name, tt := range map[string]struct {
		fault graphtest.Fault
		fails bool // the first ChangePIN
	}{
		"calm":    {},
		"refused": {graphtest.Fault{Code: 100, Status: 400, Message: "Invalid parameter"}, true},
		"lost":    {graphtest.Fault{LoseReply: true}, true},
		"reset":   {graphtest.Fault{ResetBefore: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				flow := b.flow(t)
				done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
				id := done.Numbers[0]
				if tt.fails {
					b.server.Times(routeSetPIN, 6, tt.fault) // as often as a call is repeated
				}
				err := flow.ChangePIN(t.Context(), record.ID, id, graph.NewSecret("270731"))
				require.Equal(t, tt.fails, err != nil, err)
				// The name changes: the number is registered again, by any process.
				require.NoError(t, b.server.RequestRename(id, "Lindenhof Apotheke"))
				require.NoError(t, b.server.ApproveName(id))
				time.Sleep(time.Hour)
				record, err = b.flow(t).Reregister(t.Context(), record.ID)
				require.NoError(t, err)
				require.Equal(t, onboard.StepDone, record.Step(onboard.StepReregister, string(id)).State, "%+v", record.Steps)
				pin, err := b.vault.Get(t.Context(), vault.Ref{Tenant: "acme", Kind: vault.SecretPIN, Subject: string(id)})
				require.NoError(t, err)
				require.Equal(t, name == "refused", pin.Reveal() != "270731")
				require.NoError(t, phonenumbers.New(b.server.Client()).Register(t.Context(), id, pin))
				b.requireNoPINPending(t, id)
			})
		})
	}
}

// A worker that registers the number has it.
func TestFlow_ChangePIN_BusyWhileAWorkerHasTheNumber(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		_, err := b.store.Acquire(t.Context(), "another", time.Minute, onboard.NumberObject(done.Numbers[0]))
		require.NoError(t, err)
		require.ErrorIs(t, flow.ChangePIN(t.Context(), record.ID, done.Numbers[0], graph.NewSecret("270731")), onboard.ErrBusy)
		require.ErrorIs(t, flow.SetPIN(t.Context(), record.ID, done.Numbers[0], graph.NewSecret("270731")), onboard.ErrBusy)
	})
}

// A change whose answer was lost is refused when it is to be finished: Meta may have either
// PIN. The vault keeps both, until a registration shows which one it is.
func TestFlow_ChangePIN_KeepsBothPINs(t *testing.T) {
	refusal := graphtest.Fault{Code: 100, Status: 400, Message: "Invalid parameter"}
	for name, tt := range map[string]struct {
		first  graphtest.Fault // of the first change
		second string          // the PIN of the second one
		has    string          // the PIN that the number has; empty: the first one of all
	}{
		"the same PIN again":         {graphtest.Fault{LoseReply: true}, "270731", "270731"},
		"another PIN":                {graphtest.Fault{LoseReply: true}, "555555", "270731"},
		"the call did not get there": {graphtest.Fault{ResetBefore: true}, "555555", ""},
	} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				flow := b.flow(t)
				done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
				id := done.Numbers[0]
				first := b.pin(t, id)
				b.server.Times(routeSetPIN, 6, tt.first)
				require.Error(t, flow.ChangePIN(t.Context(), record.ID, id, graph.NewSecret("270731")))
				stop := b.server.Control(routeSetPIN, func(graphtest.Call) *graphtest.Fault { return &refusal })
				require.ErrorIs(t, flow.ChangePIN(t.Context(), record.ID, id, graph.NewSecret(tt.second)), graph.ErrInvalid)

				require.NoError(t, b.server.RequestRename(id, "Lindenhof Apotheke"))
				require.NoError(t, b.server.ApproveName(id))
				time.Sleep(time.Hour)
				record, err := flow.Reregister(t.Context(), record.ID)
				require.NoError(t, err)
				require.Equal(t, onboard.StepDone, record.Step(onboard.StepReregister, string(id)).State, "%+v", record.Steps)
				want := graph.NewSecret(tt.has)
				if tt.has == "" {
					want = first
				}
				require.True(t, b.pin(t, id).Equal(want))
				b.requireNoPINPending(t, id)
				b.requirePIN(t, id)
				stop()
				require.NoError(t, flow.ChangePIN(t.Context(), record.ID, id, graph.NewSecret(tt.second)))
				require.Equal(t, tt.second, b.pin(t, id).Reveal())
				b.requirePIN(t, id)
			})
		})
	}
}

// The call is repeated after its answer was lost, and the repetition is refused.
func TestFlow_ChangePIN_RefusedAfterALostAnswer(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		id, calls := done.Numbers[0], 0
		b.server.Control(routeSetPIN, func(graphtest.Call) *graphtest.Fault {
			if calls++; calls == 1 {
				return &graphtest.Fault{LoseReply: true}
			}
			return &graphtest.Fault{Code: 100, Status: 400, Message: "Invalid parameter"}
		})
		require.ErrorIs(t, flow.ChangePIN(t.Context(), record.ID, id, graph.NewSecret("270731")), graph.ErrInvalid)
		require.NoError(t, b.server.RequestRename(id, "Lindenhof Apotheke"))
		require.NoError(t, b.server.ApproveName(id))
		time.Sleep(time.Hour)
		_, err := flow.Reregister(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, "270731", b.pin(t, id).Reveal())
		b.requirePIN(t, id)
	})
}

// What the client says outweighs a change whose end is not known.
func TestFlow_SetPIN_DropsAChange(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		id := done.Numbers[0]
		b.server.Times(routeSetPIN, 6, graphtest.Fault{ResetBefore: true})
		require.Error(t, flow.ChangePIN(t.Context(), record.ID, id, graph.NewSecret("270731")))
		require.NoError(t, b.server.SetPIN(id, graph.NewSecret("111222")))
		require.NoError(t, flow.SetPIN(t.Context(), record.ID, id, graph.NewSecret("111222")))
		b.requireNoPINPending(t, id)
		require.NoError(t, b.server.RequestRename(id, "Lindenhof Apotheke"))
		require.NoError(t, b.server.ApproveName(id))
		time.Sleep(time.Hour)
		_, err := flow.Reregister(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, "111222", b.pin(t, id).Reveal())
		b.requirePIN(t, id)
	})
}

// SetPIN stores a PIN although the one in the vault cannot be opened any more.
func TestFlow_SetPIN_ReplacesABrokenSeal(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		flow := b.flow(t)
		done, record := b.onboarded(t, flow, graphtest.SignupOptions{})
		id := done.Numbers[0]
		pin := b.pin(t, id)
		for _, kind := range []vault.SecretKind{vault.SecretPIN, vault.SecretNextPIN} {
			ref := vault.Ref{Tenant: "acme", Kind: kind, Subject: string(id)}
			require.NoError(t, b.storage.PutSealed(t.Context(), vault.SealedSecret{Ref: ref, Key: "k1", Data: []byte("no seal")}))
			_, err := b.vault.Get(t.Context(), ref)
			require.ErrorIs(t, err, vault.ErrSealBroken)
		}
		require.ErrorIs(t, flow.ChangePIN(t.Context(), record.ID, id, pin), vault.ErrSealBroken, "the other PIN may be the number's")
		require.NoError(t, flow.SetPIN(t.Context(), record.ID, id, pin))
		b.requireNoPINPending(t, id)
		b.requirePIN(t, id)
	})
}

// pin returns the PIN in the vault.
func (b *bench) pin(t *testing.T, id graph.PhoneNumberID) graph.Secret {
	t.Helper()
	pin, err := b.vault.Get(t.Context(), vault.Ref{Tenant: "acme", Kind: vault.SecretPIN, Subject: string(id)})
	require.NoError(t, err)
	return pin
}

// requirePIN asserts that the number has the PIN in the vault.
func (b *bench) requirePIN(t *testing.T, id graph.PhoneNumberID) {
	t.Helper()
	require.NoError(t, phonenumbers.New(b.server.Client()).Register(t.Context(), id, b.pin(t, id)))
}

// requireNoPINPending asserts that no change of the PIN waits for its end.
func (b *bench) requireNoPINPending(t *testing.T, id graph.PhoneNumberID) {
	t.Helper()
	next, err := b.vault.Get(t.Context(), vault.Ref{Tenant: "acme", Kind: vault.SecretNextPIN, Subject: string(id)})
	if !errors.Is(err, vault.ErrNoSecret) {
		require.NoError(t, err)
		require.Error(t, phonenumbers.CheckPIN(next))
	}
}
