package mediafile

import "encoding/binary"

// walkGIF follows the blocks to the trailer, counting frames and their delays as
// browsers do: one under 20 ms lasts 100 ms.
func walkGIF(src source, h *Header) error {
	b, err := src.small(0, 13)
	if err != nil {
		return err
	}
	h.grow(int64(binary.LittleEndian.Uint16(b[6:])), int64(binary.LittleEndian.Uint16(b[8:])))
	h.Frames = 0
	at := 13 + colourTable(b[10])
	delay := int64(100)
	for {
		b, err := src.small(at, 1)
		if err != nil {
			return err
		}
		switch b[0] {
		case 0x3b:
			if h.Frames == 0 {
				return errBroken
			}
			h.End = at + 1
			return nil
		case 0x21:
			if at, delay, err = gifExtension(src, h, at, delay); err != nil {
				return err
			}
		case 0x2c:
			if at, err = gifFrame(src, h, at); err != nil {
				return err
			}
			h.Frames++
			h.DurationMS += delay
			delay = 100
		default:
			return errBroken
		}
	}
}

func colourTable(packed byte) int64 {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

func gifExtension(src source, h *Header, at, delay int64) (next, newDelay int64, err error) {
	b, err := src.small(at, 3)
	if err != nil {
		return 0, 0, err
	}
	label := b[1]
	if label == 0xf9 && b[2] >= 4 {
		if b, err = src.small(at+3, 4); err != nil {
			return 0, 0, err
		}
		if delay = int64(binary.LittleEndian.Uint16(b[1:])) * 10; delay < 20 {
			delay = 100
		}
	}
	h.Traces = h.Traces || label == 0xfe || label == 0xff
	next, err = gifBlocks(src, at+2)
	return next, delay, err
}

func gifFrame(src source, h *Header, at int64) (next int64, err error) {
	b, err := src.small(at, 10)
	if err != nil {
		return 0, err
	}
	u16 := func(i int) int64 { return int64(binary.LittleEndian.Uint16(b[i:])) }
	h.grow(u16(1)+u16(5), u16(3)+u16(7))
	// The byte after the table is the code size of the compressed pixels.
	return gifBlocks(src, at+10+colourTable(b[9])+1)
}

// gifBlocks steps over data blocks up to the empty one.
func gifBlocks(src source, at int64) (next int64, err error) {
	for {
		b, err := src.small(at, 1)
		if err != nil {
			return 0, err
		}
		at += 1 + int64(b[0])
		if b[0] == 0 {
			return at, nil
		}
	}
}
