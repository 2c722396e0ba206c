package popup

import "strings"

// facebookHost is the host whose windows post the event of Embedded Signup.
const facebookHost = "facebook.com"

// TrustedOrigin reports whether the popup of Embedded Signup can have this event.origin:
// https with facebook.com or a subdomain of it. The page must check the origin before it
// reads the message. The server checks again the origin that the page sent.
//
// Samples often compare only the end of the text; that also accepts
// https://evilfacebook.com.
func TrustedOrigin(origin string) bool {
	host, ok := strings.CutPrefix(origin, "https://")
	if !ok {
		return false
	}
	// Browsers write an origin in lower case, without a path, a trailing dot or the
	// default port. Another text does not come from a browser.
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return host == facebookHost || strings.HasSuffix(host, "."+facebookHost)
}
