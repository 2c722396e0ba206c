package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// ErrBodyTooLarge says that a body was longer than the pipe accepts, counted
// after decompression. The rest of it is not read.
var ErrBodyTooLarge = errors.New("body is larger than the limit")

// keepBuffer bounds what stays in memory between calls: a page with a hundred
// certificates fits, a runaway body does not stay.
const keepBuffer = 1 << 20

func (p *Pipe) buffer() *bytes.Buffer {
	if buf, ok := p.buffers.Get().(*bytes.Buffer); ok {
		return buf
	}
	return new(bytes.Buffer)
}

// recycle overwrites nothing: what is decoded is copied out by the decoder,
// and the next body is written over the old one.
func (p *Pipe) recycle(buf *bytes.Buffer) {
	if buf.Cap() > keepBuffer {
		return
	}
	buf.Reset()
	p.buffers.Put(buf)
}

// readBody reads the whole body into buf and closes it. A body shorter than
// announced is io.ErrUnexpectedEOF, as net/http reports it.
func readBody(buf *bytes.Buffer, resp *http.Response, limit int64) error {
	if resp.Body == nil {
		return nil
	}
	defer func() { _ = resp.Body.Close() }()
	if n := resp.ContentLength; n > 0 && n <= min(limit, keepBuffer) {
		buf.Grow(int(n) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return err
	}
	if n > limit {
		buf.Reset()
		return fmt.Errorf("%w of %d bytes", ErrBodyTooLarge, limit)
	}
	return nil
}
