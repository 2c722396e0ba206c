// Package storetest has the tests that a store of the onboarding must pass:
//
//   - [TestStore] tests an onboard.Store, which has the records.
//   - [TestStorage] tests a vault.Storage, which has the sealed secrets.
//   - [TestSealing] tests a vault.SealedVault over a vault.Storage.
//   - [TestVault] tests a vault.Vault that does not use a vault.SealedVault.
//
// The stores of this module are tested with them. Test your own store with them too.
// This is the whole test file of a store that has both records and secrets:
//
//	package mystore_test
//
//	import (
//		"testing"
//
//		"github.com/seed-8fdceacd/wagraph/signup/onboard"
//		"github.com/seed-8fdceacd/wagraph/signup/storetest"
//		"github.com/seed-8fdceacd/wagraph/signup/vault"
//
//		"example.com/bsp/mystore"
//	)
//
//	// open returns an empty store.
//	func open(t *testing.T) *mystore.Store {
//		store, err := mystore.Open(t.TempDir())
//		if err != nil {
//			t.Fatal(err)
//		}
//		t.Cleanup(func() { _ = store.Close() })
//		return store
//	}
//
//	func TestStore(t *testing.T) {
//		storetest.TestStore(t, func(t *testing.T) onboard.Store { return open(t) }, storetest.StoreOptions{})
//	}
//
//	func TestStorage(t *testing.T) {
//		storetest.TestStorage(t, func(t *testing.T) vault.Storage { return open(t) })
//	}
//
//	func TestSealing(t *testing.T) {
//		storetest.TestSealing(t, func(t *testing.T) vault.Storage { return open(t) })
//	}
//
// The function that opens is called once for each test. It returns an empty store each
// time, and closes it with t.Cleanup. Run the tests with -race too: some of them write
// from sixteen goroutines at the same time. Some of them store a megabyte.
package storetest
