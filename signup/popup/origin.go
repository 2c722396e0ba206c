package popup

import "strings"

// facebookHost is whose windows post the signup's message.
const facebookHost = "facebook.com"

// TrustedOrigin tells whether a message's event.origin is one that the signup
// popup can have: https, and facebook.com or a host below it. The listener in
// the page has to ask first, before it reads the message; a server asks again
// about the origin that the page passed on.
//
// Comparing the end of the text alone, as samples do, also lets
// https://evilfacebook.com in.
func TrustedOrigin(origin string) bool {
	host, ok := strings.CutPrefix(origin, "https://")
	if !ok {
		return false
	}
	// Browsers write an origin in lower case, without a path, a trailing dot
	// or the default port: anything else was not written by one.
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return host == facebookHost || strings.HasSuffix(host, "."+facebookHost)
}
