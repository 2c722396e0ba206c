// Package credit shares a partner's credit line with its clients, and revokes
// it.
//
// A Solution Partner pays Meta for its clients from a credit line (Meta: an
// extended credit). Sharing the line with the business of a client makes an
// [Allocation] (Meta: an allocation config). There is one allocation for a line
// and a client business, also if that business has many WABAs. Each WABA is
// attached to it, which shows in the WABA's primary_funding_id. Revoking the
// allocation takes the line from all of them.
//
//	lines := credit.New(client)
//	share, err := lines.Share(ctx, credit.ShareRequest{
//		Line: lineID, WABA: wabaID, Business: clientID, Currency: "EUR",
//	})
//
// # Nothing is billed twice
//
// The calls that share have no idempotency key. A repeated one is a second bill
// or an error with code 4000. For this reason [Client.Share] reads first, posts
// once, and reads again to confirm. After a lost answer it reads, and does not
// post again.
//
// # Which token
//
// A token of an admin system user of the partner's own portfolio, or of one with
// the finance editor role, with business_management. [Client.Attach] is the
// exception: only the client may call it, with its business token, and that
// token works for no other call of this package.
//
// # Names
//
// GetLine and GetAllocation read one object. FindAllocation searches for one,
// and reports whether it exists. A list has the name of its items in the plural.
// The single reads take other field names as their last arguments, and a list
// takes them in the Fields of its query. A graph.Fields value can be given to
// both. Each single read has a function with the suffix Op, which returns the
// request for use in a graph.Batch. The calls that move money have none.
//
// # Errors
//
// States of a line, such as [ErrNotAttached], are errors to compare with
// errors.Is. Like all errors of this module they have a graph.Kind.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
package credit
