package imaging

// heifHeader reads what an HEIC or AVIF file declares.
func heifHeader(f format, data []byte) header { return header{orientation: 1} }
