package vault

import (
	"context"
	"iter"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// The errors of a Vault.
var (
	// ErrNoSecret means that the vault has no secret under that Ref.
	ErrNoSecret = graph.NewSentinel(graph.ErrNotFound, "vault: no such secret")
	// ErrChanged means that another writer stored or replaced the secret in the
	// meantime.
	ErrChanged = graph.NewSentinel(graph.ErrConflict, "vault: the secret was changed by another writer")
	// ErrSealBroken means that a stored secret cannot be decrypted: it was changed,
	// it belongs to another tenant or record, or its key is not in the ring.
	ErrSealBroken = graph.NewSentinel(graph.ErrInvalid, "vault: a stored secret cannot be opened")
)

// Vault stores secrets. Nothing else in this module persists one. It is safe for
// concurrent use. [SealedVault] is an implementation; the BSP's secret manager can
// be another.
type Vault interface {
	// Put stores a secret and replaces an earlier one. A zero expires means that
	// the secret does not expire.
	Put(ctx context.Context, ref Ref, secret graph.Secret, expires time.Time) error
	// PutNew stores a secret if there is none under that Ref. If there is one, PutNew
	// returns ErrChanged and writes nothing. A program that makes up a secret must use
	// PutNew: a write that arrives late then does not replace the secret of another one.
	PutNew(ctx context.Context, ref Ref, secret graph.Secret, expires time.Time) error
	// Replace stores fresh if the stored secret is old. If it is another secret,
	// Replace returns ErrChanged; if there is none, ErrNoSecret; both times it
	// writes nothing. A program that renews a secret must use Replace, so that it
	// neither overwrites a later Put nor restores a deleted secret.
	Replace(ctx context.Context, ref Ref, old, fresh graph.Secret, expires time.Time) error
	// Get returns a secret. Errors: ErrNoSecret, ErrSealBroken.
	Get(ctx context.Context, ref Ref) (graph.Secret, error)
	// Delete removes a secret. If there is none, it returns nil.
	Delete(ctx context.Context, ref Ref) error
	// List yields the entries that follow after, in the order of Ref.Compare. The
	// zero Ref starts from the beginning. An entry that exists during the whole
	// loop is yielded exactly once. List holds no lock while the loop body runs,
	// so the body may write. An error is the last thing that it yields.
	List(ctx context.Context, after Ref) iter.Seq2[Entry, error]
}

// Entry describes a stored secret without the secret itself.
type Entry struct {
	Ref
	// Expires is zero for a secret that does not expire.
	Expires time.Time
	// Key is the name of the key that encrypts the secret. It is empty if the
	// vault does not encrypt.
	Key string
}
