package graphsim

import (
	"encoding/binary"
	"math/rand/v2"
	"strconv"
	"strings"
)

// nid is the id of a node. Graph's ids are decimal and fit into 63 bits. As integers,
// the ids of a hundred thousand accounts take less than a megabyte.
type nid int64

func (n nid) String() string { return strconv.FormatInt(int64(n), 10) }

// parseID reads an id from a path or a parameter. It refuses signs, leading zeros and
// everything but digits.
func parseID(s string) (nid, bool) {
	if s == "" || len(s) > 18 || s[0] < '1' || s[0] > '9' || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return nid(n), err == nil
}

// firstID is the beginning of the ids of each kind. The ranges are far apart, so that
// an id in a failing test shows its kind. The ids have 15 to 17 digits.
var firstID = map[kind]nid{
	kApp:         670843887433847,
	kBusiness:    506914307656634,
	kWABA:        102290129340398,
	kNumber:      106540352242922,
	kSystemUser:  12210440003312017,
	kPerson:      10223456702118345,
	kLine:        1972385232742146,
	kAllocation:  5854328470043126,
	kFunding:     8899001122334455,
	kPreVerified: 1034567890123456,
	kTemplate:    5729061234567890,
	kSolution:    774485461512159,
	kActivity:    9213344556677889,
}

// newRand returns a generator with a seed. The same calls in the same order make the
// same ids.
func newRand(seed uint64) *rand.Rand {
	var key [32]byte
	copy(key[:], "graphsim: a fixed seed, no chance")
	binary.LittleEndian.PutUint64(key[24:], seed)
	return rand.New(rand.NewChaCha8(key))
}

// newID returns the next id of a kind. The ids have gaps, like real ones.
func (s *Sim) newID(k kind) nid {
	last, ok := s.st.lastID[k]
	if !ok {
		last = firstID[k]
	}
	last += nid(1009 + s.rng.IntN(9_000_000))
	s.st.lastID[k] = last
	return last
}

// Tokens are alphanumeric. Codes and trace ids use the URL-safe alphabet.
const (
	letters      = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	traceLetters = letters + "-_"
)

func (s *Sim) random(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[s.rng.IntN(len(alphabet))]
	}
	return string(b)
}

// newTrace makes an fbtrace_id.
func (s *Sim) newTrace() string { return "A" + s.random(traceLetters, 22) }
