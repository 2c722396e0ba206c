// Package signup makes the server's calls of Embedded Signup: it exchanges the code,
// asks what the token may do, and confirms which WABAs the customer shared.
//
// When a customer finishes Embedded Signup, the page gets two things, in either
// order. FB.login hands over a code. The popup posts an event with the ids of the
// customer's portfolio, WABA and phone number. Both go from the page to the server.
//
//   - The code lives 30 seconds and can be exchanged once. It is not a secret that
//     can be used without the app secret, but a lost code is a lost signup.
//   - The exchange returns the customer's business token. Store it before you do
//     anything else.
//   - The event is a claim: anybody can post the ids of another customer. A WABA
//     counts as shared if the grants of the token name it or, for a token whose
//     grants name no accounts ([Grants.Unrestricted]), if the token can read it.
//
// The shortest program, for one signup:
//
//	signups := signup.New(partner, signup.App{ID: appID, Secret: appSecret})
//	callback, err := signup.ParseCallback(body)      // what the page posted
//	token, err := signups.Redeem(ctx, callback)      // once; then store the token
//	info, err := signups.Debug(ctx, token.Access)    // what may it do?
//	confirmed, err := signups.ConfirmAccounts(ctx, token, claim.WABAs, info.Grants())
//	accounts := waba.New(partner.As(token))          // calls with the customer's token
//
// [Client.FetchToken] gets the token without a code, if the answer of the exchange
// was lost. [Client.Renew] replaces a token that is about to expire.
//
// # Which token
//
//	Exchange, Renew    none: the app's id and secret are sent instead
//	Debug              the app's own token
//	ConfirmAccounts    the customer's
//	FetchToken         the partner's admin system user's
//
// After the signup, the customer's token reads, subscribes and registers the
// customer's assets. The partner's token assigns users, shares the credit line and
// reads certificates. The token of a person ([Token.User]), from the older callback,
// only shows what was shared; the partner's token makes all other calls.
//
// # Where to go next
//
//   - Package popup is the page's part: the options of FB.login, the popup's events,
//     and the sessions that tie what the page posts to a tenant.
//   - Package vault stores tokens and PINs encrypted.
//   - Package onboard makes all calls from the code to a number that can send,
//     survives crashes, and calls this package for you. Most programs need only
//     popup, vault and onboard.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/overview
package signup
