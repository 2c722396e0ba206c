// Package signup takes over what a client's Embedded Signup leaves behind: a
// code that lives 30 seconds and works once, or, from older integrations, an
// access token.
//
//	app := signup.App{ID: appID, Secret: appSecret}
//	signups := signup.New(graph, app)
//	token, err := signups.Redeem(ctx, signup.Callback{Code: code})
//	// keep the token before anything else is done
//	info, err := signups.Debug(ctx, token.Access)
//	grants := info.Grants()
//	accounts := waba.New(graph.As(token))
//
// [Client.Redeem] sends the code once, whatever happens: an exchange that is
// repeated fails because the first one used the code up. [Client.Debug] asks
// Meta what the token is good for, and [TokenInfo.Grants] reads from the answer
// which WABAs the client shared.
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
// is called with the app's own token.
//
// Meta's page: https://developers.facebook.com/documentation/business-messaging/whatsapp/embedded-signup/overview
package signup
