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

	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

// The file of a quota has two records, each in its own page. A change overwrites
// the older one. If a process is killed while it writes, the other record is
// whole. This is much faster than to rename a new file over the old one, because
// some file systems write to the disk then.
//
// A record has a number, the length of the data, the data (the encoded quota), and
// a checksum of all that.
const (
	pageSize   = 4096
	headerSize = 8 + 4
	sumSize    = 4
)

// record is one of the two records of a file.
type record struct {
	number uint64 // the record with the higher number is the newer one
	data   []byte
}

// update runs change on the quota in a file. The shard must be locked.
func (s *shard) update(name string, change func(*pacing.Quota)) (err error) {
	file, err := os.OpenFile(filepath.Join(s.dir, name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDirectory, err)
	}
	defer func() {
		if e := file.Close(); err == nil && e != nil {
			err = fmt.Errorf("%w: %w", ErrDirectory, e)
		}
	}()
	before, quota, err := readQuota(file)
	if err != nil {
		return err
	}
	change(&quota)
	after, err := quota.MarshalBinary()
	if err != nil || bytes.Equal(before.data, after) {
		return err
	}
	return write(file, record{before.number + 1, after})
}

// readFile reads a quota without changing it. The shard must be locked.
func readFile(path string) (pacing.Quota, error) {
	file, err := os.Open(path)
	if err != nil {
		return pacing.Quota{}, fmt.Errorf("%w: %w", ErrDirectory, err)
	}
	defer file.Close()
	_, quota, err := readQuota(file)
	return quota, err
}

// readQuota returns the newer of the two records that hold a quota. If neither
// does, the quota is unused. An error would mean that the account can never be
// called again.
func readQuota(file io.ReaderAt) (newest record, quota pacing.Quota, err error) {
	var pages [2 * pageSize]byte
	n, err := file.ReadAt(pages[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return record{}, pacing.Quota{}, fmt.Errorf("%w: %w", ErrDirectory, err)
	}
	for _, page := range [][]byte{pages[:min(n, pageSize)], pages[min(n, pageSize):n]} {
		r, ok := parse(page)
		if !ok || r.number < newest.number {
			continue
		}
		var candidate pacing.Quota
		if candidate.UnmarshalBinary(r.data) == nil {
			newest, quota = r, candidate
		}
	}
	newest.data = bytes.Clone(newest.data)
	return newest, quota, nil
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

// write overwrites the older record.
func write(file io.WriterAt, r record) error {
	page := make([]byte, 0, headerSize+len(r.data)+sumSize)
	page = binary.LittleEndian.AppendUint64(page, r.number)
	page = binary.LittleEndian.AppendUint32(page, uint32(len(r.data)))
	page = append(page, r.data...)
	page = binary.LittleEndian.AppendUint32(page, crc32.ChecksumIEEE(page))
	if len(page) > pageSize {
		return fmt.Errorf("%w: a quota of %d bytes is too large for its page", ErrDirectory, len(r.data))
	}
	if _, err := file.WriteAt(page, int64(r.number%2)*pageSize); err != nil {
		return fmt.Errorf("%w: %w", ErrDirectory, err)
	}
	return nil
}
