package graph

// codeRow says what one of Meta's numbers means for a management client.
type codeRow struct {
	code, sub int
	kind      Kind
	advice    string
	source    string
}

// The sources of the rows. Other calls than Embedded Signup's return the numbers of
// its page too.
const (
	fromErrorPage = "WhatsApp error codes, 12 Dec 2025"
	fromGraph     = "Graph API error handling guide"
	fromOpenAPI   = "Meta's OpenAPI for WhatsApp, v23.0"
	fromReference = "Graph API reference of the edge"
	fromSignup    = "Embedded Signup errors, 24 Feb 2026"
	fromRateLimit = "Graph API rate limits"
	fromField     = "reported by integrators; not on a page of Meta's"
)

// codes lists the pairs of code and subcode that mean something else than the code
// alone, then the codes.
var codes = [...]codeRow{
	{1, 99, ErrTransient, "The real reason is in the user message", fromGraph},
	{2, 1675030, ErrTransient, "", fromOpenAPI},
	{4, 2446080, ErrWait, "No further application for an official business account is accepted for now", fromOpenAPI},
	{10, 2018218, ErrPermission, "The app is not part of this Multi-Partner Solution", fromOpenAPI},
	{100, 33, ErrNotFound, "Check the id; if it is right, this token may not see the object: check what the client shared and which users are assigned", fromErrorPage},
	{100, 2207051, ErrInvalid, "The number is not registered, so there is nothing to deregister", fromOpenAPI},
	{100, 36007, ErrInvalid, "The signup code lived 30 seconds and is too old: the client has to go through the signup again", fromSignup},
	{100, 36008, ErrInvalid, "Send the redirect URI of the login that produced the code, and none for the JavaScript popup", fromField},
	{100, 36009, ErrInvalid, "The signup code was used before: the first exchange has the token; otherwise fetch the token of the client business", fromField},
	{190, 456, ErrAuth, "Get a new token: this one is malformed, or of another session", fromField},
	{190, 457, ErrAuth, "Get a new token", fromField},
	{190, 458, ErrAuth, "The client removed the app: a new signup is needed", fromGraph},
	{190, 459, ErrAuth, "The user has to pass a checkpoint at facebook.com first", fromGraph},
	{190, 460, ErrAuth, "The user's password changed: a new login is needed", fromGraph},
	{190, 461, ErrAuth, "The app was installed again: get a new token", fromField},
	{190, 462, ErrAuth, "Get a new token", fromField},
	{190, 463, ErrAuth, "The token has expired: renew 60-day tokens before they do", fromGraph},
	{190, 464, ErrAuth, "The user has to confirm the account first", fromGraph},
	{190, 465, ErrAuth, "Get a new token: its user is invalid", fromField},
	{190, 466, ErrAuth, "The token was invalidated through the API", fromField},
	{190, 467, ErrAuth, "The token was revoked or logged out", fromGraph},
	{190, 468, ErrAuth, "The token was not used for a long time: get a new one", fromField},
	{190, 492, ErrAuth, "The user lost the role that the token rests on", fromGraph},
	{200, 1349174, ErrPermission, "", fromOpenAPI},
	{200, 1349175, ErrPermission, "The business is not accessible to the app", fromOpenAPI},
	{200, 1349176, ErrPermission, "The call needs the messaging or management permission for WhatsApp", fromOpenAPI},
	{613, 1996, ErrThrottled, "Spread the calls evenly", fromRateLimit},

	{0, 0, ErrAuth, "Get a new token", fromErrorPage},
	{1, 0, ErrTransient, "", fromErrorPage},
	{2, 0, ErrTransient, "", fromErrorPage},
	{3, 0, ErrPermission, "The app lacks the capability for this call: ask Meta to enable it", fromErrorPage},
	{4, 0, ErrThrottled, "The app is over its hourly calls", fromErrorPage},
	{5, 0, ErrPermission, "The call came from an address outside the app's allow-list", fromField},
	{10, 0, ErrPermission, "Compare the token's scopes, and assign the system user to the WABA", fromErrorPage},
	{17, 0, ErrThrottled, "The user is over the hourly calls", fromRateLimit},
	{32, 0, ErrThrottled, "", fromRateLimit},
	{33, 0, ErrNotFound, "The phone number was deleted: forget its id", fromErrorPage},
	{100, 0, ErrInvalid, "Check the parameters; one field that the version does not know fails the whole call", fromErrorPage},
	{101, 0, ErrAuth, "Check the app id and the app secret", fromReference},
	{102, 0, ErrAuth, "Get a new token", fromReference},
	{104, 0, ErrAuth, "Check the app secret: the proof sent with the token does not fit", fromReference},
	{110, 0, ErrInvalid, "Use the system user's app-scoped id, as the API returns it", fromReference},
	{190, 0, ErrAuth, "Get a new token; for a client's token, check whether the client removed the app", fromErrorPage},
	{192, 0, ErrInvalid, "", fromReference},
	{294, 0, ErrPermission, "", fromGraph},
	{300, 0, ErrOutcomeUnknown, "Read the object back before trying again", fromReference},
	{341, 0, ErrThrottled, "", fromGraph},
	{368, 0, ErrAccountState, "Blocked for a policy violation: appeal in Business Support", fromErrorPage},
	{452, 0, ErrAuth, "Get a new token", fromReference},
	{506, 0, ErrInvalid, "The same call was made before: read the object back", fromGraph},
	{613, 0, ErrThrottled, "", fromRateLimit},
	{803, 0, ErrNotFound, "One of the ids does not exist or is not visible, which fails the call for all of them", fromOpenAPI},
	{2200, 0, ErrInvalid, "The callback did not answer the verification request", fromField},
	{2500, 0, ErrInvalid, "The path or the syntax of fields is not understood, or the token is missing", fromGraph},
	{2635, 0, ErrInvalid, "The version is no longer served: raise WithVersion", fromField},
	{3949, 0, ErrInvalid, "The portfolio has as many system users as it may have", fromReference},
	{3962, 0, ErrInvalid, "A name in scope is not a permission", fromReference},
	{3965, 0, ErrInvalid, "The portfolio has as many admin system users as it may have", fromReference},
	{4000, 0, ErrInvalid, "The line is already shared with this business: look the allocation up", fromReference},
	{80007, 0, ErrThrottled, "The WABA is over its hourly calls", fromErrorPage},
	{80008, 0, ErrThrottled, "The WABA is over its hourly calls", fromRateLimit},
	{104001, 0, ErrPermission, "The calling app is not claimed by this business", fromReference},
	{130429, 0, ErrThrottled, "", fromErrorPage},
	{130497, 0, ErrAccountState, "", fromErrorPage},
	{131000, 0, ErrTransient, "", fromErrorPage},
	{131005, 0, ErrPermission, "Compare the token's scopes, and assign the system user to the WABA", fromErrorPage},
	{131008, 0, ErrInvalid, "A required parameter is missing", fromErrorPage},
	{131009, 0, ErrInvalid, "A parameter's value is not accepted", fromErrorPage},
	{131016, 0, ErrTransient, "", fromErrorPage},
	{131031, 0, ErrAccountState, "The account is locked, or the data sent (such as the PIN) did not fit: look at its health status", fromErrorPage},
	{131037, 0, ErrAccountState, "The display name of this number needs Meta's approval", fromErrorPage},
	{131042, 0, ErrAccountState, "Nothing pays for this WABA: attach the credit line, or have the client add a payment method", fromErrorPage},
	{131045, 0, ErrInvalid, "Register the number again", fromErrorPage},
	{131048, 0, ErrAccountState, "The number is restricted for its quality: look at its quality rating", fromErrorPage},
	{131055, 0, ErrInvalid, "The method does not exist for this object", fromErrorPage},
	{131056, 0, ErrThrottled, "", fromErrorPage},
	{131057, 0, ErrWait, "The account is in maintenance for about a minute", fromErrorPage},
	{132069, 0, ErrThrottled, "The flow may send 10 messages an hour", fromErrorPage},
	{133000, 0, ErrTransient, "Deregister again, then register", fromErrorPage},
	{133004, 0, ErrTransient, "", fromErrorPage},
	{133005, 0, ErrInvalid, "The PIN is not the number's two-step PIN: ask the client for it, or have it reset in WhatsApp Manager", fromErrorPage},
	{133006, 0, ErrInvalid, "Verify the number first: request a code and send it back", fromErrorPage},
	{133008, 0, ErrWait, "Too many wrong PINs: the details say how long to wait", fromErrorPage},
	{133009, 0, ErrWait, "The PIN was tried too soon again: the details say how long to wait", fromErrorPage},
	{133010, 0, ErrInvalid, "Register the number first", fromErrorPage},
	{133015, 0, ErrWait, "The number was deleted a moment ago: wait 5 minutes", fromErrorPage},
	{133016, 0, ErrWait, "More than 10 registrations within 72 hours: the number is locked for 72 hours", fromErrorPage},
	{134101, 0, ErrWait, "The template is still being synchronised: wait 10 minutes", fromErrorPage},
	{134102, 0, ErrTransient, "", fromErrorPage},
	{135000, 0, ErrInvalid, "", fromErrorPage},
	{136024, 0, ErrWait, "Read code_verification_status: a verified number needs no code; otherwise wait, or use the other code method", fromReference},
	{136025, 0, ErrInvalid, "The code is wrong or too old: ask the client for the newest one", fromReference},
	{139000, 0, ErrAccountState, "Flows are blocked for this account: the user message says why", fromErrorPage},
	{139001, 0, ErrInvalid, "The flow could not be updated: the user message says why", fromErrorPage},
	{139002, 0, ErrInvalid, "The flow could not be published: the user message says why", fromErrorPage},
	{139003, 0, ErrInvalid, "The flow could not be deprecated: the user message says why", fromErrorPage},
	{139004, 0, ErrInvalid, "The flow could not be deleted: the user message says why", fromErrorPage},
	{139100, 0, ErrInvalid, "Some of the users could not be changed", fromErrorPage},
	{139101, 0, ErrInvalid, "The block list is full", fromErrorPage},
	{139102, 0, ErrCursorExpired, "The list changed while it was read: start again from the first page", fromErrorPage},
	{139103, 0, ErrTransient, "", fromErrorPage},
	{147001, 0, ErrInvalid, "The username is not available", fromField},
	{147002, 0, ErrInvalid, "The number is not eligible for this username", fromField},
	{147003, 0, ErrInvalid, "The Facebook page of this name has to be linked first", fromField},
	{147004, 0, ErrInvalid, "The Instagram account of this name has to be linked first", fromField},
	{147005, 0, ErrInvalid, "The username belongs to another number: the transfer has to be forced", fromField},
	{200000, 0, ErrInvalid, "The number cannot be added to this WABA: the user message says why", fromReference},
	{200002, 0, ErrInvalid, "", fromReference},
	{200005, 0, ErrInvalid, "", fromErrorPage},
	{200006, 0, ErrInvalid, "Insights cannot be switched off again", fromErrorPage},
	{200007, 0, ErrInvalid, "", fromErrorPage},
	{200008, 0, ErrNotFound, "The WABA has no phone number", fromReference},
	{1690089, 0, ErrInvalid, "The name is taken", fromReference},
	{1752041, 0, ErrInvalid, "The same call was made before: nothing needs to be done", fromErrorPage},
	{2388001, 0, ErrInvalid, "The number's ownership is not verified, or its two-step verification is still on", fromErrorPage},
	{2388002, 0, ErrAccountState, "The portfolio has as many numbers as it may have: business verification raises the limit", fromSignup},
	{2388009, 0, ErrInvalid, "Meta does not accept the name of the business", fromSignup},
	{2388010, 0, ErrInvalid, "Meta does not accept the name of the WABA", fromSignup},
	{2388012, 0, ErrInvalid, "The number is in this WABA already", fromErrorPage},
	{2388019, 0, ErrInvalid, "The WABA has as many templates as it may have", fromErrorPage},
	{2388039, 0, ErrInvalid, "A field of the template is too long", fromErrorPage},
	{2388040, 0, ErrInvalid, "A field of the template is too long", fromErrorPage},
	{2388047, 0, ErrInvalid, "The header of the template is malformed", fromErrorPage},
	{2388072, 0, ErrInvalid, "The body of the template is malformed", fromErrorPage},
	{2388073, 0, ErrInvalid, "The footer of the template is malformed", fromErrorPage},
	{2388077, 0, ErrInvalid, "", fromField},
	{2388091, 0, ErrWait, "No code can be requested for this number now", fromErrorPage},
	{2388093, 0, ErrWait, "No code can be requested for this number now", fromErrorPage},
	{2388098, 0, ErrAccountState, "Business verification is needed for further WABAs", fromSignup},
	{2388103, 0, ErrInvalid, "The number cannot be migrated: the user message says why", fromErrorPage},
	{2388107, 0, ErrAccountState, "The WABA or its business is restricted: appeal in Business Support", fromSignup},
	{2388293, 0, ErrInvalid, "The template has too many variables for its length", fromErrorPage},
	{2388299, 0, ErrInvalid, "A variable must not begin or end the template", fromErrorPage},
	{2494028, 0, ErrAccountState, "", fromSignup},
	{2494029, 0, ErrAccountState, "", fromSignup},
	{2494030, 0, ErrInvalid, "Meta does not accept the documents for business verification", fromSignup},
	{2494055, 0, ErrThrottled, "", fromErrorPage},
	{2494091, 0, ErrAccountState, "The partner's own business has to be verified", fromSignup},
	{2494100, 0, ErrWait, "The number is in maintenance for some minutes", fromErrorPage},
	{2494119, 0, ErrAccountState, "", fromSignup},
	{2494120, 0, ErrAccountState, "", fromSignup},
	{2494143, 0, ErrInvalid, "Meta does not accept the documents for business verification", fromSignup},
	{2494158, 0, ErrWait, "Too many verification codes were asked for", fromSignup},
	{2593079, 0, ErrInvalid, "The WABA is tagged for another solution", fromErrorPage},
	{2593085, 0, ErrInvalid, "", fromErrorPage},
	{2593107, 0, ErrInvalid, "This synchronisation was asked for before, and it is possible once only", fromErrorPage},
	{2593108, 0, ErrInvalid, "The 24 hours after onboarding in which history can be synchronised are over", fromErrorPage},
	{2593109, 0, ErrAccountState, "The client declined to share the message history", fromErrorPage},
	{2655005, 0, ErrAccountState, "There are as many test numbers as there may be", fromSignup},
	{2655011, 0, ErrAccountState, "The WABA or the portfolio has as many numbers as it may have", fromSignup},
	{2655076, 0, ErrAccountState, "There are as many test numbers as there may be", fromSignup},
	{3441051, 0, ErrAccountState, "The WABA or the portfolio has as many numbers as it may have", fromSignup},
}

// classify returns the row for a code and a subcode. Known numbers of six and more
// digits arrive as the code in some answers, and as the subcode of a generic 100 in
// others.
func classify(code, sub int) (codeRow, bool) {
	if row, ok := findCode(code, sub); ok {
		return row, true
	}
	if sub >= 100_000 {
		if row, ok := findCode(sub, 0); ok {
			return row, true
		}
	}
	if row, ok := findCode(code, 0); ok {
		return row, true
	}
	switch {
	case code >= 200 && code <= 299:
		return codeRow{code, sub, ErrPermission, "Compare the token's scopes and the system user's role, and assign the system user to the WABA", fromErrorPage}, true
	case code >= 80000 && code <= 80014:
		return codeRow{code, sub, ErrThrottled, "", fromRateLimit}, true
	}
	return codeRow{}, false
}

func findCode(code, sub int) (codeRow, bool) {
	for i := range codes {
		if codes[i].code == code && codes[i].sub == sub {
			return codes[i], true
		}
	}
	return codeRow{}, false
}
