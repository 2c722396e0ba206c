// Package vault stores secrets encrypted: the tokens of customers and the PINs of
// their phone numbers.
//
// A [Vault] is an interface with six methods. [SealedVault] implements it with two
// parts: an [AEAD] encrypts each secret, and a [Storage] persists the result. A
// [Keyring] is an AEAD with keys in memory; a KMS can be another. [MemoryStorage] is
// a Storage for tests; package sqlstore has one for PostgreSQL and SQLite.
//
//	ring, err := vault.NewKeyring("2026-11", map[string][]byte{"2026-11": key})
//	secrets, err := vault.NewSealedVault(storage, ring)
//	ref := vault.Ref{Tenant: "acme", Record: record.ID, Kind: vault.SecretToken}
//	err = secrets.Put(ctx, ref, token.Access, token.Expires)
//	secret, err := secrets.Get(ctx, ref)
//
// A secret opens only under the [Ref] that it was stored under: in the database of
// a BSP, the row of one tenant cannot be copied to another. To replace a key, run
// [SealedVault.Rotate].
//
// Package onboard uses a Vault for everything it stores. Package storetest has the
// tests for a Vault or a Storage of your own.
//
// # Errors
//
// A missing secret is an [ErrNoSecret], a secret that another writer has stored or
// replaced an [ErrChanged], and a secret that cannot be decrypted an [ErrSealBroken]. All
// other errors of an AEAD or a Storage are returned with the [Ref] in front, and a panic in
// one of them is an error of kind graph.ErrPanicked that names the method.
package vault
