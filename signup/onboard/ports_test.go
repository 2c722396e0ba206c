package onboard_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// panickingStore panics in one of its methods while it is armed.
type panickingStore struct {
	onboard.Store
	method string
}

func (s *panickingStore) meet(method string) {
	if s.method == method {
		panic("no map")
	}
}

func (s *panickingStore) Insert(ctx context.Context, r onboard.Record) (onboard.Record, error) {
	s.meet("Insert")
	return s.Store.Insert(ctx, r)
}

func (s *panickingStore) Get(ctx context.Context, id string) (onboard.Record, error) {
	s.meet("Get")
	return s.Store.Get(ctx, id)
}

func (s *panickingStore) Update(ctx context.Context, r onboard.Record) (onboard.Record, error) {
	s.meet("Update")
	return s.Store.Update(ctx, r)
}

func (s *panickingStore) List(ctx context.Context, f onboard.Filter) iter.Seq2[onboard.Record, error] {
	s.meet("List")
	return s.Store.List(ctx, f)
}

func TestFlow_StorePanics(t *testing.T) {
	for method, call := range map[string]func(*onboard.Flow, context.Context, onboard.BeginRequest, string) error{
		"Insert": func(f *onboard.Flow, ctx context.Context, start onboard.BeginRequest, _ string) error {
			_, err := f.Begin(ctx, start)
			return err
		},
		"Get": func(f *onboard.Flow, ctx context.Context, _ onboard.BeginRequest, id string) error {
			_, err := f.Run(ctx, id)
			return err
		},
		"Update": func(f *onboard.Flow, ctx context.Context, _ onboard.BeginRequest, id string) error {
			_, err := f.Run(ctx, id)
			return err
		},
		"List": func(f *onboard.Flow, ctx context.Context, _ onboard.BeginRequest, _ string) error {
			_, err := f.Revoked(ctx, "1", "2")
			return err
		},
	} {
		t.Run(method, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				store := &panickingStore{Store: b.store}
				flow := b.flow(t, func(c *onboard.Config) { c.Store = store })
				done, start := b.client(t, graphtest.SignupOptions{})
				record := begin(t, flow, start)
				store.method = method
				err := call(flow, t.Context(), start, record.ID)
				require.ErrorIs(t, err, graph.ErrPanicked)
				require.EqualError(t, err, "wagraph: panicked: Config.Store."+method+" panicked: no map.")
				call, ok := errors.AsType[*graph.Error](err)
				require.True(t, ok)
				require.Contains(t, string(call.Stack), "ports_test.go")
				store.method = ""
				require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
				b.requireLive(t, done)
			})
		})
	}
}

// panickingVault panics in Get while it is armed.
type panickingVault struct {
	vault.Vault
	armed bool
}

func (v *panickingVault) Get(ctx context.Context, ref vault.Ref) (graph.Secret, error) {
	if v.armed {
		panic(errors.New("the KMS client is nil"))
	}
	return v.Vault.Get(ctx, ref)
}

func TestFlow_VaultPanics(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		secrets := &panickingVault{Vault: b.vault}
		flow := b.flow(t, func(c *onboard.Config) { c.Vault = secrets })
		done, start := b.client(t, graphtest.SignupOptions{})
		record := begin(t, flow, start)
		secrets.armed = true
		record, err := flow.Run(t.Context(), record.ID)
		require.NoError(t, err, "the record has the failure")
		require.Equal(t, onboard.StateFailed, record.State)
		step := record.Step(onboard.StepInspect, "")
		require.Equal(t, graph.ErrPanicked, step.Kind)
		require.Equal(t, "wagraph: panicked: Config.Vault.Get panicked: the KMS client is nil.", step.Reason)
		require.Contains(t, step.Stack, "ports_test.go", "the stack is in the record")
		secrets.armed = false
		record, err = flow.Resume(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
		b.requireLive(t, done)
	})
}

func TestFlow_ApprovePanics(t *testing.T) {
	for name, value := range map[string]any{"a text": "no CRM", "ErrRefused": onboard.ErrRefused} {
		t.Run(name, func(t *testing.T) {
			scenario(t, func(t *testing.T, b *bench) {
				armed := true
				flow := b.flow(t, func(c *onboard.Config) {
					c.Approve = func(context.Context, onboard.Record) error {
						if armed {
							panic(value)
						}
						return nil
					}
				})
				done, start := b.client(t, graphtest.SignupOptions{})
				record := runToEnd(t, flow, begin(t, flow, start))
				require.Equal(t, onboard.StateFailed, record.State, "it has not approved, and not refused")
				require.Contains(t, record.Step(onboard.StepApprove, "").Reason, "Config.Approve panicked")
				require.Empty(t, b.server.Subscribers(done.WABAs[0]), "nothing was written")
				armed = false
				record, err := flow.Resume(t.Context(), record.ID)
				require.NoError(t, err)
				require.Equal(t, onboard.StateDone, record.State, "%+v", record.Steps)
				b.requireLive(t, done)
			})
		})
	}
}

func TestFlow_ProgressPanics(t *testing.T) {
	scenario(t, func(t *testing.T, b *bench) {
		armed := true
		flow := b.flow(t, func(c *onboard.Config) {
			c.Progress = func(onboard.Record, onboard.StepRecord) {
				if armed {
					panic("closed channel")
				}
			}
		})
		done, start := b.client(t, graphtest.SignupOptions{})
		record, err := flow.Begin(t.Context(), start)
		require.ErrorIs(t, err, graph.ErrPanicked)
		require.True(t, record.TokenKept, "the token is not lost")
		record, err = flow.Run(t.Context(), record.ID)
		require.EqualError(t, err, "wagraph: panicked: Config.Progress panicked: closed channel.")
		require.ErrorIs(t, err, graph.ErrPanicked)
		stored, err := b.store.Get(t.Context(), record.ID)
		require.NoError(t, err)
		require.Equal(t, onboard.StepDone, stored.Step(onboard.StepInspect, "").State, "the step is stored")
		require.Zero(t, stored.Holder, "no worker holds the record")
		armed = false
		require.Equal(t, onboard.StateDone, runToEnd(t, flow, record).State)
		b.requireLive(t, done)
	})
}

// A panic of the loop's body is not one of the store.
func TestRefresh_TheBodyPanics(t *testing.T) {
	b := newBench(t)
	require.NoError(t, b.vault.Put(t.Context(), vault.Ref{Tenant: "acme", Record: "1", Kind: vault.SecretToken}, graph.NewSecret("token"), time.Time{}))
	signups := signup.New(b.server.Client(), signup.App{ID: b.world.App, Secret: b.world.AppSecret})
	require.PanicsWithValue(t, "in the body", func() {
		for _, err := range onboard.Refresh(t.Context(), signups, b.vault, onboard.RefreshOptions{}) {
			require.NoError(t, err)
			panic("in the body")
		}
	})
}
