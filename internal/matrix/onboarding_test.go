package matrix_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// office is a BSP's backend: a desk with a flow, whose everything is kept.
type office struct {
	*desk
	store *onboard.MemoryStore
	blobs *vault.MemoryStorage
	vault *vault.SealedVault
	flow  *onboard.Flow
	start onboard.BeginRequest
	key   wagraph.Secret // of the vault

	mu   sync.Mutex
	told bytes.Buffer // by Progress and Approve, and errors
}

func newOffice(t testing.TB, opts ...graphtest.Option) *office {
	t.Helper()
	o := &office{desk: newDesk(t, opts...), store: onboard.NewMemoryStore(), blobs: vault.NewMemoryStorage()}
	key := sha256.Sum256([]byte("a key of the tests"))
	o.key = wagraph.NewSecret(string(key[:]))
	ring, err := vault.NewKeyring("k1", map[string][]byte{"k1": key[:]})
	require.NoError(t, err)
	o.vault, err = vault.NewSealedVault(o.blobs, ring)
	require.NoError(t, err)
	o.flow = o.newFlow(t)
	o.start = onboard.BeginRequest{
		Tenant: "acme", Callback: signup.Callback{Code: o.them.Code},
		Claim: signup.Claim{Business: o.them.Business, WABAs: o.them.WABAs, Numbers: o.them.Numbers},
	}
	return o
}

// newFlow is the flow of another process over the same store.
func (o *office) newFlow(t testing.TB) *onboard.Flow {
	t.Helper()
	flow, err := onboard.New(onboard.Config{
		Client: o.graph, App: o.app, Business: o.world.Business, Store: o.store, Vault: o.vault,
		SystemUser: o.world.Employee.ID, Line: o.world.CreditLine, Currency: "EUR",
		Callback: &waba.Callback{URI: "https://bsp.example/hook", VerifyToken: o.verify},
		Progress: func(_ onboard.Record, step onboard.StepRecord) { o.note(step) },
	})
	require.NoError(t, err)
	return flow
}

func (o *office) note(values ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, v := range values {
		fmt.Fprintf(&o.told, "%+v %#v\n", v, v)
	}
}

// onboard begins, and runs until the onboarding has ended or a person has to
// act, letting the time pass that it asks for.
func (o *office) onboard(t testing.TB) onboard.Record {
	t.Helper()
	record, err := o.flow.Begin(t.Context(), o.start)
	o.note(said(err))
	require.NoError(t, err)
	return o.goOn(t, record)
}

func (o *office) goOn(t testing.TB, record onboard.Record) onboard.Record {
	t.Helper()
	for range 60 {
		due, open := record.Due()
		if !open {
			return record
		}
		time.Sleep(max(time.Until(due), 0))
		next, err := o.flow.Run(t.Context(), record.ID)
		o.note(said(err))
		require.NoError(t, err)
		record = next
	}
	require.Fail(t, "the onboarding does not end", "%+v", record.Steps)
	return record
}

// stored is what a database would hold: the records as JSON, the blobs as bytes.
func (o *office) stored(t testing.TB) string {
	t.Helper()
	var text bytes.Buffer
	for record, err := range o.store.List(t.Context(), onboard.Filter{}) {
		require.NoError(t, err)
		require.NoError(t, json.NewEncoder(&text).Encode(record))
		fmt.Fprintf(&text, "%+v\n", record)
	}
	for blob, err := range o.blobs.ListBlobs(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		text.Write(blob.Data)
		require.NoError(t, json.NewEncoder(&text).Encode(blob))
		fmt.Fprintf(&text, "%+v %#v\n", blob, blob)
	}
	return text.String()
}

// kept are the secrets in the vault, opened: the tokens, and the PINs that the
// flow made up.
func (o *office) kept(t testing.TB) []wagraph.Secret {
	t.Helper()
	var secrets []wagraph.Secret
	for kept, err := range o.vault.List(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		secret, err := o.vault.Get(t.Context(), kept.Ref)
		require.NoError(t, err)
		secrets = append(secrets, secret)
	}
	return secrets
}

// requireSilent searches everything that is said, logged, traced and stored for
// every secret there is.
func (o *office) requireSilent(t testing.TB, songs *canary, about string) {
	t.Helper()
	secrets := append(o.secrets(), o.kept(t)...)
	o.mu.Lock()
	defer o.mu.Unlock()
	songs.require(t, about+o.told.String()+o.log.String()+o.traced.seen.String()+o.stored(t), append(secrets, o.key)...)
}

// requireDoneOnce asserts what may not be done twice, wherever it stands.
func (o *office) requireDoneOnce(t testing.TB, about string) {
	t.Helper()
	require.LessOrEqual(t, o.server.Exchanges(o.them.Code), 1, "%s: exchanges of the code", about)
	require.LessOrEqual(t, o.attachments(), 1, "%s: allocations, or attachments of the account", about)
	require.LessOrEqual(t, o.server.Registrations(o.number), 1, "%s: registrations", about)
}

// requireLive asserts what a finished onboarding leaves at Meta's side.
func (o *office) requireLive(t testing.TB, record onboard.Record, about string) {
	t.Helper()
	o.requireDoneOnce(t, about)
	require.Equal(t, 1, o.attachments(), about)
	require.Contains(t, o.server.Subscribers(o.waba), o.world.App, about)
	if record.Step(onboard.StepAssign, string(o.waba)).State == onboard.StepDone { // an admin can do without
		require.True(t, o.assigned(), about)
	}
	number, _ := o.server.Number(o.number)
	require.Equal(t, "CONNECTED", number.Status, about)
	funding, _ := o.server.Funding(o.waba)
	require.NotEmpty(t, funding, about)
}

// printed is what a function writes to the standard streams and to the standard
// logger.
func printed(t *testing.T, run func()) string {
	t.Helper()
	file, err := os.Create(t.TempDir() + "/printed")
	require.NoError(t, err)
	out, errors := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = file, file
	log.SetOutput(file)
	defer func() { os.Stdout, os.Stderr = out, errors; log.SetOutput(errors); _ = file.Close() }()
	run()
	text, err := os.ReadFile(file.Name())
	require.NoError(t, err)
	return string(text)
}
