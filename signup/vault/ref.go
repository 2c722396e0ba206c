package vault

import (
	"cmp"
	"encoding/binary"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/internal/names"
)

// SecretKind is the kind of a stored secret.
type SecretKind string

// The kinds of secrets that package onboard stores.
const (
	// SecretToken is a customer's business token. Each record has one.
	SecretToken SecretKind = "token"
	// SecretPIN is the two-step PIN of a phone number. Its Subject is the number's
	// id. It belongs to the number and not to a record, so its Record is empty.
	SecretPIN SecretKind = "pin"
	// SecretNextPIN is a PIN of a number that is being set at Meta. Once the change is
	// over, a text that is no PIN is in its place.
	SecretNextPIN SecretKind = "next_pin"
	// SecretCode is a signup's code that was not exchanged yet, because Meta refused to
	// process it or because another worker had the record. It lives for 30 seconds.
	SecretCode SecretKind = "code"
)

// Ref identifies a stored secret. A secret opens only under the Ref that it was
// stored under: after it was copied to another tenant or record it does not open.
type Ref struct {
	Tenant signup.Tenant
	// Record is the id of the onboarding record that the secret belongs to. It is
	// empty for a secret that belongs to its Subject.
	Record string
	Kind   SecretKind
	// Subject distinguishes several secrets of one kind, and may be empty.
	Subject string
}

// Compare orders Refs by the bytes of Tenant, Record, Kind and Subject, in this
// order. It returns -1, 0 or +1.
func (r Ref) Compare(other Ref) int {
	return cmp.Or(cmp.Compare(r.Tenant, other.Tenant), cmp.Compare(r.Record, other.Record),
		cmp.Compare(r.Kind, other.Kind), cmp.Compare(r.Subject, other.Subject))
}

// String names the secret for errors and logs. The parts are quoted.
func (r Ref) String() string {
	switch {
	case r.Subject == "":
		return fmt.Sprintf("%q of record %q of tenant %q", r.Kind, r.Record, r.Tenant)
	case r.Record == "":
		return fmt.Sprintf("%q for %q of tenant %q", r.Kind, r.Subject, r.Tenant)
	}
	return fmt.Sprintf("%q for %q of record %q of tenant %q", r.Kind, r.Subject, r.Record, r.Tenant)
}

// Check returns an InputError for a Ref that some databases cannot store. Tenant, Kind,
// and one of Record and Subject must not be empty. All four parts must be valid UTF-8 without a
// NUL and have at most 255 bytes each.
func (r Ref) Check() error {
	record := names.Needed("record id", r.Record)
	if r.Subject != "" {
		record = names.Optional("record id", r.Record)
	}
	return names.Check(names.Needed("tenant", string(r.Tenant)), record,
		names.Needed("secret kind", string(r.Kind)), names.Optional("secret subject", r.Subject))
}

// bindingLabel makes sure that a ciphertext of this package cannot be opened as
// something else that was sealed with the same key.
const bindingLabel = "wagraph/signup secret 1"

// binding returns the additional data that ties a ciphertext to its Ref.
func (r Ref) binding() []byte {
	return appendTexts(nil, bindingLabel, string(r.Tenant), r.Record, string(r.Kind), r.Subject)
}

// appendTexts writes the length of each text before the text, so that two different
// lists of texts never give the same bytes.
func appendTexts(b []byte, texts ...string) []byte {
	for _, text := range texts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(text)))
		b = append(b, text...)
	}
	return b
}
