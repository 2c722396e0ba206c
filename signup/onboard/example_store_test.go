package onboard_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// Several processes share a Store: whoever writes first wins, and the other is
// told.
func ExampleStore() {
	ctx := context.Background()
	var store onboard.Store = onboard.NewMemoryStore()
	record, err := store.Insert(ctx, onboard.Record{
		ID: "record-1", Tenant: "acme", App: "634974688087057", Key: "hash of the code", State: onboard.StateRunning,
	})
	if err != nil {
		panic(err)
	}
	mine, theirs := record.Clone(), record.Clone()
	theirs.Lease = onboard.Lease{Owner: "worker-2", Until: time.Now().Add(time.Minute)}
	theirs, err = store.Update(ctx, theirs)
	fmt.Println(theirs.Revision, err)
	mine.Lease = onboard.Lease{Owner: "worker-1", Until: time.Now().Add(time.Minute)}
	_, err = store.Update(ctx, mine)
	fmt.Println(err)
	// Output:
	// 2 <nil>
	// onboard: the record was changed by another writer
}
