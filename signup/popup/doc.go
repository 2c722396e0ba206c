// Package popup is the browser's part of Embedded Signup: the options that open the
// popup, the events that the popup posts to the page, and the sessions that tie both to a
// tenant.
//
// The server makes the page with a session and the options of FB.login:
//
//	token, err := sessions.Issue("acme", popup.PurposeSignup)
//	launch := popup.LaunchOptions{ConfigID: configID}
//	err = page.Execute(w, data{Session: token, Launch: launch})
//
// The page posts two messages with the session: the callback of FB.login, which holds the
// code, and the event of the popup, which holds the ids. They come in either order, and a
// [Join] matches them:
//
//	joined, err := join.Callback(token, "acme", callback) // see signup.ParseCallback
//	event, err := popup.ParseEvent(message)
//	joined, err = join.Event(token, "acme", event)
//
// The code and the session go to onboard.Flow.Begin, and the claim of the event
// ([Event.Claim]) to Begin or to onboard.Flow.AddClaim. Without package onboard, the code
// goes to [signup.Client.Redeem].
//
// Everything that a browser posts can be forged. [TrustedOrigin] checks the origin of a
// window message, [Sessions] the tenant, and [signup.Client.ConfirmAccounts] the ids.
//
// If the popup reports an error, [LookupError] and [Problem.Info] say what to do.
// [Versions] lists the versions of Embedded Signup with their end dates.
package popup
