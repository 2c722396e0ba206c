package onboard_test

import (
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
				require.Empty(t, b.secrets(t, vault.SecretNextPIN))
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
