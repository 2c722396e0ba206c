package promises_test

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

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
	"github.com/seed-8fdceacd/wagraph/internal/sdktest"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
	"github.com/seed-8fdceacd/wagraph/waba"
)

// onboarding is a fixture with a Flow and its stores. It keeps everything that
// the Flow reports.
type onboarding struct {
	*fixture
	store   *onboard.MemoryStore
	storage *vault.MemoryStorage
	vault   *vault.SealedVault
	flow    *onboard.Flow
	start   onboard.BeginRequest
	key     graph.Secret // that seals the vault

	mu       sync.Mutex
	reported bytes.Buffer // by Progress and by errors
}

func newOnboarding(t testing.TB, opts ...graphtest.Option) *onboarding {
	t.Helper()
	o := &onboarding{fixture: newFixture(t, opts...), store: onboard.NewMemoryStore(), storage: vault.NewMemoryStorage()}
	key := sha256.Sum256([]byte("a key of the tests"))
	o.key = graph.NewSecret(string(key[:]))
	ring, err := vault.NewKeyring("k1", map[string][]byte{"k1": key[:]})
	require.NoError(t, err)
	o.vault, err = vault.NewSealedVault(o.storage, ring)
	require.NoError(t, err)
	o.flow = o.newFlow(t)
	o.start = onboard.BeginRequest{
		Tenant: "acme", Callback: signup.Callback{Code: o.customer.Code},
		Claim: signup.Claim{Business: o.customer.Business, WABAs: o.customer.WABAs, Numbers: o.customer.Numbers},
	}
	return o
}

// newFlow returns the Flow of another process over the same store.
func (o *onboarding) newFlow(t testing.TB) *onboard.Flow {
	t.Helper()
	flow, err := onboard.New(onboard.Config{
		Client: o.client, App: o.app, Business: o.world.Business, Store: o.store, Vault: o.vault,
		SystemUser: o.world.Employee.ID, Line: o.world.CreditLine, Currency: "EUR",
		Callback: &waba.Callback{URI: "https://bsp.example/hook", VerifyToken: o.verifyToken},
		Progress: func(_ onboard.Record, step onboard.StepRecord) { o.note(step) },
	})
	require.NoError(t, err)
	return flow
}

func (o *onboarding) note(values ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, v := range values {
		fmt.Fprintf(&o.reported, "%+v %#v\n", v, v)
	}
}

// onboard begins an onboarding and runs it until it has ended or a person has to
// act. It sleeps until each step is due.
func (o *onboarding) onboard(t testing.TB) onboard.Record {
	t.Helper()
	record, err := o.flow.Begin(t.Context(), o.start)
	o.note(errorTexts(err))
	require.NoError(t, err)
	return o.runToEnd(t, record)
}

func (o *onboarding) runToEnd(t testing.TB, record onboard.Record) onboard.Record {
	t.Helper()
	for range 60 {
		due, open := record.Due()
		if !open {
			return record
		}
		time.Sleep(max(time.Until(due), 0))
		next, err := o.flow.Run(t.Context(), record.ID)
		o.note(errorTexts(err))
		require.NoError(t, err)
		record = next
	}
	require.Fail(t, "the onboarding does not end", "%+v", record.Steps)
	return record
}

// stored returns what a database would hold: the records as JSON, the secrets as
// bytes.
func (o *onboarding) stored(t testing.TB) string {
	t.Helper()
	var text bytes.Buffer
	for record, err := range o.store.List(t.Context(), onboard.Filter{}) {
		require.NoError(t, err)
		require.NoError(t, json.NewEncoder(&text).Encode(record))
		fmt.Fprintf(&text, "%+v\n", record)
	}
	for sealed, err := range o.storage.ListSealed(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		text.Write(sealed.Data)
		require.NoError(t, json.NewEncoder(&text).Encode(sealed))
		fmt.Fprintf(&text, "%+v %#v\n", sealed, sealed)
	}
	return text.String()
}

// storedSecrets returns the secrets in the vault in plain text: the tokens, and
// the PINs that the Flow chose.
func (o *onboarding) storedSecrets(t testing.TB) []graph.Secret {
	t.Helper()
	var secrets []graph.Secret
	for storedSecrets, err := range o.vault.List(t.Context(), vault.Ref{}) {
		require.NoError(t, err)
		secret, err := o.vault.Get(t.Context(), storedSecrets.Ref)
		require.NoError(t, err)
		secrets = append(secrets, secret)
	}
	return secrets
}

// requireNoSecrets searches everything that was reported, logged, traced and
// stored for all secrets.
func (o *onboarding) requireNoSecrets(t testing.TB, search *sdktest.SecretSearch, about string) {
	t.Helper()
	secrets := append(o.secrets(), o.storedSecrets(t)...)
	o.mu.Lock()
	defer o.mu.Unlock()
	search.RequireNone(t, about+o.reported.String()+o.log.String()+o.traced.seen.String()+o.stored(t), append(secrets, o.key)...)
}

// requireDoneOnce asserts that nothing was done twice, in any state of the
// onboarding.
func (o *onboarding) requireDoneOnce(t testing.TB, about string) {
	t.Helper()
	require.LessOrEqual(t, o.server.Exchanges(o.customer.Code), 1, "%s: exchanges of the code", about)
	require.LessOrEqual(t, o.attachments(), 1, "%s: allocations, or attachments of the account", about)
	require.LessOrEqual(t, o.server.Registrations(o.number), 1, "%s: registrations", about)
}

// requireOnboarded asserts what Meta shows after a completed onboarding.
func (o *onboarding) requireOnboarded(t testing.TB, record onboard.Record, about string) {
	t.Helper()
	o.requireDoneOnce(t, about)
	require.Equal(t, 1, o.attachments(), about)
	require.Contains(t, o.server.Subscribers(o.waba), o.world.App, about)
	if record.Step(onboard.StepAssign, string(o.waba)).State == onboard.StepDone { // an admin has access without it
		require.True(t, o.assigned(), about)
	}
	number, _ := o.server.Number(o.number)
	require.Equal(t, "CONNECTED", number.Status, about)
	funding, _ := o.server.Funding(o.waba)
	require.NotEmpty(t, funding, about)
}

// captureOutput returns what a function writes to the standard streams and to the
// standard logger.
func captureOutput(t *testing.T, run func()) string {
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
