// Package signup reads what Embedded Signup hands over: the code of a callback, the
// token that it is exchanged for, and what that token was granted. Package popup
// opens the signup in the browser and reads its events, package vault keeps
// secrets, and package onboard takes a client from the callback to a phone number
// that can send.
//
// [Client] makes the single calls. [Client.Redeem] sends a code once, whatever
// happens: a repeated exchange fails because the first one used the code up.
// [Client.Debug] asks what a token is good for, [TokenInfo.Grants] reads from the
// answer which WABAs the client shared, [Client.ConfirmAccounts] compares them with
// the claim.
//
//	signups := signup.New(client, app)
//	token, err := signups.Redeem(ctx, signup.Callback{Code: code})
//	// keep the token before anything else is done
//	info, err := signups.Debug(ctx, token.Access)
//	accounts := waba.New(client.As(token))
//
// # Claims and grants
//
// What the browser says was signed up is a claim: anybody can post another
// client's ids. A WABA counts as shared when the grants list it or, for a token
// whose grants list nothing ([Grants.Unrestricted]), when the token reads it.
//
// # Which token
//
// The exchange needs none: it is made with the app's id and secret. debug_token
// is called with the app's own token. A client's assets are read, subscribed and
// registered with its own; assigning users, sharing credit and reading certificates
// take the partner's. A token of a person, from the older callback, only shows what
// was shared: the partner's does all the rest.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/overview
package signup
