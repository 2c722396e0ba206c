package filestore_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/examples/onboard/filestore"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/storetest"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

func open(t *testing.T, path string) *filestore.Store {
	t.Helper()
	store, err := filestore.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

// fresh opens an empty store that does not wait for the disk: the suites write
// many thousand times, and no test ends the machine's power.
func fresh(t *testing.T) *filestore.Store {
	t.Helper()
	store, err := filestore.OpenWithoutSync(filepath.Join(t.TempDir(), "state.json"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func TestStore_PassesTheStoreSuite(t *testing.T) {
	storetest.TestStore(t, func(t *testing.T) onboard.Store { return fresh(t) })
}

func TestStore_PassesTheStorageSuite(t *testing.T) {
	storetest.TestStorage(t, func(t *testing.T) vault.Storage { return fresh(t) })
}

func TestStore_PassesTheSealingSuite(t *testing.T) {
	storetest.TestSealing(t, func(t *testing.T) vault.Storage { return fresh(t) })
}

func TestStore_KeepsEverythingOverAReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	ref := vault.Ref{Tenant: "acme", Record: "r", Kind: vault.SecretPIN, Subject: "106540406030958"}
	first := open(t, path)
	record, err := first.Insert(t.Context(), onboard.Record{
		ID: "r", Tenant: "acme", App: "1", Key: "k", State: onboard.StateRunning, Created: time.Now().UTC(),
		Steps: []onboard.StepRecord{{Name: onboard.StepToken, State: onboard.StepDone}},
	})
	require.NoError(t, err)
	record, err = first.Update(t.Context(), record)
	require.NoError(t, err)
	require.NoError(t, first.PutSealed(t.Context(), vault.SealedSecret{Ref: ref, Key: "key", Data: []byte{0, 1, 255}}))
	sealed, err := first.GetSealed(t.Context(), ref)
	require.NoError(t, err)
	require.NoError(t, first.Close())

	second := open(t, path)
	again, err := second.Get(t.Context(), "r")
	require.NoError(t, err)
	require.Equal(t, record, again)
	same, err := second.GetSealed(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, sealed, same)
	require.NoError(t, second.DeleteSealed(t.Context(), ref))
	require.NoError(t, second.PutSealed(t.Context(), vault.SealedSecret{Ref: ref, Key: "key", Data: []byte{2}}))
	newer, err := second.GetSealed(t.Context(), ref)
	require.NoError(t, err)
	require.Greater(t, newer.Revision, sealed.Revision, "a revision does not come back after a reopen")
}

func TestOpen_OneProcessAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	first := open(t, path)
	_, err := filestore.Open(path)
	require.ErrorIs(t, err, filestore.ErrLocked)
	require.ErrorIs(t, err, graph.ErrTransient)
	require.NoError(t, first.Close())
	open(t, path)
}

// A process that was killed during a write leaves a part of a line or of a new file.
func TestOpen_IgnoresAnUnfinishedWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	store := open(t, path)
	_, err := store.Insert(t.Context(), onboard.Record{ID: "r", Tenant: "acme", App: "1", Key: "k", State: onboard.StateRunning})
	require.NoError(t, err)
	require.NoError(t, store.Close())
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = file.WriteString(`{"record":{"id":"r","tenant":"acme","app":"1","key`)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.NoError(t, os.WriteFile(path+".new", []byte(`{"writes`), 0o600))

	store = open(t, path)
	record, err := store.Get(t.Context(), "r")
	require.NoError(t, err)
	_, err = store.Update(t.Context(), record)
	require.NoError(t, err)
}

func TestOpen_RefusesAFileThatIsNotAState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(path, []byte("notes\n"), 0o600))
	_, err := filestore.Open(path)
	require.ErrorContains(t, err, "does not hold a state")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "notes\n", string(text), "the file is left as it was")
	_, err = filestore.Open(filepath.Join(t.TempDir(), "missing", "state.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestStore_OnlyTheOwnerReadsTheFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("it needs a system with Unix file modes: run it on Linux or macOS")
	}
	path := filepath.Join(t.TempDir(), "state.json")
	open(t, path)
	for _, name := range []string{path, path + ".lock"} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
}

func TestStore_AFailedWriteChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	store, fail := filestore.OpenFailing(t, path)
	record, err := store.Insert(t.Context(), onboard.Record{ID: "r", Tenant: "acme", App: "1", Key: "k", State: onboard.StateRunning})
	require.NoError(t, err)
	fail(true)
	_, err = store.Update(t.Context(), record)
	require.ErrorIs(t, err, os.ErrInvalid)
	again, err := store.Get(t.Context(), "r")
	require.NoError(t, err)
	require.Equal(t, record, again)
	fail(false)
	newer, err := store.Update(t.Context(), record)
	require.NoError(t, err)
	require.NoError(t, store.Close())

	again, err = open(t, path).Get(t.Context(), "r")
	require.NoError(t, err)
	require.Equal(t, newer, again)
}

// Every acknowledged write has been brought to the disk.
func TestStore_SyncsEachWrite(t *testing.T) {
	store, syncs := filestore.OpenCounting(t, filepath.Join(t.TempDir(), "state.json"))
	before := syncs()
	require.Equal(t, 2, before, "the file and its directory")
	_, err := store.Insert(t.Context(), onboard.Record{ID: "r", Tenant: "acme", App: "1", Key: "k", State: onboard.StateRunning})
	require.NoError(t, err)
	require.Equal(t, before+1, syncs())
	require.NoError(t, store.PutSealed(t.Context(), vault.SealedSecret{Ref: vault.Ref{Tenant: "acme", Record: "r", Kind: vault.SecretToken}, Key: "k"}))
	require.Equal(t, before+2, syncs())
}
