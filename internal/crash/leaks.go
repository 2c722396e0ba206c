package crash

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// Leak reports whether the bytes hold one of the secrets: unchanged, in the form
// of a URL, or in Base64, wherever in a longer text it was encoded. The
// error does not show it.
func Leak(data []byte, secrets ...graph.Secret) error {
	for i, secret := range secrets {
		text := secret.Reveal()
		if text == "" {
			continue // a signup without a code has none
		}
		if len(text) <= pinLength {
			if standsAlone(data, text) {
				return fmt.Errorf("secret %d, of %d characters, is readable", i, len(text))
			}
			continue
		}
		for _, form := range forms(text) {
			if bytes.Contains(data, []byte(form)) {
				return fmt.Errorf("secret %d, of %d characters, is readable", i, len(text))
			}
		}
	}
	return nil
}

// forms are the ways in which a secret can be written down.
func forms(text string) []string {
	all := []string{text, url.QueryEscape(text), url.PathEscape(text)}
	for before := range 3 {
		padded := append(make([]byte, before), text...)
		// What shares its group with a neighbour is another text every time.
		padded = padded[:len(padded)-len(padded)%3]
		first := (before + 2) / 3 * 4
		all = append(all, base64.RawStdEncoding.EncodeToString(padded)[first:], base64.RawURLEncoding.EncodeToString(padded)[first:])
	}
	return all
}

const pinLength = 6

// standsAlone finds a PIN that is not part of a longer number: six digits in the
// middle of an id say nothing.
func standsAlone(data []byte, pin string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(data) && data[i] >= '0' && data[i] <= '9' }
	for at := 0; ; at++ {
		next := bytes.Index(data[at:], []byte(pin))
		if next < 0 {
			return false
		}
		if at += next; !digit(at-1) && !digit(at+len(pin)) {
			return true
		}
	}
}
