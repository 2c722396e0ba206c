package filebudget

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"github.com/seed-8fdceacd/wagraph/pacing"
)

// A ledger's file has two records, each in a page of its own, which are written
// in turn. Whatever a killed process leaves of the one, the other is whole. This
// takes a fraction of the time of renaming a new file over the old one, which
// some file systems answer with a write to the disk.
//
// A record is its number, its length, the ledger, and a checksum of all that.
const (
	pageSize   = 4096
	headerSize = 8 + 4
	sumSize    = 4
)

// record is one of the two.
type record struct {
	number uint64 // the higher one of the two is the newer
	data   []byte
}

// update runs change on a ledger's file. The shard is locked.
func (s *shard) update(name string, change func(*pacing.Ledger)) (err error) {
	file, err := os.OpenFile(filepath.Join(s.dir, name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("filebudget: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	before, ledger, err := readLedger(file)
	if err != nil {
		return err
	}
	change(&ledger)
	after, err := ledger.MarshalBinary()
	if err != nil || bytes.Equal(before.data, after) {
		return err
	}
	return write(file, record{before.number + 1, after})
}

// readFile reads a ledger without locking it for a change.
func readFile(path string) (pacing.Ledger, error) {
	file, err := os.Open(path)
	if err != nil {
		return pacing.Ledger{}, fmt.Errorf("filebudget: %w", err)
	}
	defer file.Close()
	_, ledger, err := readLedger(file)
	return ledger, err
}

// readLedger finds the newer of the two records that holds a ledger. Without
// one the ledger is empty, which is better than an account that can never be
// called again.
func readLedger(file io.ReaderAt) (newest record, ledger pacing.Ledger, err error) {
	var pages [2 * pageSize]byte
	n, err := file.ReadAt(pages[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return record{}, pacing.Ledger{}, fmt.Errorf("filebudget: %w", err)
	}
	for _, page := range [][]byte{pages[:min(n, pageSize)], pages[min(n, pageSize):n]} {
		r, ok := parse(page)
		if !ok || r.number < newest.number {
			continue
		}
		var candidate pacing.Ledger
		if candidate.UnmarshalBinary(r.data) == nil {
			newest, ledger = r, candidate
		}
	}
	newest.data = bytes.Clone(newest.data)
	return newest, ledger, nil
}

func parse(page []byte) (record, bool) {
	if len(page) < headerSize+sumSize {
		return record{}, false
	}
	size := binary.LittleEndian.Uint32(page[8:])
	if size > uint32(len(page)-headerSize-sumSize) {
		return record{}, false
	}
	body, sum := page[:headerSize+size], page[headerSize+size:]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(sum) {
		return record{}, false
	}
	return record{binary.LittleEndian.Uint64(page), body[headerSize:]}, true
}

// write puts a record where the older of the two is.
func write(file io.WriterAt, r record) error {
	page := make([]byte, 0, headerSize+len(r.data)+sumSize)
	page = binary.LittleEndian.AppendUint64(page, r.number)
	page = binary.LittleEndian.AppendUint32(page, uint32(len(r.data)))
	page = append(page, r.data...)
	page = binary.LittleEndian.AppendUint32(page, crc32.ChecksumIEEE(page))
	if len(page) > pageSize {
		return fmt.Errorf("filebudget: a ledger of %d bytes is too large", len(r.data))
	}
	if _, err := file.WriteAt(page, int64(r.number%2)*pageSize); err != nil {
		return fmt.Errorf("filebudget: %w", err)
	}
	return nil
}
