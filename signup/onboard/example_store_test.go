package onboard_test

import (
	"context"
	"fmt"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Several processes share a Store: the first write wins, and the other one gets an
// error.
func ExampleStore() {
	ctx := context.Background()
	var store onboard.Store = onboard.NewMemoryStore()
	record, err := store.Insert(ctx, onboard.Record{
		ID: "record-1", Tenant: "acme", App: "634974688087057", Key: "hash of the code", State: onboard.StateRunning,
	})
	if err != nil {
		panic(err)
	}
	worker1, worker2 := record.Clone(), record.Clone()
	worker2.Currency = "EUR"
	worker2, err = store.Update(ctx, worker2)
	fmt.Println(worker2.Revision, err)
	worker1.Currency = "USD"
	_, err = store.Update(ctx, worker1)
	fmt.Println(err)
	// Output:
	// 2 <nil>
	// onboard: the record was changed by another writer
}
