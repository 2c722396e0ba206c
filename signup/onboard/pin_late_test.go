package onboard_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// The tests of this file are about pin.go and step_number.go: a worker that was stopped for
// longer than its lease writes late.

// lateVault holds one write back: the one of this kind with this count.
type lateVault struct {
	vault.Vault
	kind   vault.SecretKind
	which  int32
	writes atomic.Int32
	hold   func()
}

func (v *lateVault) write(ctx context.Context, ref vault.Ref, write func(context.Context) error) error {
	if ref.Kind == v.kind && v.writes.Add(1) == v.which {
		v.hold()
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

// stoppedAt returns a Flow whose process stops before it writes a secret of this kind for
// the given time, and the function that lets it go on.
func (b *bench) stoppedAt(t *testing.T, kind vault.SecretKind, which int32) (slow *onboard.Flow, goOn func()) {
	t.Helper()
	stuck, held := &slowStore{Store: b.store}, make(chan struct{})
	secrets := &lateVault{Vault: b.vault, kind: kind, which: which, hold: func() { stuck.pause(held); <-held }}
	slow = b.flow(t, func(c *onboard.Config) { c.Vault, c.Store, c.Worker = secrets, stuck, "slow" })
	return slow, func() { stuck.pause(nil); close(held) }
}

// A worker that lost its lease stores the PIN that it made up after another worker has
// registered the number.
func TestRegister_ALatePINReplacesNone(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		done, start := b.client(t, graphtest.SignupOptions{})
		slow, goOn := b.stoppedAt(t, vault.SecretPIN, 1)
		quick := b.flow(t, func(c *onboard.Config) { c.Worker = "quick" })
		record := begin(t, slow, start)
		lost := make(chan error, 1)
		go func() { _, err := slow.Run(t.Context(), record.ID); lost <- err }()
		time.Sleep(2 * time.Minute)
		record = runToEnd(t, quick, record)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		goOn()
		require.Error(t, <-lost)
		require.Equal(t, 1, b.server.Registrations(done.Numbers[0]))
		b.requirePIN(t, done.Numbers[0])
	})
}

// Wherever a change of the PIN was stopped, it does not undo a later one.
func TestFlow_ChangePIN_ALateWriteChangesNothing(t *testing.T) {
	for name, tt := range map[string]struct {
		kind  vault.SecretKind
		which int32
	}{
		"the new PIN":           {vault.SecretNextPIN, 1},
		"the PIN of the number": {vault.SecretPIN, 1},
		"the end of the change": {vault.SecretNextPIN, 2},
	} {
		for _, earlier := range []bool{false, true} {
			for _, lost := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, earlier change %t, lost change %t", name, earlier, lost), func(t *testing.T) {
					scenario(t, func(t *testing.T, b *bench) { lateChange(t, b, tt.kind, tt.which, earlier, lost) })
				})
			}
		}
	}
}

// lateChange stops a change of the PIN at a write. Before it there may be an earlier change,
// and after it the answer of a later one may be lost.
func lateChange(t *testing.T, b *bench, kind vault.SecretKind, which int32, earlier, lost bool) {
	quick := b.flow(t)
	done, record := b.onboarded(t, quick, graphtest.SignupOptions{})
	id := done.Numbers[0]
	if earlier {
		require.NoError(t, quick.ChangePIN(t.Context(), record.ID, id, graph.NewSecret("000000")))
	}
	slow, goOn := b.stoppedAt(t, kind, which)
	ended := make(chan error, 1)
	go func() { ended <- slow.ChangePIN(t.Context(), record.ID, id, graph.NewSecret("111111")) }()
	time.Sleep(2 * time.Minute)
	require.NoError(t, quick.ChangePIN(t.Context(), record.ID, id, graph.NewSecret("222222")))
	want := "222222"
	if lost {
		want = "333333"
		b.server.Times(routeSetPIN, 6, graphtest.Fault{LoseReply: true})
		require.Error(t, quick.ChangePIN(t.Context(), record.ID, id, graph.NewSecret(want)))
	}
	goOn()
	require.Error(t, <-ended)

	require.NoError(t, b.server.RequestRename(id, "Lindenhof Apotheke"))
	require.NoError(t, b.server.ApproveName(id))
	time.Sleep(time.Hour)
	_, err := quick.Reregister(t.Context(), record.ID)
	require.NoError(t, err)
	require.Equal(t, want, b.pin(t, id).Reveal())
	b.requirePIN(t, id)
	b.requireNoPINPending(t, id)
}
