// Package mediatool inspects untrusted photos and films and makes renditions of
// them. It knows no context and no database: files in, files out.
//
// # Walls
//
// An uploaded file passes four walls, cheapest first:
//
//  1. mediafile.Sniff looks at its bytes, never at its name, and refuses
//     everything that is not one of nine formats with a sentence that a person understands.
//  2. mediafile.ReadHeader walks the file's structure in Go, which cannot be
//     overrun: the size in pixels is known, and bombs are refused, before anything decodes.
//     The same walk finds where the picture ends and what is appended to it.
//  3. Inspect lets libvips or ffmpeg read the whole file in a process of its
//     own, with limits on time, memory, CPU, files and size of output, without
//     standard input, without a network protocol, in a process group that is
//     killed as one, and that dies with this process.
//  4. Only re-encoded pixels are served, each rendition read back first.
//     No byte of the original, no metadata and nothing that was hidden beside
//     the picture reaches a rendition.
//
// # Polyglots
//
// Trailing data as such is accepted: phones append depth maps, second pictures
// and short films to sound JPEGs, and wall 4 drops them. Refused is a file that
// another program would open as something else: one whose head also begins a
// PDF or a script, one that ends in a working ZIP directory, one with an archive,
// a program, a PDF or a page appended, and one with markup that runs in a
// browser or on a server anywhere in its bytes.
//
// # Animation
//
// A GIF of more than one frame that plays for at most 60 seconds is a film
// (KindVideo, Animated); every other GIF is a picture of its first frame. WebP,
// PNG and AVIF animations are pictures of their first frame, because ffmpeg of
// Debian 12 cannot decode the first of them.
//
// # Decoders
//
// VIPS_BLOCK_UNTRUSTED is always set. Debian 12's libvips 8.14 leaves the
// loaders of JPEG, PNG, WebP, GIF and HEIF (HEIC and AVIF) open under it, so no
// exception is needed; SVG, PDF, ImageMagick and RAW stay shut. TIFF
// stays open, but Sniff lets none through, and Inspect refuses a file that
// libvips opens with another loader than the sniffed format's.
//
// # Errors
//
// A file that is refused is fault.Invalid: its message is for the person who
// uploaded it, and trying again cannot help. A tool that is missing, killed for
// time or lacking something of the machine's is fault.Unavailable: try again
// later. An ended context is fault.Unavailable with the context's error as its
// cause.
package mediatool
