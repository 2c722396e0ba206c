// Package storetest has the tests that an implementation of signup's ports must
// pass: [TestStore] for an onboard.Store, [TestBlobs] and [TestSealing] for a
// vault.Storage, and [TestVault] for a vault.Vault. The
// implementations of this module are tested with them. If you write another one,
// test it with them too:
//
//	func TestMyStore(t *testing.T) {
//		storetest.TestStore(t, func(t *testing.T) onboard.Store {
//			return mystore.New(emptyDatabase(t))
//		})
//	}
//
// The function that opens is called once for every test and returns something
// empty each time; it cleans up with t.Cleanup. Run the tests with -race as well.
// Some write from sixteen goroutines at once, and some keep a megabyte.
package storetest
