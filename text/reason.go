package text

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"syscall"
)

// Reason says in both languages why the system did not do what was asked: a
// clause to stand in a sentence or in brackets. The system itself speaks
// English; what is not known here is a number in Chinese.
func Reason(err error) Text {
	for _, known := range []struct {
		is error
		Text
	}{
		{fs.ErrNotExist, Text{EN: "it is not there", ZH: "不存在"}},
		{fs.ErrPermission, Text{EN: "permission denied", ZH: "没有权限"}},
		{fs.ErrExist, Text{EN: "it exists already", ZH: "已存在"}},
		{syscall.EISDIR, Text{EN: "it is a folder", ZH: "是文件夹"}},
		{syscall.ENOTDIR, Text{EN: "a part of the path is no folder", ZH: "路径中有一段不是文件夹"}},
		{syscall.ENOSPC, Text{EN: "no space left on the disk", ZH: "磁盘空间不足"}},
		{syscall.EROFS, Text{EN: "the disk is read-only", ZH: "磁盘为只读"}},
		{syscall.EIO, Text{EN: "the disk reports an error", ZH: "磁盘读写出错"}},
		{syscall.EMFILE, Text{EN: "too many files are open", ZH: "打开的文件过多"}},
		{io.ErrUnexpectedEOF, Text{EN: "it ends too early", ZH: "内容提前结束"}},
		{context.Canceled, Text{EN: "it was cancelled", ZH: "已取消"}},
		{context.DeadlineExceeded, Text{EN: "it took too long", ZH: "超时"}},
	} {
		if errors.Is(err, known.is) {
			return known.Text
		}
	}
	en := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		en = path.Err.Error() // whoever asks has named the file already
	}
	var no syscall.Errno
	if errors.As(err, &no) {
		return Text{EN: en, ZH: "系统错误 " + strconv.Itoa(int(no))}
	}
	return Text{EN: en, ZH: "原因不明"}
}
