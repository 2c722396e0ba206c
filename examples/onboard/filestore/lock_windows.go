package filestore

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

// The flags of LockFileEx, and what it answers when another process has the lock.
const (
	failImmediately = 0x1
	exclusive       = 0x2
	lockViolation   = syscall.Errno(33)
)

// lockFile takes the lock, or returns ErrLocked at once. Windows
// releases the lock when the process ends, however it ends.
func lockFile(file *os.File) error {
	lock := syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")
	var at syscall.Overlapped
	done, _, err := lock.Call(file.Fd(), exclusive|failImmediately, 0, 1, 0, uintptr(unsafe.Pointer(&at)))
	switch {
	case done != 0:
		return nil
	case errors.Is(err, lockViolation):
		return ErrLocked
	}
	return err
}
