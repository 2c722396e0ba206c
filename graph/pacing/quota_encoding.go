package pacing

import (
	"encoding/binary"
	"hash/crc32"
	"math"

	"github.com/seed-8fdceacd/wagraph/graph"
)

// quotaFormat is the first byte of a stored Quota. Another one is refused: what
// it counted is learned again from the next usage header.
const quotaFormat = 1

var (
	errFormat   = graph.NewSentinel(graph.ErrInput, "pacing: the stored quota has an unknown format")
	errChecksum = graph.NewSentinel(graph.ErrInput, "pacing: the stored quota has a wrong checksum")
	errContent  = graph.NewSentinel(graph.ErrInput, "pacing: the stored quota is malformed")
)

// errNilQuota is the error of a method that needs a Quota and has none.
func errNilQuota() error {
	return &graph.InputError{Field: "quota", Reason: "is nil; use a pointer to a pacing.Quota, whose zero value works"}
}

// MarshalBinary encodes the Quota for a Budget: a few bytes for each half minute
// with calls, at most 3 KB, and a checksum.
func (q *Quota) MarshalBinary() ([]byte, error) {
	if q == nil {
		return nil, errNilQuota()
	}
	flags := byte(0)
	if q.probing {
		flags = 1
	}
	b := []byte{quotaFormat, flags}
	for _, n := range [...]int64{q.slotWidth, int64(q.limit), q.lastSent, q.blockedUntil, int64(q.refusals), q.headerAt, int64(q.probes), int64(len(q.slots))} {
		b = binary.AppendVarint(b, n)
	}
	previous := int64(0)
	for _, s := range q.slots {
		b = binary.AppendVarint(b, s.index-previous)
		previous = s.index
		for _, n := range [...]int32{s.sent, s.confirmed, s.others, s.peak} {
			b = binary.AppendUvarint(b, uint64(n))
		}
	}
	return appendChecksum(b), nil
}

func appendChecksum(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

// UnmarshalBinary decodes what MarshalBinary encoded. After an error, whose kind
// is graph.ErrInput, the Quota is the zero Quota and can be used.
//
// It is long because each stored number has bounds of its own that are checked.
func (q *Quota) UnmarshalBinary(data []byte) error {
	if q == nil {
		return errNilQuota()
	}
	*q = Quota{}
	if len(data) < 6 || data[0] != quotaFormat {
		return errFormat
	}
	body, sum := data[:len(data)-4], binary.LittleEndian.Uint32(data[len(data)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return errChecksum
	}
	r := numberReader{rest: body[2:]}
	decoded := Quota{
		probing:   body[1] == 1,
		slotWidth: r.number(0, math.MaxInt64/slotsPerWindow/4), limit: int(r.number(-1, maxCount)),
		lastSent: r.time(), blockedUntil: r.time(), refusals: int(r.number(0, maxCount)),
		headerAt: r.time(), probes: int(r.number(0, maxCount)),
	}
	// Twice the slots of a window: clocks that do not agree may fill some ahead.
	count := r.number(0, 2*slotsPerWindow)
	if count > 0 && decoded.slotWidth == 0 || body[1] > 1 {
		return errContent
	}
	previous := int64(0)
	for range count {
		index := previous + r.time()
		s := slot{index: index, sent: r.count(), confirmed: r.count(), others: r.count(), peak: r.count()}
		if n := len(decoded.slots); n > 0 && index <= previous || s.peak > 100 || index < 0 || index > math.MaxInt64/2/decoded.slotWidth {
			return errContent
		}
		decoded.slots = append(decoded.slots, s)
		previous = index
	}
	if r.bad || len(r.rest) > 0 {
		return errContent
	}
	*q = decoded
	return nil
}

// maxCount bounds every count in a stored Quota, so that no sum can overflow.
const maxCount = 1 << 24

// numberReader reads numbers until the first one that is out of bounds.
type numberReader struct {
	rest []byte
	bad  bool
}

func (r *numberReader) number(least, most int64) int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 || n < least || n > most {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *numberReader) time() int64 { return r.number(0, math.MaxInt64/2) }

func (r *numberReader) count() int32 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > maxCount {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return int32(n)
}
