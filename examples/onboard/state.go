package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/onboard/filestore"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

// state is what outlives the process: the records, and the secrets, which are
// sealed before they are kept.
type state struct {
	store onboard.Store
	vault vault.Vault
	file  io.Closer
}

// Close lets another process use the state.
func (s state) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// vaultKey is the variable with the key that seals the secrets.
const vaultKey = "WAGRAPH_VAULT_KEY"

// keyName is kept with every secret. A new key gets a new name, and
// SealedVault.Rotate seals the secrets again with it.
const keyName = "onboard-1"

// openState opens the state of the run. A run without a callback needs one with
// records in it, and takes the currency from those.
func (b *backend) openState(ctx context.Context, env cli.Env) (err error) {
	nothing := cli.Usagef("-state: there is no unfinished onboarding in %s: give the -code (or -access-token) of a signup, or the -state of an earlier run",
		b.opts.state)
	if b.opts.goesOn() {
		if _, err := os.Stat(b.opts.state); errors.Is(err, fs.ErrNotExist) {
			return nothing // a mistyped name makes no files
		}
	}
	if b.state, err = openState(ctx, b.opts.state, env); err != nil || !b.opts.goesOn() {
		return err
	}
	b.earlier, err = graph.Collect(b.state.store.List(ctx, onboard.Filter{}), 0)
	switch {
	case err != nil:
	case len(b.earlier) == 0:
		err = nothing
	default:
		err = b.opts.useCurrencyOf(concerned(b.earlier))
	}
	if err != nil {
		return errors.Join(err, b.state.Close())
	}
	return nil
}

// concerned returns the records that a run goes on with or, if all of them are
// final, those that it reports.
func concerned(records []onboard.Record) []onboard.Record {
	open := slices.DeleteFunc(slices.Clone(records), func(r onboard.Record) bool { return r.State.Final() })
	if len(open) == 0 {
		return records
	}
	return open
}

// openState opens the file of -state; without one the state is in memory, and
// ends with the process.
func openState(ctx context.Context, path string, env cli.Env) (state, error) {
	if path == "" {
		memory := onboard.NewMemoryStore()
		sealed, err := seal(vault.NewMemoryStorage(), newKey())
		return state{store: memory, vault: sealed}, err
	}
	file, err := filestore.Open(path) //nolint:contextcheck // what is opened outlives the context
	if errors.Is(err, filestore.ErrLocked) {
		return state{}, cli.Usagef("-state: another process uses %s", path)
	}
	if err != nil {
		return state{}, cli.Usagef("-state: %w", err)
	}
	key, err := findKey(ctx, path+".key", env, file)
	if err != nil {
		return state{}, errors.Join(err, file.Close())
	}
	sealed, err := seal(file, key)
	if err != nil {
		return state{}, errors.Join(err, file.Close())
	}
	return state{store: file, vault: sealed, file: file}, nil
}

// seal makes the vault: the storage gets only ciphertext.
func seal(storage vault.Storage, key []byte) (vault.Vault, error) {
	ring, err := vault.NewKeyring(keyName, map[string][]byte{keyName: key})
	if err != nil {
		return nil, err
	}
	sealed, err := vault.NewSealedVault(storage, ring)
	if err != nil {
		return nil, err // and no nil pointer in an interface
	}
	return sealed, nil
}

func newKey() []byte {
	key := make([]byte, vault.KeySize)
	_, _ = rand.Read(key) // never fails, by its documentation
	return key
}

// findKey takes the key from the environment, or from the file beside the state.
// It makes that file only for a state without secrets. In production the key comes from a
// KMS or a secret manager, and is never beside the ciphertext.
func findKey(ctx context.Context, path string, env cli.Env, storage vault.Storage) ([]byte, error) {
	secret, err := env.Secret(vaultKey)
	if err != nil {
		return nil, err
	}
	if !secret.IsZero() {
		return decodeKey(vaultKey, secret)
	}
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		return decodeKey(path, graph.NewSecret(string(text)))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, cli.Usagef("-state: %w", err)
	}
	for _, err := range storage.ListSealed(ctx, vault.Ref{}) { // one secret is enough
		if err != nil {
			return nil, err
		}
		return nil, cli.Usagef("-state: the key of the vault is missing: neither %s nor the file %s is there. "+
			"Without it the tokens of this state cannot be opened", vaultKey, path)
	}
	key := newKey()
	return key, keepKey(path, key)
}

// keepKey writes the key to a new file, waits until it is on the disk, and renames
// it: a process that is killed leaves a whole key or none.
func keepKey(path string, key []byte) error {
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return cli.Usagef("-state: %w", err)
	}
	_, err = fmt.Fprintln(file, hex.EncodeToString(key))
	return errors.Join(err, file.Sync(), file.Close(), os.Rename(path+".new", path))
}

func decodeKey(where string, secret graph.Secret) ([]byte, error) {
	key, err := hex.DecodeString(trimmed(secret))
	if err != nil || len(key) != vault.KeySize {
		return nil, cli.Usagef("%s must be %d hexadecimal digits, the key of the vault: openssl rand -hex %d makes one",
			where, 2*vault.KeySize, vault.KeySize)
	}
	return key, nil
}
