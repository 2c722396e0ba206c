package onboard_test

import (
	"context"
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

// lateVault holds the first write of a worker's PIN back, as a process that was stopped
// or a slow database does.
type lateVault struct {
	vault.Vault
	kind vault.SecretKind
	hold func()
}

func (v *lateVault) write(ctx context.Context, ref vault.Ref, write func(context.Context) error) error {
	if hold := v.hold; hold != nil && ref.Kind == v.kind {
		v.hold = nil
		hold()
		// The database executes the statement, even if the caller no longer waits.
		ctx = context.WithoutCancel(ctx)
	}
	return write(ctx)
}

func (v *lateVault) Put(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) error {
	return v.write(ctx, ref, func(ctx context.Context) error { return v.Vault.Put(ctx, ref, secret, expires) })
}

func (v *lateVault) PutNew(ctx context.Context, ref vault.Ref, secret graph.Secret, expires time.Time) error {
	return v.write(ctx, ref, func(ctx context.Context) error { return v.Vault.PutNew(ctx, ref, secret, expires) })
}

func (v *lateVault) Replace(ctx context.Context, ref vault.Ref, old, fresh graph.Secret, expires time.Time) error {
	return v.write(ctx, ref, func(ctx context.Context) error { return v.Vault.Replace(ctx, ref, old, fresh, expires) })
}

func (v *lateVault) Delete(ctx context.Context, ref vault.Ref) error {
	return v.write(ctx, ref, func(ctx context.Context) error { return v.Vault.Delete(ctx, ref) })
}

// requirePIN asserts that the number has the PIN in the vault.
func (b *bench) requirePIN(t *testing.T, id graph.PhoneNumberID) {
	t.Helper()
	pin, err := b.vault.Get(t.Context(), vault.Ref{Tenant: "acme", Kind: vault.SecretPIN, Subject: string(id)})
	require.NoError(t, err)
	require.NoError(t, phonenumbers.New(b.server.Client()).Register(t.Context(), id, pin))
}

// A worker that lost its lease stores the PIN that it made up after another worker has
// registered the number.
func TestRegister_ALatePINReplacesNone(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, start := b.client(t, graphtest.SignupOptions{})
		stuck, held := &slowStore{Store: b.store}, make(chan struct{})
		secrets := &lateVault{Vault: b.vault, kind: vault.SecretPIN, hold: func() { stuck.pause(held); <-held }}
		slow := b.flow(t, func(c *onboard.Config) { c.Vault, c.Store, c.Worker = secrets, stuck, "slow" })
		quick := b.flow(t, func(c *onboard.Config) { c.Worker = "quick" })
		record := begin(t, slow, start)
		lost := make(chan error, 1)
		go func() { _, err := slow.Run(t.Context(), record.ID); lost <- err }()
		time.Sleep(2 * time.Minute)
		record = runToEnd(t, quick, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		stuck.pause(nil)
		close(held)
		require.Error(t, <-lost)
		require.Equal(t, 1, b.server.Registrations(done.Numbers[0]))
		b.requirePIN(t, done.Numbers[0])
	})
}
