// Package credit shares a partner's credit line with its clients, and takes it
// back.
//
// A Solution Partner pays Meta for its clients from a credit line (Meta: an
// extended credit). Sharing the line with a client's business makes an
// [Allocation] (an allocation config). It belongs to one line and one client
// business, whatever number of WABAs that business has: each of them is
// attached to it, which shows in the WABA's primary_funding_id. Revoking the
// allocation takes the line from all of them.
//
//	line := credit.New(graph)
//	share, err := line.Share(ctx, credit.ShareRequest{
//		Line: lineID, WABA: wabaID, Business: clientID, Currency: "EUR",
//	})
//
// # Money is not sent twice
//
// The calls that share have no idempotency key, and a repeated one is a second
// bill or an error 4000. So [Client.Share] looks first, posts once, and
// confirms by reading; a lost answer becomes a lookup, never a second post.
//
// # Which token
//
// The admin system user of the partner's own portfolio (or one with the
// finance editor role) with business_management. [Client.Attach] alone is the
// client's to call, with its business token, which works for nothing else here.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
package credit
