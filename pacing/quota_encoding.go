package pacing

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
)

// ledgerFormat is the first byte of a stored ledger. Another one is refused:
// what it counted is told again by the next usage header.
const ledgerFormat = 1

var (
	errFormat   = errors.New("pacing: ledger: unknown format")
	errChecksum = errors.New("pacing: ledger: wrong checksum")
	errContent  = errors.New("pacing: ledger: malformed")
)

// MarshalBinary encodes the ledger for a Budget: a few bytes for each half
// minute with calls, and a checksum.
func (l *Ledger) MarshalBinary() ([]byte, error) { return l.AppendBinary(nil) }

// AppendBinary is MarshalBinary into a buffer that is there already.
func (l *Ledger) AppendBinary(b []byte) ([]byte, error) {
	start := len(b)
	flags := byte(0)
	if l.probing {
		flags = 1
	}
	b = append(b, ledgerFormat, flags)
	for _, n := range [...]int64{l.width, int64(l.limit), l.last, l.blocked, int64(l.strikes), l.read, int64(l.looks), int64(len(l.slots))} {
		b = binary.AppendVarint(b, n)
	}
	previous := int64(0)
	for _, s := range l.slots {
		b = binary.AppendVarint(b, s.index-previous)
		previous = s.index
		for _, n := range [...]int32{s.own, s.heard, s.foreign, s.peak} {
			b = binary.AppendUvarint(b, uint64(n))
		}
	}
	return appendChecksum(b, start), nil
}

func appendChecksum(b []byte, start int) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
}

// UnmarshalBinary decodes what MarshalBinary encoded. After an error the ledger
// is empty, and fit for use.
func (l *Ledger) UnmarshalBinary(data []byte) error {
	*l = Ledger{}
	if len(data) < 6 || data[0] != ledgerFormat {
		return errFormat
	}
	body, sum := data[:len(data)-4], binary.LittleEndian.Uint32(data[len(data)-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return errChecksum
	}
	r := ledgerReader{rest: body[2:]}
	decoded := Ledger{
		probing: body[1] == 1,
		width:   r.number(0, math.MaxInt64/slotsPerWindow/4), limit: int(r.number(-1, maxCount)),
		last: r.time(), blocked: r.time(), strikes: int(r.number(0, maxCount)),
		read: r.time(), looks: int(r.number(0, maxCount)),
	}
	// Twice the slots of a window: clocks that are apart may fill some ahead.
	count := r.number(0, 2*slotsPerWindow)
	if count > 0 && decoded.width == 0 || body[1] > 1 {
		return errContent
	}
	previous := int64(0)
	for range count {
		index := previous + r.time()
		s := slot{index: index, own: r.count(), heard: r.count(), foreign: r.count(), peak: r.count()}
		if n := len(decoded.slots); n > 0 && index <= previous || s.peak > 100 || index < 0 || index > math.MaxInt64/2/decoded.width {
			return errContent
		}
		decoded.slots = append(decoded.slots, s)
		previous = index
	}
	if r.bad || len(r.rest) > 0 {
		return errContent
	}
	*l = decoded
	return nil
}

// maxCount bounds every count in a stored ledger, so that none of the sums
// made of them can overflow.
const maxCount = 1 << 24

// ledgerReader reads varints until the first that is out of bounds.
type ledgerReader struct {
	rest []byte
	bad  bool
}

func (r *ledgerReader) number(least, most int64) int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 || n < least || n > most {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *ledgerReader) time() int64 { return r.number(0, math.MaxInt64/2) }

func (r *ledgerReader) count() int32 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > maxCount {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return int32(n)
}
