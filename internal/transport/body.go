package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"

	"github.com/seed-8fdceacd/wagraph/internal/guard"
)

// ErrBodyTooLarge means that the body of a success was longer than the pipe
// accepts, counted after decompression. The rest of it is not read.
var ErrBodyTooLarge = errors.New("body is larger than the limit")

// ErrErrorBodyTooLarge means the same of an answer whose status is an error. The
// status says what became of the request, so it is an error of its own.
var ErrErrorBodyTooLarge = errors.New("body of the error is larger than the limit")

// MaxErrorBody is the number of bytes that are read of a body whose status is an
// error, if the pipe's limit is not lower. Graph's errors have 1 KB.
const MaxErrorBody = 256 << 10

// ErrPanicked means that the application's round tripper, or a body that it
// returned, panicked. A *guard.Panic is beside it in the chain.
var ErrPanicked = errors.New("the round tripper panicked")

// keepBuffer is the size of the largest buffer that is kept for the next call: a
// page with a hundred certificates fits. The memory of a larger body is freed.
const keepBuffer = 1 << 20

// buffer holds a body. It grows in other steps than bytes.Buffer, which holds up to
// three times the limit while it copies.
type buffer struct{ bytes []byte }

func (p *Pipe) buffer() *buffer {
	if buf, ok := p.buffers.Get().(*buffer); ok {
		return buf
	}
	return new(buffer)
}

// recycle keeps a buffer for the next body, which is written over the old one:
// a decoder copies what it keeps.
func (p *Pipe) recycle(buf *buffer) {
	if cap(buf.bytes) > keepBuffer {
		return
	}
	buf.bytes = buf.bytes[:0]
	p.buffers.Put(buf)
}

// readBody reads the whole body into buf and closes it. A body shorter than
// announced is io.ErrUnexpectedEOF, as net/http reports it.
func readBody(buf *buffer, resp *http.Response, limit int64) (err error) {
	defer guard.Recover("Response.Body", ErrPanicked, &err)
	if resp.Body == nil {
		if resp.ContentLength > 0 {
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	defer func() { _ = resp.Body.Close() }()
	tooLarge := ErrBodyTooLarge
	if resp.StatusCode >= http.StatusBadRequest {
		tooLarge, limit = ErrErrorBodyTooLarge, min(limit, MaxErrorBody)
	}
	err = buf.readFrom(resp.Body, min(resp.ContentLength, limit), limit)
	if err == nil && int64(len(buf.bytes)) > limit {
		buf.bytes = nil
		return fmt.Errorf("%w of %d bytes", tooLarge, limit)
	}
	return err
}

// readFrom reads until the end, or until one byte more than the limit. announced is
// the length by the header, or less than 1.
func (b *buffer) readFrom(body io.Reader, announced, limit int64) error {
	if announced > 0 { // a longer one has to come before it gets its memory
		b.grow(min(announced, keepBuffer) + bytes.MinRead)
	}
	for int64(len(b.bytes)) <= limit {
		if len(b.bytes) == cap(b.bytes) {
			b.grow(nextSize(int64(cap(b.bytes)), announced, limit))
		}
		space := b.bytes[len(b.bytes):cap(b.bytes)]
		if left := limit - int64(len(b.bytes)); int64(len(space)) > left {
			space = space[:left+1]
		}
		n, err := body.Read(space)
		b.bytes = b.bytes[:len(b.bytes)+n]
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

// nextSize returns the size of the buffer after one that is full. It doubles. Near
// the limit it is all of the limit at once, so that the old buffer, which is held
// while it is copied, is small.
func nextSize(size, announced, limit int64) int64 {
	double := 2*size + bytes.MinRead
	switch {
	case announced > size:
		return announced + 1
	case double > limit/8 && limit < math.MaxInt64:
		return limit + 1
	}
	return double
}

func (b *buffer) grow(size int64) {
	if size <= int64(cap(b.bytes)) {
		return
	}
	larger := make([]byte, len(b.bytes), size)
	copy(larger, b.bytes)
	b.bytes = larger
}
