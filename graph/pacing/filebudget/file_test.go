package filebudget

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/graph/pacing"
)

// memory is a file in memory.
type memory []byte

func (m *memory) ReadAt(p []byte, off int64) (int, error) { return bytes.NewReader(*m).ReadAt(p, off) }

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	if need := int(off) + len(p); need > len(*m) {
		*m = append(*m, make([]byte, need-len(*m))...)
	}
	return copy((*m)[off:], p), nil
}

var _ io.WriterAt = (*memory)(nil)

// FuzzFile reads a quota from any bytes, writes one after it, and reads that.
func FuzzFile(f *testing.F) {
	quota, err := new(pacing.Quota).MarshalBinary()
	require.NoError(f, err)
	var whole memory
	for number := range uint64(2) {
		require.NoError(f, write(&whole, record{number + 1, quota}))
		f.Add([]byte(whole))
	}
	f.Add([]byte(whole[:pageSize+9]))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		file := memory(bytes.Clone(data))
		before, found, err := readQuota(&file)
		require.NoError(t, err)
		if before.number == 0 {
			require.Equal(t, pacing.Quota{}, found)
		}
		require.NoError(t, write(&file, record{before.number + 1, quota}))
		after, _, err := readQuota(&file)
		require.NoError(t, err)
		if before.number < ^uint64(0) {
			require.Equal(t, before.number+1, after.number)
			require.Equal(t, quota, after.data)
		}
	})
}

// TestWrite_TooLarge checks that a quota that is too large is refused. It would
// overwrite the other record.
func TestWrite_TooLarge(t *testing.T) {
	var file memory
	require.ErrorContains(t, write(&file, record{1, make([]byte, pageSize)}), "too large")
	require.Empty(t, file)
}
