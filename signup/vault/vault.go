package vault

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/internal/names"
)

// What a Vault answers when something is not as expected.
var (
	// ErrNoSecret means that the vault holds nothing under that reference.
	ErrNoSecret = graph.NewSentinel(graph.ErrNotFound, "vault: no such secret")
	// ErrChanged means that another writer replaced the secret in the meantime.
	ErrChanged = graph.NewSentinel(graph.ErrConflict, "vault: the secret was changed by another writer")
	// ErrSealBroken means that a stored secret cannot be opened: it was changed,
	// belongs to another tenant or record, or its key is not in the ring.
	ErrSealBroken = graph.NewSentinel(graph.ErrInvalid, "vault: a stored secret cannot be opened")
)

// SecretKind is what a kept secret is.
type SecretKind string

// The kinds of secrets that a Flow keeps.
const (
	// SecretToken is a client's business token; one per record.
	SecretToken SecretKind = "token"
	// SecretPIN is a phone number's two-step PIN; its Subject is the number's id.
	SecretPIN SecretKind = "pin"
)

// Ref names a kept secret. A secret opens only under the very Ref that it was
// kept under: one that was moved to another tenant or record does not.
type Ref struct {
	Tenant signup.Tenant
	// Record is the id of the Record that the secret belongs to.
	Record  string
	Kind    SecretKind
	Subject string
}

// Compare orders Refs by the bytes of Tenant, Record, Kind and Subject: the order
// in which they are listed. It returns -1, 0 or +1.
func (r Ref) Compare(other Ref) int {
	return cmp.Or(cmp.Compare(r.Tenant, other.Tenant), cmp.Compare(r.Record, other.Record),
		cmp.Compare(r.Kind, other.Kind), cmp.Compare(r.Subject, other.Subject))
}

// String names the secret in errors and logs, quoted where it has to be.
func (r Ref) String() string {
	text := fmt.Sprintf("%q of record %q of tenant %q", r.Kind, r.Record, r.Tenant)
	if r.Subject == "" {
		return text
	}
	return fmt.Sprintf("%q for %q of record %q of tenant %q", r.Kind, r.Subject, r.Record, r.Tenant)
}

// Check refuses, with an InputError, a Ref that not every Vault can keep: Tenant,
// Record and Kind must be there, and all four be valid UTF-8 without a NUL, of
// at most 255 bytes each.
func (r Ref) Check() error {
	return names.Check(names.Needed("tenant", string(r.Tenant)), names.Needed("record id", r.Record),
		names.Needed("secret kind", string(r.Kind)), names.Optional("secret subject", r.Subject))
}

// Entry is what a Vault tells about a secret without opening it.
type Entry struct {
	Ref
	// Expires is zero for a secret that does not expire.
	Expires time.Time
	// Key names the key that it is sealed with, empty if it is not.
	Key string
}

// Vault keeps secrets: the one place where any of them is persisted. It is safe
// for concurrent use. [SealedVault] is one; a KMS or a secret manager of the
// BSP's can be another.
type Vault interface {
	// Put keeps a secret, in the place of an earlier one.
	Put(ctx context.Context, ref Ref, secret graph.Secret, expires time.Time) error
	// Replace keeps fresh in the place of old, and only of old: when another
	// secret is there by now it returns ErrChanged, when none is ErrNoSecret,
	// and writes nothing. Whoever renews a secret does it with Replace, so that
	// it neither undoes a later Put nor brings back what was deleted.
	Replace(ctx context.Context, ref Ref, old, fresh graph.Secret, expires time.Time) error
	// Get opens a secret, or returns ErrNoSecret or ErrSealBroken.
	Get(ctx context.Context, ref Ref) (graph.Secret, error)
	// Delete forgets a secret; there being none is no error.
	Delete(ctx context.Context, ref Ref) error
	// List yields what is kept, in the order of Ref, behind after; each once, if
	// it was there all along. The zero Ref is the beginning. It holds no lock in
	// between: the loop may write. An error ends it.
	List(ctx context.Context, after Ref) iter.Seq2[Entry, error]
}
