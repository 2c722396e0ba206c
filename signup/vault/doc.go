// Package vault keeps secrets: clients' tokens and the PINs of their numbers. A
// [SealedVault] seals each under a key of a [Keyring], or of a KMS, and persists it
// in a [Storage].
package vault
